import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import type { Actor } from '../../people/actor.js';
import { mustBeAllowed } from '../../people/policy.js';
import type { Delivery, DeliveryState } from '../delivery.model.js';
import { IN_DIGEST, rank, RESTORED } from '../delivery-states.js';
import { firstKey } from '../digest/digest-keys.js';
import { DROPPED } from '../hold/drop-waiting.js';

/** What came of the last thing one person was to be told about a matter: an older one, confirmed or not, says nothing of it. */
export interface Receiver {
  personId: string | null;
  /** Of a mailbox: whose it is. */
  agencyCode: string | null;
  messages: number;
  /** What the last message was. */
  kind: string;
  /** It repeats one that was told before. */
  again: boolean;
  /** Of its attempts by several channels, the one that got furthest. */
  state: DeliveryState;
  channel: Channel | null;
  reason: string | null;
  firstAt: Date;
  acceptedAt: Date | null;
  seenAt: Date | null;
  acknowledgedAt: Date | null;
}

/** Rows of one matter that are looked through for its receivers. */
const LOOKED_THROUGH = 20_000;
const fields = { key: 1, kind: 1, personId: 1, 'data.agencyCode': 1, 'data.again': 1, state: 1, channel: 1, reason: 1, digestKey: 1, createdAt: 1, acceptedAt: 1, seenAt: 1, acknowledgedAt: 1 } as const;

/** Per person, and per agency's mailbox: what came of the last message. Newest first. Throws forbidden; without an actor: the house itself. */
export async function receiversOf(ctx: Ctx, actor: Actor | null, about: { taskCode: string } | { meetingCode: string }): Promise<Receiver[]> {
  if (actor) mustBeAllowed(actor, 'delivery.read');
  const rows = await ctx.db.Delivery.find(about, fields).sort({ createdAt: -1, _id: -1 }).limit(LOOKED_THROUGH).lean<Delivery[]>();
  const byReceiver = new Map<string, Delivery[]>();
  for (const row of rows) {
    const key = row.personId?.toString() ?? `agency:${mailboxOf(row) ?? ''}`;
    byReceiver.set(key, [...(byReceiver.get(key) ?? []), row]);
  }
  const last = [...byReceiver.values()].map((own) => ({ own, latest: latestOf(own) }));
  const digests = await digestsOf(ctx, last.map(({ latest }) => latest));
  return last.map(({ own, latest }) => ({
    personId: latest.personId?.toString() ?? null, agencyCode: mailboxOf(latest), messages: own.length, kind: latest.kind, again: latest.data?.['again'] === true,
    firstAt: own.at(-1)?.createdAt ?? latest.createdAt, ...fateOf((latest.reason === IN_DIGEST && digests.get(latest.digestKey ?? '')) || latest),
  }));
}

const mailboxOf = ({ personId, data }: Delivery): string | null => (personId === null && typeof data?.['agencyCode'] === 'string' ? data['agencyCode'] : null);

const fateOf = ({ state, channel, reason, acceptedAt, seenAt, acknowledgedAt }: Delivery) => ({ state, channel, reason, acceptedAt, seenAt, acknowledgedAt });

/** The last message of these rows, newest first; of its attempts the one that got furthest. */
function latestOf(rows: readonly Delivery[]): Delivery {
  const [newest] = rows as readonly [Delivery, ...Delivery[]];
  const last = rows.find(tells) ?? newest;
  const attempts = rows.filter(({ key }) => firstKey(key) === firstKey(last.key));
  return attempts.reduce((best, row) => (rank[row.state] > rank[best.state] ? row : best), last);
}

/** Says how the matter stands: neither an answer in a chat, nor a file that goes with it, nor what need not be said any more. */
const tells = ({ kind, state, reason }: Delivery): boolean => kind !== 'reply' && !kind.endsWith('-file') && (state !== 'suppressed' || SAID.has(reason ?? ''));

/** Reasons of messages that did not leave by themselves and of which the reader is to know: told otherwise, perhaps told, or taken back. */
const SAID: ReadonlySet<string> = new Set([IN_DIGEST, RESTORED, DROPPED]);

/** What travelled in a digest went where the digest went. */
async function digestsOf(ctx: Ctx, latest: readonly Delivery[]): Promise<Map<string, Delivery>> {
  const keys = [...new Set(latest.flatMap(({ reason, digestKey }) => (reason === IN_DIGEST && digestKey ? [digestKey] : [])))];
  const rows = keys.length > 0 ? await ctx.db.Delivery.find({ key: { $in: keys } }, fields).lean<Delivery[]>() : [];
  return new Map(rows.map((row) => [row.key, row]));
}
