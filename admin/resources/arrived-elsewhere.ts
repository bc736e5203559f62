import type { Ctx } from '../../src/context.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { rank } from '../../src/delivery/delivery-states.js';
import { firstKey } from '../../src/delivery/digest/digest-keys.js';
import { channels } from '../../src/kernel/channels.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import { channelWords, wordOf } from '../locale/words.js';

/** What the Office should look at, as long as the message did not arrive by another way. */
export const problemStates: readonly string[] = ['dead', 'expired', 'unknown'];

/** Problems looked through for another way; older ones are shown as they stand. */
const LOOKED_THROUGH = 5_000;

type Failed = Pick<Delivery, 'key' | 'state' | '_id'>;
type Attempt = Pick<Delivery, 'key' | 'state' | 'channel' | 'acceptedAt' | 'deliveredAt' | 'seenAt'>;

/** By which way each of these messages arrived although this attempt did not: "Zalo, 22/11/2026 08:05"; empty where it arrived by none. */
export async function arrivedElsewhere(ctx: Ctx, rows: readonly Failed[]): Promise<(row: Failed) => string> {
  const failed = rows.filter(({ state }) => problemStates.includes(state));
  const keys = [...new Set(failed.flatMap(({ key }) => attemptsOf(key)))];
  const attempts = keys.length > 0 ? await ctx.db.Delivery.find({ key: { $in: keys } }, { key: 1, state: 1, channel: 1, acceptedAt: 1, deliveredAt: 1, seenAt: 1 }).lean<Attempt[]>() : [];
  const byMatter = new Map<string, Attempt[]>();
  for (const one of attempts) byMatter.set(firstKey(one.key), [...(byMatter.get(firstKey(one.key)) ?? []), one]);
  return (row) => {
    if (!problemStates.includes(row.state)) return '';
    const other = (byMatter.get(firstKey(row.key)) ?? []).filter(({ key, state }) => key !== row.key && arrived(row.key, key, state)).sort((a, b) => rank[b.state] - rank[a.state])[0];
    const at = other?.deliveredAt ?? other?.seenAt ?? other?.acceptedAt;
    return other ? `${wordOf(channelWords, other.channel)}${at ? `, ${formatInstant(at)}` : ''}` : '';
  };
}

/** A later attempt that was sent, or a former one that is known to have arrived after all. */
const arrived = (failed: string, other: string, state: Delivery['state']): boolean => rank[state] > (numberOf(other) > numberOf(failed) ? 0 : rank.accepted);

const numberOf = (key: string): number => Number(/>(\d+)$/.exec(key)?.[1] ?? 1);

/** A message has at most one attempt on each channel. */
const attemptsOf = (key: string): string[] => [firstKey(key), ...channels.map((_channel, at) => `${firstKey(key)}>${at + 2}`)];

/** The problems of this question that are none any more leave it. */
export async function withoutSolved(ctx: Ctx, question: Record<string, unknown>): Promise<Record<string, unknown>> {
  const rows = await ctx.db.Delivery.find(question as never, { key: 1, state: 1 }).sort({ finishedAt: -1 }).limit(LOOKED_THROUGH).lean<Failed[]>();
  const wayOf = await arrivedElsewhere(ctx, rows);
  const solved = rows.filter((row) => wayOf(row) !== '').map(({ _id }) => _id);
  return solved.length > 0 ? { $and: [question, { _id: { $nin: solved } }] } : question;
}
