import type { Ctx } from '../../context.js';
import { officeStaff } from '../../people/receivers.js';
import type { Delivery } from '../delivery.model.js';
import { keys } from '../keys.js';
import { noticeKinds } from './notice-kinds.js';
import { tellAllUndelivered } from './tell-office.js';

/** So long an urgent matter may wait for a way to its person before the office is told to call. */
const HELD_UP_MS = 5 * 60_000;
const AT_ONCE = 200;

/** Urgent matters that no channel has taken yet, for whatever reason: an outage, a rest, a refusal, a full limit. Told once each, with whom to call. */
export async function tellHeldUp(ctx: Ctx): Promise<void> {
  const [someone] = await officeStaff(ctx);
  if (!someone) return;
  const tried = [{ waitsFor: { $ne: null } }, { 'attempts.0': { $exists: true } }];
  const waiting = { state: { $in: ['planned', 'claimed', 'unknown'] as const }, reason: null, digestKey: null, lane: 'urgent' as const, chat: null, createdAt: { $lte: new Date(ctx.clock.now().getTime() - HELD_UP_MS) }, kind: { $nin: [...noticeKinds] }, $or: tried };
  const noticeOf = (row: Delivery): string => keys.forPerson(keys.deliveryDead(row.key), String(someone._id));
  for (let after: Delivery['_id'] | null = null; ; ) {
    const rows: Delivery[] = await ctx.db.Delivery.find({ ...waiting, ...(after ? { _id: { $gt: after } } : {}) }).sort({ _id: 1 }).limit(AT_ONCE).lean<Delivery[]>();
    const told = new Set((await ctx.db.Delivery.find({ key: { $in: rows.map(noticeOf) } }, { key: 1 }).limit(AT_ONCE).lean<Pick<Delivery, 'key'>[]>()).map(({ key }) => key));
    await tellAllUndelivered(ctx, rows.filter((row) => !told.has(noticeOf(row))).map((delivery) => ({ delivery, reason: 'channels-down' })));
    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)?._id ?? null;
  }
}
