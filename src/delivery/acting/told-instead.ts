import type { Ctx } from '../../context.js';
import type { Delivery } from '../delivery.model.js';

/** What corrects an invitation. */
export const corrections: readonly string[] = ['meeting-postponed', 'meeting-chair', 'meeting-cancelled', 'meeting-withdrawn'];
/** What tells of a meeting. */
const invitations = ['meeting-alert', 'meeting-postponed'];

/** Read at once for a batch of a worker's; each absent person of a meeting has a few. */
const MOST = 20_000;

/** Who was told of a meeting in somebody's place: ids of readers for a delivery meant for that person. */
export type ToldInstead = (held: Pick<Delivery, 'meetingCode' | 'personId'>) => ReadonlySet<string>;

/** Corrections that begin their way: somebody else may have the old time in their head as well. */
export const concernsOthers = ({ kind, meetingCode, personId, behalfOf, attempts }: Delivery): boolean =>
  corrections.includes(kind) && meetingCode !== null && personId !== null && !behalfOf && attempts.length === 0;

/** Looks that up for a whole batch in one read, and in none where no correction is among the rows. */
export async function toldInstead(ctx: Ctx, rows: readonly Delivery[]): Promise<ToldInstead> {
  const about = rows.filter(concernsOthers);
  const found = new Map<string, Set<string>>();
  if (about.length > 0) {
    const invited = await ctx.db.Delivery.find({ meetingCode: { $in: [...new Set(about.map(({ meetingCode }) => meetingCode))] }, behalfOf: { $in: about.map(({ personId }) => personId) }, kind: { $in: invitations } }, { personId: 1, behalfOf: 1, meetingCode: 1 }).limit(MOST).lean<Pick<Delivery, 'personId' | 'behalfOf' | 'meetingCode'>[]>();
    for (const { meetingCode, behalfOf, personId } of invited) {
      const place = `${meetingCode}:${String(behalfOf)}`;
      found.set(place, (found.get(place) ?? new Set()).add(String(personId)));
    }
  }
  return ({ meetingCode, personId }) => found.get(`${meetingCode}:${String(personId)}`) ?? new Set();
}
