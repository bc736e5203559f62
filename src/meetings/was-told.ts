import type { Ctx } from '../context.js';
import type { Delivery } from '../delivery/delivery.model.js';
import { mayHaveArrived } from '../delivery/delivery-states.js';

/** Messages that tell of a meeting. */
export const tellingKinds = ['meeting-alert', 'meeting-postponed'] as const;

/**
 * Does this person, or this agency's mailbox, know of the meeting (of this version, or of any)? From the ledger, not from the plan: what never left needs no
 * correction. "in-the-air": a worker has it in hand, nobody can say yet.
 */
export async function wasTold(ctx: Ctx, who: { meetingCode: string; personId: unknown; agencyCode?: unknown; version?: number; except?: unknown }): Promise<'yes' | 'no' | 'in-the-air'> {
  const messages = await ctx.db.Delivery.find(
    {
      meetingCode: who.meetingCode,
      ...(who.agencyCode ? { 'data.agencyCode': who.agencyCode } : { personId: who.personId as never }),
      kind: { $in: [...tellingKinds] },
      ...(who.version ? { 'data.version': who.version } : {}),
      ...(who.except ? { _id: { $ne: who.except as never } } : {}),
    },
    { state: 1, attempts: 1, reason: 1, digestKey: 1 },
  ).lean<Pick<Delivery, 'state' | 'attempts' | 'reason' | 'digestKey'>[]>();
  const carriers = messages.flatMap(({ state, digestKey }) => (state === 'planned' && digestKey ? [digestKey] : []));
  // Inside a digest it is told when the digest is.
  if (carriers.length > 0) messages.push(...(await ctx.db.Delivery.find({ key: { $in: carriers } }, { state: 1, attempts: 1, reason: 1, digestKey: 1 }).lean<typeof messages>()));
  if (messages.some((message) => message.state === 'claimed' || message.state === 'sending')) return 'in-the-air';
  return messages.some(mayHaveArrived) ? 'yes' : 'no';
}
