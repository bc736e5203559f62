import type { Ctx } from '../../context.js';
import { localDateOf } from '../../kernel/local-date.js';
import { isOfOthers } from '../acting/swarm-of-others.js';
import { mailboxAgency } from '../agency-copy.js';
import type { Delivery } from '../delivery.model.js';
import { enqueueAll, type NewDelivery } from '../enqueue.js';
import type { Lane } from '../intent.js';
import { isNotice } from '../notices/notice-kinds.js';
import { defaultPolicy } from '../policy.js';
import { DIGEST } from './digest-keys.js';

/** How a digest begins: the reminders of a day, what was held up by a standstill, notices that came in a swarm, or very many matters of others at once. */
export type DigestStyle = 'daily' | 'catch-up' | 'notices' | 'others';

/** What planning a digest looks at; of thousands that wait no more is read. */
export type Waiting = Pick<Delivery, '_id' | 'lane' | 'asked' | 'personId' | 'notBefore' | 'kind' | 'chat' | 'data' | 'behalfOf'>;
export const waitingFields = { lane: 1, asked: 1, personId: 1, notBefore: 1, kind: 1, chat: 1, behalfOf: 1, 'data.agencyCode': 1, 'data.forPersonId': 1 } as const;

/** One digest speaks of so many at most; the next takes the rest. */
export const MOST = 500;

/** The same rows give the same key, whichever instance gathers them. */
export const digestKeyFor = (receiver: string, now: Date, first: Pick<Delivery, '_id'>): string => `digest:${localDateOf(now)}:${receiver}:${String(first._id)}`;

/** Rows marked with a digest's key, in its order. */
export const markedWith = (ctx: Ctx, key: string): Promise<Waiting[]> =>
  ctx.db.Delivery.find({ state: 'planned', digestKey: key }, waitingFields).sort({ notBefore: 1, _id: 1 }).limit(MOST).lean<Waiting[]>().exec();

/** The digest of rows marked with its key; what it speaks of is fixed from then on. Planning it again changes nothing. */
export async function planDigest(ctx: Ctx, key: string): Promise<number> {
  const members = await markedWith(ctx, key);
  if (members.length === 0) return 0;
  await enqueueAll(ctx, [newDigest(ctx, key, members)]);
  return 1;
}

/** The carrier of these members. */
export function newDigest(ctx: Ctx, key: string, members: readonly Waiting[]): NewDelivery {
  const data = { members: members.map((member) => String(member._id)).join(','), style: styleOf(members, ctx.clock.now()) };
  return {
    key, kind: DIGEST, lane: laneOf(members), ...receiver(members, data),
    ...(members.every((member) => member.asked === 'by-day') ? { asked: 'by-day' as const } : {}),
  };
}

/** An agency's goes to the mailbox it had when the newest of them was planned. */
function receiver(members: readonly Waiting[], data: Record<string, string>): Pick<NewDelivery, 'personId' | 'chat' | 'data'> {
  const newest = members.reduce<Waiting | undefined>((last, member) => (last && String(last._id) > String(member._id) ? last : member), undefined);
  const agencyCode = newest && mailboxAgency(newest);
  return newest?.chat && agencyCode ? { chat: newest.chat, data: { ...data, agencyCode } } : { personId: String(newest?.personId), data };
}

/** Urgent where something in it is; repeated in doubt where anything in it would be. */
function laneOf(members: readonly Waiting[]): Lane {
  if (members.some((member) => member.lane === 'urgent')) return 'urgent';
  return members.every((member) => member.lane === 'digest') ? 'digest' : 'normal';
}

function styleOf(members: readonly Waiting[], now: Date): DigestStyle {
  if (members.every((member) => isNotice(member.kind))) return 'notices';
  const since = now.getTime() - defaultPolicy.digest.staleMs;
  const swarm = members.filter((member) => member.lane !== 'digest' && isOfOthers(member));
  if (swarm.length > 0 && members.every((member) => member.notBefore.getTime() >= since && (member.lane === 'digest' || swarm.includes(member)))) return 'others';
  return members.some((member) => member.lane !== 'digest' || member.notBefore.getTime() < since) ? 'catch-up' : 'daily';
}
