import type { Ctx } from '../../src/context.js';
import type { Attempt, AttemptOutcome, Delivery, DeliveryState } from '../../src/delivery/delivery.model.js';
import { TEST_KIND } from '../../src/delivery/notices/send-test.js';
import type { Channel } from '../../src/kernel/channels.js';
import { instantAt, localDateOf } from '../../src/kernel/local-date.js';

/** What a channel did today (Vietnamese day). Each number includes the next: what was seen was delivered and sent. */
export interface Today {
  sent: number;
  delivered: number;
  seen: number;
  failed: number;
}

interface Counted {
  _id: { channel: Channel; state: DeliveryState };
  n: number;
}

const DAY_MS = 86_400_000;
const FAILED_ATTEMPTS: readonly AttemptOutcome[] = ['retry', 'down', 'paused', 'unreachable', 'rejected', 'unknown'];
/** Rows with a failure looked at, newest first. */
const LOOKED_AT = 200;

/** Two questions, both answered from an index: what providers took today, and what ended today without success. */
export async function countToday(ctx: Ctx): Promise<Map<Channel, Today>> {
  const since = instantAt(localDateOf(ctx.clock.now()), '00:00');
  const group = { $group: { _id: { channel: '$channel', state: '$state' }, n: { $sum: 1 } } };
  const [taken, ended] = await Promise.all([
    ctx.db.Delivery.aggregate<Counted>([{ $match: { acceptedAt: { $gte: since } } }, group]),
    ctx.db.Delivery.aggregate<Counted>([{ $match: { state: { $in: ['dead', 'unknown'] }, finishedAt: { $gte: since }, channel: { $ne: null } } }, group]),
  ]);
  const all = new Map<Channel, Today>();
  const of = (channel: Channel): Today => {
    const known = all.get(channel) ?? { sent: 0, delivered: 0, seen: 0, failed: 0 };
    all.set(channel, known);
    return known;
  };
  for (const { _id, n } of taken) {
    const today = of(_id.channel);
    today.sent += n;
    if (_id.state !== 'accepted') today.delivered += n;
    if (_id.state === 'seen' || _id.state === 'acknowledged') today.seen += n;
  }
  for (const { _id, n } of ended) of(_id.channel).failed += n;
  return all;
}

/** The newest failure of each channel within a day. */
export async function lastErrors(ctx: Ctx): Promise<Map<Channel, Attempt>> {
  const since = new Date(ctx.clock.now().getTime() - DAY_MS);
  const rows = await ctx.db.Delivery.find({ createdAt: { $gte: since }, 'attempts.outcome': { $in: FAILED_ATTEMPTS } } as never, { attempts: 1 }).sort({ createdAt: -1 }).limit(LOOKED_AT).lean<Pick<Delivery, 'attempts'>[]>().exec();
  const newest = new Map<Channel, Attempt>();
  for (const attempt of rows.flatMap((row) => row.attempts)) {
    if (!attempt.channel || !FAILED_ATTEMPTS.includes(attempt.outcome)) continue;
    const known = newest.get(attempt.channel);
    if (!known || known.at < attempt.at) newest.set(attempt.channel, attempt);
  }
  return newest;
}

/** Of each channel the newest message that ended without success within a day, where no attempt of its own tells why: a provider may say so only later. */
export async function lastEndings(ctx: Ctx): Promise<Map<Channel, { at: Date; reason: string | null; state: DeliveryState }>> {
  const since = new Date(ctx.clock.now().getTime() - DAY_MS);
  const rows = await ctx.db.Delivery.find({ state: { $in: ['dead', 'unknown'] }, finishedAt: { $gte: since }, channel: { $ne: null } } as never, { channel: 1, finishedAt: 1, reason: 1, state: 1 }).sort({ finishedAt: -1 }).limit(LOOKED_AT).lean<Pick<Delivery, 'channel' | 'finishedAt' | 'reason' | 'state'>[]>().exec();
  return new Map(rows.reverse().flatMap(({ channel, finishedAt, reason, state }) => (channel && finishedAt ? [[channel, { at: finishedAt, reason, state }] as const] : [])));
}

/** What became of this person's newest test on each channel, within a day. */
export async function lastTests(ctx: Ctx, personId: string | null): Promise<Map<string, Delivery>> {
  if (!personId) return new Map();
  const since = new Date(ctx.clock.now().getTime() - DAY_MS);
  const rows = await ctx.db.Delivery.find({ personId, createdAt: { $gte: since }, kind: TEST_KIND } as never).sort({ createdAt: 1 }).lean<Delivery[]>().exec();
  return new Map(rows.flatMap((row) => (row.chat ? [[row.chat.channel, row] as const] : [])));
}
