import type { Ctx } from '../../../src/context.js';
import { tellGrantEnding } from '../../../src/delivery/notices/tell-office.js';
import { formatDay, localDateOf } from '../../../src/kernel/local-date.js';
import type { Grant } from './grant.js';

const DAY_MS = 86_400_000;
/** Refresh tokens live three months; the shortest three months of a year are 89 days. */
export const GRANT_DAYS = 89;
/** Days before the end on which the office is told, once each. */
export const WARN_DAYS = [14, 7, 3, 1] as const;

/** A permission that ends soon. */
export interface Ending {
  /** The step that was reached: 14, 7, 3 or 1. */
  step: number;
  /** Whole days left, 0 on the last one and after. */
  daysLeft: number;
  endsAt: Date;
  words: string;
}

/** When the refresh token ends; null where its age is unknown. */
export function grantEnd({ issuedAt, obtainedAt }: Pick<Grant, 'issuedAt' | 'obtainedAt'>): Date | null {
  const from = issuedAt ?? obtainedAt;
  return from ? new Date(from.getTime() + GRANT_DAYS * DAY_MS) : null;
}

/** The warning due at `now`, or null while there is time. Every successful refresh starts the three months anew. */
export function endingAt(grant: Pick<Grant, 'issuedAt' | 'obtainedAt' | 'lost'>, now: Date): Ending | null {
  const endsAt = grantEnd(grant);
  if (!endsAt || grant.lost) return null;
  const left = endsAt.getTime() - now.getTime();
  const step = [...WARN_DAYS].reverse().find((days) => left <= days * DAY_MS);
  if (step === undefined) return null;
  const daysLeft = Math.max(0, Math.floor(left / DAY_MS));
  const words = `Zalo OA: quyền truy cập hết hạn ngày ${formatDay(localDateOf(endsAt))} (${daysLeft > 0 ? `còn ${daysLeft} ngày` : 'dưới một ngày'}), đề nghị quản trị OA cấp quyền lại ở trang Kênh.`;
  return { step, daysLeft, endsAt, words };
}

/** Tells the office once per step of the same permission. Returns what health shows meanwhile. */
export async function warnOfEnd(ctx: Ctx, grant: Grant): Promise<Ending | null> {
  const ending = endingAt(grant, ctx.clock.now());
  const issuedAt = grant.issuedAt ?? grant.obtainedAt;
  if (ending && issuedAt) await tellGrantEnding(ctx, { issuedAt, ...ending });
  return ending;
}
