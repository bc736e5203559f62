import type { Ctx } from '../../context.js';
import { comesFrom } from '../delivery-states.js';

/** The matter a person confirmed; `kinds`: only these kinds of message are meant, else all but answers. */
export interface Acknowledged {
  meetingCode?: string;
  taskCode?: string;
  personId: string;
  /** Id of the attendee of a meeting who is confirmed, by themselves or by `personId`: only messages about that place, whoever got them. */
  place?: string;
  kinds?: readonly string[];
  /** Only messages of this version (`data.version`): a change that follows is not confirmed yet. */
  version?: number;
  /** Only messages planned until then: a repeat of the confirmation must not confirm what came later. */
  until?: Date;
}

/**
 * A person confirmed a matter: what went out counts as acknowledged, what still waits is suppressed, and a call under way
 * counts as acknowledged when it ends. Repeating it changes nothing.
 */
export async function markAcknowledged(ctx: Ctx, what: Acknowledged): Promise<void> {
  const { meetingCode, taskCode, personId } = what;
  if (!meetingCode && !taskCode) return;
  const now = ctx.clock.now();
  const kind = what.kinds ? { $in: [...what.kinds] } : { $ne: 'reply' };
  const theirs = { ...(what.place ? aboutPlace(what.place, personId) : { personId }), kind, ...(meetingCode ? { meetingCode } : {}), ...(taskCode ? { taskCode } : {}), ...(what.version ? { 'data.version': what.version } : {}), ...(what.until ? { createdAt: { $lte: what.until } } : {}) };
  // The mark comes first and on every live row: a worker that has one in hand sees it before its call and when it settles.
  await ctx.db.Delivery.updateMany({ ...theirs, acknowledgedAt: null, state: { $nin: ['suppressed', 'expired', 'dead'] } }, { $set: { acknowledgedAt: now, unsealed: true }, $inc: { rev: 1 } });
  const marked = { ...theirs, acknowledgedAt: { $ne: null } };
  // A copy that may have arrived was confirmed with the others; it must not be repeated.
  await ctx.db.Delivery.updateMany({ ...marked, state: comesFrom('acknowledged') }, { $set: { state: 'acknowledged', unsealed: true }, $inc: { rev: 1 } });
  await ctx.db.Delivery.updateMany({ ...marked, state: 'planned' }, { $set: { state: 'suppressed', reason: 'acknowledged', finishedAt: now, unsealed: true }, $inc: { rev: 1 } });
}

/** Messages to that person for themselves, and to others in their place; a deputy called in is told of changes without being asked. */
const aboutPlace = (place: string, by: string) => ({
  $or: [{ personId: place, behalfOf: null, 'data.forPersonId': null }, { behalfOf: place }, { 'data.forPersonId': place }, { personId: by, 'data.deputy': true }],
});
