import type { Ctx } from '../../context.js';
import { localDateOf } from '../../kernel/local-date.js';
import type { Delivery } from '../delivery.model.js';
import { enqueueAll, type NewDelivery } from '../enqueue.js';
import type { Lane } from '../intent.js';
import { isNotice } from '../notices/notice-kinds.js';
import { defaultPolicy } from '../policy.js';
import { DIGEST } from './digest-keys.js';

/** How a digest begins: the reminders of a day, what was held up by a standstill, or notices that came in a swarm. */
export type DigestStyle = 'daily' | 'catch-up' | 'notices';

type Row = Pick<Delivery, '_id' | 'lane' | 'asked' | 'personId' | 'notBefore' | 'kind'>;

/** The same rows give the same key, whichever instance gathers them. */
export const digestKeyFor = (personId: string, now: Date, first: Pick<Delivery, '_id'>): string => `digest:${localDateOf(now)}:${personId}:${String(first._id)}`;

/** The digest of rows marked with its key; what it speaks of is fixed from then on. Planning it again changes nothing. */
export async function planDigest(ctx: Ctx, key: string): Promise<number> {
  const members = await ctx.db.Delivery.find({ state: 'planned', digestKey: key }).sort({ notBefore: 1, _id: 1 }).lean<Row[]>();
  if (members.length === 0) return 0;
  await enqueueAll(ctx, [newDigest(ctx, key, members)]);
  return 1;
}

/** The carrier of these members. */
export function newDigest(ctx: Ctx, key: string, members: readonly Row[]): NewDelivery {
  const data = { members: members.map((member) => String(member._id)).join(','), style: styleOf(members, ctx.clock.now()) };
  return {
    key, kind: DIGEST, lane: laneOf(members), personId: String(members[0]?.personId), data,
    ...(members.every((member) => member.asked === 'by-day') ? { asked: 'by-day' as const } : {}),
  };
}

/** Urgent where something in it is; repeated in doubt where anything in it would be. */
function laneOf(members: readonly Row[]): Lane {
  if (members.some((member) => member.lane === 'urgent')) return 'urgent';
  return members.every((member) => member.lane === 'digest') ? 'digest' : 'normal';
}

function styleOf(members: readonly Row[], now: Date): DigestStyle {
  if (members.every((member) => isNotice(member.kind))) return 'notices';
  const since = now.getTime() - defaultPolicy.digest.staleMs;
  return members.some((member) => member.lane !== 'digest' || member.notBefore.getTime() < since) ? 'catch-up' : 'daily';
}
