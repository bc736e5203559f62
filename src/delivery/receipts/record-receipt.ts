import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import type { ReceiptKind } from '../channel-module.js';
import type { Channel } from '../../kernel/channels.js';
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

/** Applies receipts that came before the record of their message; drops those nobody asks for. Returns how many fitted. */
export async function applyEarlyReceipts(ctx: Ctx): Promise<number> {
  const waiting = await ctx.db.State.find({ _id: { $gte: 'receipt:', $lt: 'receipt;' } }).limit(AT_ONCE).lean();
  if (waiting.length === 0) return 0;
  const old = ctx.clock.now().getTime() - KEPT_MS;
  let applied = 0;
  for (const { _id, value, updatedAt } of waiting) {
    const fits = await apply(ctx, value as Receipt);
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
  const message = { channel, providerId };
  if ((await ctx.db.Delivery.exists(message)) === null) return false;
  if (what === 'failed') {
    await applyFailure(ctx, receipt);
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
async function applyFailure(ctx: Ctx, { channel, providerId, code }: Receipt): Promise<void> {
  const now = ctx.clock.now();
  const failed = await ctx.db.Delivery.updateOne(
    { channel, providerId, state: { $in: ['accepted', 'unknown'] }, acknowledgedAt: null },
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
