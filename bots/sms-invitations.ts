import type { Ctx } from '../src/context.js';
import { mayHaveArrived } from '../src/delivery/delivery-states.js';
import type { Delivery } from '../src/delivery/delivery.model.js';
import { openStages } from '../src/directives/task.model.js';
import type { Meeting } from '../src/meetings/meeting.model.js';
import { placeOf, tellingKinds } from '../src/meetings/was-told.js';
import type { Holders } from './sms-holders.js';

/** A meeting whose invitation went to this number by SMS and may still be answered. */
export interface Invitation {
  meeting: Meeting;
  /** Of the latest SMS. */
  version: number;
  /** Attendees the SMS were about. */
  places: string[];
}

const AFTER_START_MS = 2 * 3_600_000;
const RECENT_MS = 60 * 86_400_000;

/** The invitations sent to this number by SMS that may still be answered, soonest first. */
export async function smsInvitations(ctx: Ctx, { phone, people }: Holders): Promise<Invitation[]> {
  const ids = people.map(({ _id }) => _id);
  const since = new Date(ctx.clock.now().getTime() - RECENT_MS);
  const sent = await ctx.db.Delivery.find({ personId: { $in: ids }, createdAt: { $gte: since }, kind: { $in: [...tellingKinds] }, channel: 'sms', to: phone }).sort({ createdAt: 1, _id: 1 }).lean<Delivery[]>();
  const arrived = sent.filter((delivery) => mayHaveArrived(delivery) && delivery.data['deputy'] !== true);
  const codes = [...new Set(arrived.flatMap(({ meetingCode }) => meetingCode ?? []))];
  const open = { code: { $in: codes }, status: { $ne: 'cancelled' as const }, startsAt: { $gte: new Date(ctx.clock.now().getTime() - AFTER_START_MS) } };
  const meetings = await ctx.db.Meeting.find(open).sort({ startsAt: 1, _id: 1 }).lean<Meeting[]>();
  return meetings.flatMap((meeting) => {
    const seated = new Set(meeting.attendees.map(({ personId }) => String(personId)));
    // Who was taken off the list has no invitation any more.
    const about = arrived.filter((delivery) => delivery.meetingCode === meeting.code && seated.has(placeOf(delivery)));
    return about.length > 0 ? [{ meeting, version: Number(about.at(-1)?.data['version'] ?? 0), places: [...new Set(about.map(placeOf))] }] : [];
  });
}

/** A task sent to this number by SMS that nobody has taken note of, and that is still to be done. */
export async function taskWaitsBySms(ctx: Ctx, { phone, people }: Holders): Promise<boolean> {
  const since = new Date(ctx.clock.now().getTime() - RECENT_MS);
  const codes = await ctx.db.Delivery.distinct('taskCode', { personId: { $in: people.map(({ _id }) => _id) }, createdAt: { $gte: since }, kind: 'task-assigned', channel: 'sms', to: phone, acknowledgedAt: null, taskCode: { $ne: null } });
  return codes.length > 0 && (await ctx.db.Task.exists({ code: { $in: codes as string[] }, stage: { $in: [...openStages] } })) !== null;
}
