import type { Delivery } from '../../src/delivery/delivery.model.js';
import { IN_DIGEST } from '../../src/delivery/delivery-states.js';
import { keys } from '../../src/delivery/keys.js';
import { memberIds } from '../../src/delivery/digest/digest-keys.js';
import { noticeKinds } from '../../src/delivery/notices/tell-office.js';
import type { InboundRecord } from '../../src/inbox/inbound.model.js';
import type { Phones } from './phones.js';
import type { Store } from './store.js';
import type { Watch } from './watch.js';

/** What became of the messages of one run. */
export interface Tally {
  messages: number;
  sent: number;
  suppressed: number;
  expired: number;
  dead: number;
  unknown: number;
  lost: number;
  /** Second copies beyond what a marked repeat explains. */
  duplicated: number;
  /** Second copies that say so. */
  repeats: number;
  late: number;
  parked: number;
}

const heard = ['accepted', 'delivered', 'seen', 'acknowledged'];
/** Later than this after its time counts as late: faults last minutes, so this is a measure and not a rule. */
const LATE_MS = { urgent: 2 * 60_000, normal: 30 * 60_000, digest: 5 * 24 * 60 * 60_000 } as const;

/** When everything has come to rest: is each planned message accounted for? */
export function judge(store: Store, watch: Watch, phones: Phones): Tally {
  const rows = store.collections.Delivery.find({}) as unknown as Delivery[];
  const tally: Tally = { messages: rows.length, sent: 0, suppressed: 0, expired: 0, dead: 0, unknown: 0, lost: 0, duplicated: 0, repeats: 0, late: 0, parked: 0 };
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const starts = new Set(rows.map((row) => row.key.slice(0, row.key.lastIndexOf(':') + 1)));
  for (const key of watch.expected) {
    const there = key.endsWith(':*') ? starts.has(key.slice(0, -1)) : byKey.has(key);
    if (there) continue;
    tally.lost++;
    watch.broke('lost', `${key}: planned and nowhere in the ledger`);
  }
  const failed = new Set([...phones.failures.values()].map(({ key }) => key));
  const follows = new Set(rows.flatMap((row) => (row.follows ? [row.follows] : [])));
  const carriers = new Map<string, Delivery[]>();
  for (const row of rows) for (const id of memberIds(row.data)) carriers.set(id, [...(carriers.get(id) ?? []), row]);
  for (const row of rows) judgeRow(row, { watch, tally, starts, failed, carriers, follows });
  judgeInbox(store, watch, tally);
  judgeSilence(rows, watch, phones);
  judgeChannels(store, watch);
  tally.duplicated = watch.violations.filter(({ rule }) => rule === 'duplicated').length;
  return tally;
}

interface Judging {
  watch: Watch;
  tally: Tally;
  starts: ReadonlySet<string>;
  /** Messages a provider took and could not deliver. */
  failed: ReadonlySet<string>;
  /** Digests by the messages they speak of. */
  carriers: ReadonlyMap<string, Delivery[]>;
  /** Keys of messages that another one makes up for. */
  follows: ReadonlySet<string>;
}

function judgeRow(row: Delivery, by: Judging): void {
  const { watch, tally, starts, failed, follows } = by;
  const copies = watch.copiesOf(row.key);
  const doubtful = row.attempts.some((attempt) => attempt.outcome === 'unknown');
  if (copies.length > 1) tally.repeats++;
  if (copies.length > 1 && !doubtful) watch.broke('duplicated', `${row.key}: two copies and no unknown outcome in the ledger`);
  if (heard.includes(row.state)) {
    tally.sent++;
    const [first] = copies;
    if (first && first.at - watch.dueAt(row.key) > LATE_MS[row.lane]) tally.late++;
    // Sent once more with the office's consent, a provider that knows request ids makes no second copy.
    if (copies.length === 0 && watch.everyCopyOf(row).length === 0 && !doubtful && !failed.has(row.key)) lose(watch, tally, row);
    return;
  }
  // What travelled in a digest is told with it, once for all.
  const told = starts.has(`delivery-dead:${row.reason === 'digest-dead' ? row.digestKey : row.key}:`) || noticeKinds.some((kind) => kind === row.kind) || row.chat !== null;
  const { state } = row;
  const ended = state === 'suppressed' || state === 'expired' || state === 'dead' || state === 'unknown';
  if (!ended || !row.reason) {
    tally.lost++;
    return watch.broke('not-finished', `${row.key}: ${state}, due ${row.notBefore.toISOString()}, by ${row.claimedBy ?? 'nobody'}`);
  }
  tally[state]++;
  const goesOn = follows.has(row.key);
  const mustTell = row.state === 'dead' || row.reason === 'unknown-twice';
  if (mustTell && !told && !goesOn) watch.broke('office-not-told', `${row.key}: ${row.state} ${row.reason}`);
  if (row.kind === 'note' && !mayEnd(row, by)) lose(watch, tally, row);
}

/** A note concerns nothing that could end: it is confirmed, goes stale, travels in a digest, or goes to whoever acts for the person. */
function mayEnd(row: Delivery, { carriers, watch }: Pick<Judging, 'carriers' | 'watch'>): boolean {
  if (row.state === 'expired') return row.expiresAt !== null;
  if (row.state !== 'suppressed' || row.acknowledgedAt) return true;
  if (row.reason === IN_DIGEST) return carriers.get(String(row._id))?.some(({ state }) => heard.includes(state) || state === 'unknown' || state === 'dead') === true;
  // Another copy was heard of just before this one's call.
  if (row.reason === 'arrived-meanwhile') return row.follows !== null;
  if (row.reason === 'on-leave' || row.reason === 'replaced') {
    const matter = row.key.slice(0, row.key.lastIndexOf(':') + 1);
    return watch.actingFor(String(row.personId)).some((id) => [`${matter}${id}`, keys.acting(row.key, id)].some((key) => watch.find(key)));
  }
  return row.reason === 'restored';
}

/** Nobody waits for ever for a sign, and what a provider could not deliver does not count as told. */
function judgeSilence(rows: readonly Delivery[], watch: Watch, phones: Phones): void {
  const followed = new Set(rows.map((row) => row.follows));
  for (const row of rows) {
    const silent = row.silentAt !== null && row.silentAt.getTime() < watch.now && (row.state === 'accepted' || row.state === 'dead');
    if (silent) watch.broke('silence-ignored', `${row.key}: ${row.state}, silent since ${row.silentAt?.toISOString() ?? ''}`);
    const failed = row.state === 'accepted' && row.providerId !== null && phones.failures.get(row.providerId)?.told === true;
    if (failed && !followed.has(row.key)) watch.broke('failure-ignored', `${row.key}: the provider said that it could not deliver ${row.providerId ?? ''}`);
  }
}

/** The longest rest the engine gives a channel that refuses it, and some more. */
const LONGEST_REST_MS = 60 * 60_000;

function judgeChannels(store: Store, watch: Watch): void {
  for (const { _id, value } of store.collections.State.find({ _id: { $gte: 'channel:', $lt: 'channel;' } })) {
    const until = Number((value as { restsUntil?: number } | null)?.restsUntil ?? 0);
    if (until > watch.now + LONGEST_REST_MS) watch.broke('channel-shut', `${String(_id)} rests until ${new Date(until).toISOString()}`);
  }
}

function lose(watch: Watch, tally: Tally, row: Delivery): void {
  tally.lost++;
  watch.broke('lost', `${row.key}: ${row.state} (${row.reason ?? row.channel}) and no copy`);
}

/** Every message that came in was worked on once, and answered. */
function judgeInbox(store: Store, watch: Watch, tally: Tally): void {
  const seen = new Set<string>();
  for (const record of store.collections.Inbound.find({}) as unknown as InboundRecord[]) {
    const cause = `${record.channel}:${record.messageId}`;
    if (seen.has(cause)) watch.broke('planned-twice', `${cause} is in the inbox twice`);
    seen.add(cause);
    if (record.state === 'parked') tally.parked++;
    else if (record.state !== 'done') watch.broke('answer-lost', `${cause}: ${record.state}`);
    else if (!watch.find(`reply:${cause}`)) watch.broke('answer-lost', `${cause}: done without an answer`);
  }
}
