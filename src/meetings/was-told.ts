import type { Ctx } from '../context.js';
import type { Delivery } from '../delivery/delivery.model.js';
import { mayHaveArrived } from '../delivery/delivery-states.js';

/** Messages that tell of a meeting. */
export const tellingKinds = ['meeting-alert', 'meeting-postponed'] as const;

/** The attendee a telling message is about: whom it was first meant for, wherever it went. */
export const placeOf = ({ behalfOf, data, personId }: Pick<Delivery, 'behalfOf' | 'data' | 'personId'>): string =>
  String(data['forPersonId'] ?? behalfOf ?? personId);

/** Whose knowledge of a meeting is asked for. `place`: only what was told about this attendee (an id). */
export interface Reached {
  meetingCode: string;
  personId: unknown;
  agencyCode?: unknown;
  version?: number;
  except?: unknown;
  place?: string;
}

export interface LastTold {
  told: 'yes' | 'no' | 'in-the-air';
  /** The newest version that reached them; 0 where none did. */
  version: number;
}

type Row = Pick<Delivery, 'state' | 'attempts' | 'reason' | 'digestKey' | 'personId' | 'behalfOf' | 'key'> & { data?: Delivery['data'] };
const fields = { key: 1, state: 1, attempts: 1, reason: 1, digestKey: 1, personId: 1, behalfOf: 1, data: 1 } as const;

/**
 * Does this person, or this agency's mailbox, know of the meeting (of this version, or of any)? From the ledger, not from the plan: what never left needs no
 * correction. "in-the-air": a worker has it in hand, nobody can say yet.
 */
export async function lastTold(ctx: Ctx, who: Reached): Promise<LastTold> {
  const found = await ctx.db.Delivery.find(
    {
      meetingCode: who.meetingCode,
      ...(who.agencyCode ? { 'data.agencyCode': who.agencyCode } : { personId: who.personId as never }),
      kind: { $in: [...tellingKinds] },
      ...(who.version ? { 'data.version': who.version } : {}),
      ...(who.except ? { _id: { $ne: who.except as never } } : {}),
    },
    fields,
  ).lean<Row[]>();
  const messages = who.place ? found.filter((row) => placeOf({ ...row, data: row.data ?? {} }) === who.place) : found;
  const carriers = messages.flatMap(({ state, digestKey }) => (state === 'planned' && digestKey ? [digestKey] : []));
  // Inside a digest it is told when the digest is.
  const digests = carriers.length > 0 ? await ctx.db.Delivery.find({ key: { $in: carriers } }, fields).lean<Row[]>() : [];
  if ([...messages, ...digests].some(({ state }) => state === 'claimed' || state === 'sending')) return { told: 'in-the-air', version: 0 };
  const carried = new Set(digests.filter(mayHaveArrived).map(({ key }) => key));
  const arrived = messages.filter((row) => mayHaveArrived(row) || (row.digestKey !== null && carried.has(row.digestKey)));
  return { told: arrived.length > 0 ? 'yes' : 'no', version: Math.max(0, ...arrived.map(({ data }) => Number(data?.['version'] ?? 0))) };
}

/** The same in one word. */
export const wasTold = async (ctx: Ctx, who: Reached): Promise<LastTold['told']> => (await lastTold(ctx, who)).told;
