import type { Ctx } from '../context.js';
import { GATHER } from '../delivery/digest/digest-keys.js';
import type { Meeting } from './meeting.model.js';
import { tellingKinds } from './was-told.js';

const AT_ONCE = 50;

/**
 * Messages of a meeting that wait and are about people who are not invited any more, to them or to whoever acts for them, end
 * with that reason. What a worker has in hand, and what travels in a digest already, is looked at again before it leaves
 * (meeting-messages.ts). `until`: what was planned since is for people invited anew. Repeating it changes nothing.
 */
export async function stopTelling(ctx: Ctx, what: { meetingCode: string; places: readonly string[]; until: Date }): Promise<void> {
  const places = [...what.places];
  if (places.length === 0) return;
  await ctx.db.Delivery.updateMany(
    {
      meetingCode: what.meetingCode, kind: { $in: [...tellingKinds, 'meeting-file', 'meeting-chair'] }, state: 'planned', createdAt: { $lte: what.until }, digestKey: { $in: [null, GATHER] }, alsoFor: null,
      $or: [{ personId: { $in: places }, behalfOf: null, 'data.forPersonId': null }, { behalfOf: { $in: places } }, { 'data.forPersonId': { $in: places } }],
    },
    { $set: { state: 'suppressed', reason: 'not-invited', finishedAt: ctx.clock.now(), unsealed: true }, $inc: { rev: 1 } },
  );
}

/**
 * Finishes what a change of the list began: whoever changed it may have died before stopping anything, and messages decided
 * before may have been planned since. Part of the tick "alerts"; a meeting whose intents are not relayed yet is for the next one.
 */
export async function stopRemoved(ctx: Ctx): Promise<void> {
  const until = ctx.clock.now();
  const open = await ctx.db.Meeting.find({ stopping: { $gt: '' } }, { code: 1, rev: 1, stopping: 1, intents: 1 }).limit(AT_ONCE).lean<Pick<Meeting, '_id' | 'code' | 'rev' | 'stopping' | 'intents'>[]>();
  for (const { _id, code, rev, stopping = [], intents } of open) {
    await stopTelling(ctx, { meetingCode: code, places: stopping, until });
    if (intents.length === 0) await ctx.db.Meeting.updateOne({ _id, rev }, { $set: { stopping: [] } });
  }
}
