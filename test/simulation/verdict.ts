import type { Delivery } from '../../src/delivery/delivery.model.js';
import { noticeKinds } from '../../src/delivery/notices/tell-office.js';
import type { InboundRecord } from '../../src/inbox/inbound.model.js';
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
const LATE_MS = { urgent: 2 * 60_000, normal: 30 * 60_000, digest: 60 * 60_000 } as const;

/** When everything has come to rest: is each planned message accounted for? */
export function judge(store: Store, watch: Watch): Tally {
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
  for (const row of rows) judgeRow(row, { watch, tally, starts });
  judgeInbox(store, watch, tally);
  tally.duplicated = watch.violations.filter(({ rule }) => rule === 'duplicated').length;
  return tally;
}

function judgeRow(row: Delivery, { watch, tally, starts }: { watch: Watch; tally: Tally; starts: ReadonlySet<string> }): void {
  const copies = watch.copies.get(row.key) ?? [];
  const doubtful = row.attempts.some((attempt) => attempt.outcome === 'unknown');
  if (copies.length > 1) tally.repeats++;
  if (copies.length > 1 && !doubtful) watch.broke('duplicated', `${row.key}: two copies and no unknown outcome in the ledger`);
  if (heard.includes(row.state)) {
    tally.sent++;
    const [first] = copies;
    if (first && first.at - watch.dueAt(row.key) > LATE_MS[row.lane]) tally.late++;
    if (copies.length === 0 && !doubtful) lose(watch, tally, row);
    return;
  }
  const told = starts.has(`delivery-dead:${row.key}:`) || noticeKinds.some((kind) => kind === row.kind) || row.chat !== null;
  const { state } = row;
  const ended = state === 'suppressed' || state === 'expired' || state === 'dead' || state === 'unknown';
  if (!ended || !row.reason) {
    tally.lost++;
    return watch.broke('not-finished', `${row.key}: ${state}, due ${row.notBefore.toISOString()}, by ${row.claimedBy ?? 'nobody'}`);
  }
  tally[state]++;
  const mustTell = row.state === 'dead' || row.reason === 'unknown-twice';
  if (mustTell && !told) watch.broke('office-not-told', `${row.key}: ${row.state} ${row.reason}`);
  // A note concerns nothing that could end; it can only be confirmed, or go stale.
  if (row.kind === 'note' && ((row.state === 'suppressed' && !row.acknowledgedAt) || (row.state === 'expired' && !row.expiresAt))) lose(watch, tally, row);
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
