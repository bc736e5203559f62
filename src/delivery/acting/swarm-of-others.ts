import type { Ctx } from '../../context.js';
import type { Delivery } from '../delivery.model.js';
import type { NewDelivery } from '../enqueue.js';

/** So many matters of others reach one person singly within the window; the rest comes together. */
const SINGLY = 5;
const WINDOW_MS = 10 * 60_000;
/** Urgent ones are gathered for so long: with the digests' tick of fifteen seconds they leave within the minute. */
const URGENT_MS = 30_000;

/** On the list of those to call: who has not answered an urgent meeting. */
const CALL_LIST = 'meeting-unanswered';

type Meant = { kind: string; behalfOf?: unknown; data?: Record<string, unknown> };

/** Reaches its reader because somebody else is away or silent: for a deputy, or for the office that has to call. */
export const isOfOthers = ({ kind, behalfOf, data }: Meant): boolean => Boolean(behalfOf) || typeof data?.['forPersonId'] === 'string' || kind === CALL_LIST;

/** The same as a filter on deliveries. */
const ofOthers = { $or: [{ behalfOf: { $ne: null } }, { 'data.forPersonId': { $gt: '' } }, { kind: CALL_LIST }] };

/**
 * One person may act for a hundred who are away, and be called in for a hundred who are silent. The first five matters of
 * others leave singly, what follows is gathered: urgent ones for half a minute, the rest until the end of the ten minutes.
 * Asks the database nothing where no matter of others is planned; never more than five rows of a person.
 */
export async function gatheredForOthers(ctx: Ctx, planned: readonly NewDelivery[]): Promise<readonly NewDelivery[]> {
  const readers = new Set(planned.filter(swarms).map(({ personId }) => String(personId)));
  if (readers.size === 0) return planned;
  const now = ctx.clock.now().getTime();
  const since = new Date(now - WINDOW_MS);
  const lately = new Map(await Promise.all([...readers].map(async (personId) => [personId, await ctx.db.Delivery.countDocuments({ personId, createdAt: { $gt: since }, ...ofOthers }, { limit: SINGLY })] as const)));
  return planned.map((row) => {
    if (!swarms(row)) return row;
    const before = lately.get(String(row.personId)) ?? 0;
    lately.set(String(row.personId), before + 1);
    return before < SINGLY ? row : { ...row, gather: true, notBefore: endOfWindow(row, now) };
  });
}

/** Further attempts and what somebody asked for this moment keep their own way. */
const swarms = (row: NewDelivery): boolean => row.personId !== undefined && !row.chat && !row.follows && row.lane !== 'digest' && row.asked !== 'now' && isOfOthers(row);

function endOfWindow({ lane, notBefore }: Pick<Delivery, 'lane'> & { notBefore?: Date }, now: number): Date {
  const window = lane === 'urgent' ? URGENT_MS : WINDOW_MS;
  return new Date(Math.max((Math.floor(now / window) + 1) * window, notBefore?.getTime() ?? 0));
}
