import { z } from 'zod';
import { channels } from '../../src/kernel/channels.js';
import { addDays, instantAt } from '../../src/kernel/local-date.js';
import type { PersonFields } from '../../src/people/persons/person-fields.js';
import { normalisePhone } from '../../src/people/phone.js';
import { personRoles } from '../../src/people/person.model.js';
import { day, email, optionalId, optionalText, text } from './fields.js';
import { hoursFields, hoursOf, mustBeBoth, mustBeHours } from './hours-form.js';

const blank = (value: unknown): unknown => (value === '' ? undefined : value);
/** A number the house can write to, or none. */
export const phone = optionalText(30).refine((text) => !text || normalisePhone(text) !== undefined, 'không phải số điện thoại Việt Nam, ví dụ 0912 345 678');

const optionalDay = z.preprocess(blank, day.optional());

/** The form "Sửa thông tin cán bộ", as the use case wants it: what is left empty is taken away. */
export const personForm = z
  .object({
    rev: z.coerce.number().int().min(0),
    name: text(120),
    position: text(200),
    agencyCode: text(40),
    roles: z.array(z.enum(personRoles)).min(1, 'cần chọn vai trò'),
    phone,
    email,
    deputyId: optionalId,
    leaveFrom: optionalDay,
    leaveUntil: optionalDay,
    ...hoursFields,
    channelOrder: z.array(z.enum(channels)).max(channels.length).default([]),
  })
  .superRefine((form, context) => {
    mustBeBoth(context, [form.leaveFrom, form.leaveUntil], { paths: ['leaveFrom', 'leaveUntil'], message: 'cần nhập cả ngày đầu và ngày cuối' });
    mustBeHours(form, context);
    if (form.leaveFrom && form.leaveUntil && form.leaveUntil < form.leaveFrom) context.addIssue({ code: 'custom', path: ['leaveUntil'], message: 'ngày cuối không trước ngày đầu' });
  })
  .transform(({ rev, leaveFrom, leaveUntil, digestAt, quietFrom, quietTo, ...rest }): { rev: number; changes: PersonFields } => ({
    rev,
    changes: {
      ...rest,
      phone: rest.phone ?? null,
      email: rest.email ?? null,
      deputyId: rest.deputyId ?? null,
      // The last day is spent away too.
      leave: leaveFrom && leaveUntil ? { from: instantAt(leaveFrom, '00:00'), until: instantAt(addDays(leaveUntil, 1), '00:00') } : null,
      ...hoursOf({ digestAt, quietFrom, quietTo }),
    },
  }));
