import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import type { ReceiptKind } from '../channel-module.js';
import type { Channel } from '../../kernel/channels.js';
import type { Delivery } from '../delivery.model.js';
import { comesFrom } from '../delivery-states.js';

/** What a provider tells about a message it took before. */
export interface Receipt {
  channel: Channel;
  providerId: string;
  what: ReceiptKind;
  at: Date;
  /** Why it failed, in the provider's code. */
  code?: string;
}

/** A receipt for a message nobody knows yet is kept so long. */
const KEPT_MS = 24 * 3_600_000;
const FIRST = 'receipt:';
const PAGES = 5;
const AT_ONCE = 200;

/**
 * Records a receipt; nothing moves backwards. A receipt may overtake our own record of the sending: it is kept in State
 * and applied by the next drain.
 */
export async function recordReceipt(ctx: Ctx, receipt: Receipt): Promise<void> {
  if (await apply(ctx, receipt)) return;
  await keepEarly(ctx, receipt);
  // Our own record may have been written between the look and the keeping.
  if (await apply(ctx, receipt)) await ctx.db.State.deleteOne({ _id: idOf(receipt) });
}

/** Where the last look at early receipts ended; the next goes on from there. */
const placeOf = new WeakMap<object, string>();

/**
 * Applies receipts that came before the record of their message; drops those nobody asks for. Some thousand at once, and the
 * next time the others: those of messages that were not ours, such as a colleague's answer in the OA's own page, come by the
 * hundred. Returns how many fitted.
 */
export async function applyEarlyReceipts(ctx: Ctx): Promise<number> {
  let applied = 0;
  for (let page = 0; page < PAGES; page++) {
    const after = placeOf.get(ctx.db.State) ?? FIRST;
    const waiting = await ctx.db.State.find({ _id: { $gt: after, $lt: 'receipt;' } }).sort({ _id: 1 }).limit(AT_ONCE).lean();
    const full = waiting.length === AT_ONCE;
    placeOf.set(ctx.db.State, full ? String(waiting.at(-1)?._id) : FIRST);
    applied += await applyThose(ctx, waiting.map(({ _id, value, updatedAt }) => ({ _id: String(_id), receipt: value as Receipt, updatedAt })));
    if (!full) break;
  }
  return applied;
}

async function applyThose(ctx: Ctx, waiting: readonly { _id: string; receipt: Receipt; updatedAt: Date }[]): Promise<number> {
  if (waiting.length === 0) return 0;
  const old = ctx.clock.now().getTime() - KEPT_MS;
  const ids = { channel: { $in: [...new Set(waiting.map(({ receipt }) => receipt.channel))] }, providerId: { $in: waiting.map(({ receipt }) => receipt.providerId) } };
  const known = new Set((await ctx.db.Delivery.find(ids, { providerId: 1 }).limit(AT_ONCE * 5).lean<Pick<Delivery, 'providerId'>[]>()).map(({ providerId }) => providerId));
  let applied = 0;
  for (const { _id, receipt, updatedAt } of waiting) {
    const fits = known.has(receipt.providerId) && (await apply(ctx, receipt));
    if (fits) applied++;
    if (fits || updatedAt.getTime() < old) await ctx.db.State.deleteOne({ _id });
  }
  return applied;
}

/**
 * False: no message of that id is known. Asked before anything is written: a record that is made meanwhile must not look like
 * one that this receipt had nothing more to tell.
 */
async function apply(ctx: Ctx, receipt: Receipt): Promise<boolean> {
  const { channel, providerId, what, at } = receipt;
  // Providers count from the beginning again some day: the newest is meant.
  const newest = await ctx.db.Delivery.findOne({ channel, providerId }, { _id: 1 }).sort({ acceptedAt: -1 }).lean();
  if (newest === null) return false;
  const message = { _id: newest._id, channel, providerId };
  if (what === 'failed') {
    await applyFailure(ctx, receipt, message);
    return true;
  }
  const field = what === 'delivered' ? 'deliveredAt' : 'seenAt';
  const moved = await ctx.db.Delivery.updateOne({ ...message, state: comesFrom(what) }, { $set: { state: what, [field]: at, unsealed: true }, $inc: { rev: 1 } });
  if (moved.matchedCount > 0) return true;
  // It has come further already: only the missing time is filled in.
  await ctx.db.Delivery.updateOne({ ...message, state: { $ne: 'accepted' }, [field]: null }, { $set: { [field]: at, unsealed: true }, $inc: { rev: 1 } });
  return true;
}

/**
 * The provider took it and could not deliver it: dead, and the next channel's turn at once. What has arrived by its own word
 * stays so, and saying it twice changes nothing.
 */
async function applyFailure(ctx: Ctx, { code }: Receipt, message: Pick<Delivery, '_id' | 'channel' | 'providerId'>): Promise<void> {
  const now = ctx.clock.now();
  const failed = await ctx.db.Delivery.updateOne(
    { ...message, state: { $in: ['accepted', 'unknown'] }, acknowledgedAt: null },
    { $set: { state: 'dead', reason: 'undelivered', finishedAt: now, silentAt: now, unsealed: true, 'attempts.$[taken].code': code ?? 'undelivered' }, $inc: { rev: 1 } },
    { arrayFilters: [{ 'taken.outcome': 'accepted' }] },
  );
  if (failed.matchedCount > 0) ctx.wake('followups');
}

const idOf = ({ channel, providerId, what }: Receipt): string => `receipt:${channel}:${what}:${providerId}`;

async function keepEarly(ctx: Ctx, receipt: Receipt): Promise<void> {
  try {
    await ctx.db.State.create({ _id: idOf(receipt), value: receipt, updatedAt: ctx.clock.now() });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
