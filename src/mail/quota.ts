import type { Ctx } from '../context.js';
import type { Quota } from '../delivery/channel-desk.js';
import { addDays, formatDay, instantAt, localDateOf } from '../kernel/local-date.js';
import { mailsToday } from '../texts/mail-texts.js';

const idOf = (day: string): string => `mail:day:${day}`;

/**
 * Takes one of the day's letters (MAIL_PER_DAY, midnight to midnight in Vietnam, over all instances). Null: it may go; else
 * milliseconds until midnight. A letter that fails afterwards stays counted: the provider may have counted it too.
 */
export async function takeLetter(ctx: Ctx): Promise<number | null> {
  const { MAIL_PER_DAY: total } = ctx.config;
  if (total === undefined) return null;
  const now = ctx.clock.now();
  const day = localDateOf(now);
  const used = await ctx.db.State.findOneAndUpdate({ _id: idOf(day) }, { $inc: { 'value.taken': 1 }, $set: { updatedAt: now } }, { upsert: true, returnDocument: 'after' }).lean();
  const taken = (used?.value as { taken?: number } | undefined)?.taken ?? 0;
  return taken <= total ? null : instantAt(addDays(day, 1), '00:00').getTime() - now.getTime();
}

/** For the page "Kênh"; empty where nothing is counted. */
export async function mailQuotas(ctx: Ctx): Promise<Quota[]> {
  const { MAIL_PER_DAY: total } = ctx.config;
  if (total === undefined) return [];
  const day = localDateOf(ctx.clock.now());
  const record = await ctx.db.State.findById(idOf(day)).lean();
  const taken = (record?.value as { taken?: number } | undefined)?.taken ?? 0;
  return [{ label: mailsToday(formatDay(day)), left: Math.max(0, total - taken), total }];
}
