import type { Ctx } from '../../context.js';
import type { Delivery } from '../delivery.model.js';
import { rank } from '../delivery-states.js';
import { firstKey } from '../digest/digest-keys.js';
import { wroteSince } from './heard-of.js';

/** Keys of a delivery's former attempts, the first one included: "k>3" -> "k", "k>2". */
export const formerKeys = (key: string): string[] => {
  const n = Number(/>(\d+)$/.exec(key)?.[1] ?? 1);
  const first = firstKey(key);
  return Array.from({ length: n - 1 }, (_, i) => (i === 0 ? first : `${first}>${i + 1}`));
};

/** Key of the next attempt on another channel. */
export const nextKey = (key: string): string => `${firstKey(key)}>${Number(/>(\d+)$/.exec(key)?.[1] ?? 1) + 1}`;

/**
 * Why a further attempt need not leave any more; null: it does. A copy on a former channel arrived or was confirmed after
 * all, or the person wrote after it was sent: who writes has the phone in hand. A copy the provider could not deliver was
 * not there to be read, so after such a failure only a receipt counts.
 */
export async function arrivedMeanwhile(ctx: Ctx, delivery: Pick<Delivery, 'key' | 'personId'>): Promise<string | null> {
  const former = await ctx.db.Delivery.find({ key: { $in: formerKeys(delivery.key) } }, { state: 1, acceptedAt: 1, deliveredAt: 1, seenAt: 1, acknowledgedAt: 1 })
    .lean<Pick<Delivery, 'state' | 'acceptedAt' | 'deliveredAt' | 'seenAt' | 'acknowledgedAt'>[]>();
  if (former.some((row) => rank[row.state] > rank.accepted || row.deliveredAt || row.seenAt || row.acknowledgedAt)) return 'arrived-meanwhile';
  const unheard = former.filter((row) => row.state === 'accepted' && row.acceptedAt);
  for (const { acceptedAt } of unheard) if (acceptedAt && (await wroteSince(ctx, delivery.personId, acceptedAt))) return 'arrived-meanwhile';
  return null;
}
