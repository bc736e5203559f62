import type { z } from 'zod';
import type { HoursGiven } from '../../src/people/own-hours.js';
import { optionalTime } from './fields.js';

/** Own hours, of a person and of an agency's mailbox alike (components/hours-fields.tsx). */
export const hoursFields = { digestAt: optionalTime, quietFrom: optionalTime, quietTo: optionalTime };

/** Where the use case speaks of one field and the form has two. */
export const hoursShownAt = { quiet: 'quietTo' } as const;

interface HoursForm {
  digestAt?: string | undefined;
  quietFrom?: string | undefined;
  quietTo?: string | undefined;
}

/** Two fields that only mean something together: the empty one is told. */
export function mustBeBoth(context: z.RefinementCtx, [a, b]: readonly [unknown, unknown], { paths, message }: { paths: readonly [string, string]; message: string }): void {
  if (Boolean(a) !== Boolean(b)) context.addIssue({ code: 'custom', path: [a ? paths[1] : paths[0]], message });
}

/** Quiet hours have a beginning and another end. */
export function mustBeHours({ quietFrom, quietTo }: HoursForm, context: z.RefinementCtx): void {
  mustBeBoth(context, [quietFrom, quietTo], { paths: ['quietFrom', 'quietTo'], message: 'cần nhập cả giờ đầu và giờ cuối' });
  if (quietFrom && quietFrom === quietTo) context.addIssue({ code: 'custom', path: ['quietTo'], message: 'giờ đầu và giờ cuối phải khác nhau' });
}

/** As the use case wants them: what is left empty is taken away. */
export const hoursOf = ({ digestAt, quietFrom, quietTo }: HoursForm): HoursGiven => ({ digestAt: digestAt ?? null, quiet: quietFrom && quietTo ? { from: quietFrom, to: quietTo } : null });
