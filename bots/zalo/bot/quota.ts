import type { Ctx } from '../../../src/context.js';
import { localDateOf } from '../../../src/kernel/local-date.js';

/** Limits of the free "Basic" bot, as its documents give them; the paid ones are announced only. */
export const MONTHLY_MESSAGES = 3_000;
export const MOST_USERS = 50;

/** What the bot has used up; `month` is "2026-11" in Asia/Ho_Chi_Minh. */
export interface BotUse {
  month: string;
  sent: number;
  sentLimit: number;
  /** Chats that ever wrote to the bot: also those whose letters are forgotten by now, as long as they are linked. */
  users: number;
  userLimit: number;
}

/** True where somebody should think of what comes after the free bot. */
export const isNearlyUsedUp = (use: BotUse): boolean => use.sent >= use.sentLimit * 0.9 || use.users >= use.userLimit * 0.9;

const monthOf = (now: Date): string => localDateOf(now).slice(0, 7);
const idOf = (month: string): string => `zalo-bot:month:${month}`;

/** One message more this month. Counts what the platform accepted, over all instances. */
export async function countSent(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.State.updateOne({ _id: idOf(monthOf(now)) }, { $inc: { 'value.sent': 1 }, $set: { updatedAt: now } }, { upsert: true });
}

/** For the back office, and to understand a 429. */
export async function botUse(ctx: Ctx): Promise<BotUse> {
  const month = monthOf(ctx.clock.now());
  const [record, wrote, linked] = await Promise.all([
    ctx.db.State.findById(idOf(month)).lean(),
    ctx.db.Inbound.distinct('chatId', { channel: 'zalo-bot' }),
    ctx.db.ChatLink.distinct('chatId', { channel: 'zalo-bot' }),
  ]);
  const sent = (record?.value as { sent?: number } | undefined)?.sent ?? 0;
  return { month, sent, sentLimit: MONTHLY_MESSAGES, users: new Set([...wrote, ...linked]).size, userLimit: MOST_USERS };
}
