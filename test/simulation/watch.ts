import type { Delivery, DeliveryState } from '../../src/delivery/delivery.model.js';
import { entersFrom, rank } from '../../src/delivery/delivery-states.js';
import type { Hold } from '../../src/delivery/hold/hold.js';
import type { Intent } from '../../src/delivery/intent.js';
import { keys } from '../../src/delivery/keys.js';
import type { Channel } from '../../src/kernel/channels.js';
import type { Document } from '../../src/embedded-mongo/bson/index.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import type { Life } from './process.js';
import type { Copy } from './provider.js';
import { DigestLines } from './digest-lines.js';
import type { Province } from './people.js';
import { QuietDays } from './quiet-days.js';
import { Rests } from './rests.js';
import type { Scheduler } from './scheduler.js';
import type { Store } from './store.js';

/** A promise of the engine that did not hold. */
export interface Violation {
  /** Simulated instant. */
  at: string;
  rule: Rule;
  what: string;
}

export const rules = [
  'lost', 'duplicated', 'not-finished', 'office-not-told', 'quiet-hours', 'too-early', 'after-acknowledgement', 'without-lease', 'illegal-move',
  'stale', 'urgent-waits', 'answer-lost', 'planned-twice', 'unexpected-error',
  // A second copy although the provider could have been asked about the first.
  'truth-ignored',
  // A call while the provider had asked all of us for a rest.
  'within-rest',
  'correction-missing', 'correction-to-untold',
  'chain-broken', 'not-sealed',
  // Somebody on leave was told although somebody acts for them.
  'told-on-leave',
  // The same matter as a line of a digest and by itself, or in two digests.
  'told-twice',
  // A call while the office held back all sending.
  'sent-while-held',
  // Another attempt although the person was heard of, none although nobody was, none although the provider could not deliver.
  'follow-up-needless', 'silence-ignored', 'failure-ignored',
  // A channel rests far longer than any trouble of it.
  'channel-shut',
] as const;
export type Rule = (typeof rules)[number];

/** The longest way from "may leave now" to the call: a claim's lease. What was decided before an edge may still leave after it. */
const LEASE_MS = 15_000;
/** From the line in the ledger to the call itself; longer only where the process stood still. */
const FRESH_MS = 5_000;
const URGENT_PATIENCE_MS = 4_000;
/** A process may not know for a second that sending is held, and takes a moment for what it decided before. */
const HOLD_NEWS_MS = 2_500;
/** What a process may be wrong about the server's time, and where that clock itself is set to and fro. */
const SURE_MS = 250;
const STEP_MS = 2 * 60_000;
/** What happened shortly before a long rest of the house may only be dealt with after it. */
const OFF_MS = 30 * 60_000;
/** Looks at every write, call and copy while they happen. */
export class Watch {
  readonly violations: Violation[] = [];
  /** Every message that follows from a fact, by delivery key; "*" stands for anybody of the office. */
  readonly expected = new Set<string>();
  readonly copies = new Map<string, Copy[]>();
  readonly #due = new Map<string, number>();
  readonly quiet = new QuietDays();
  /** Milliseconds of the epoch in which the whole house was switched off. */
  readonly off: { from: number; to: number }[] = [];
  readonly #digests: DigestLines;
  readonly #away: Province['away'];
  readonly #rests: Rests;
  readonly #findable: ReadonlySet<Channel>;
  /** Messages of which a provider could not say whether it had taken them. */
  readonly #unsaid = new Set<string>();
  readonly #begun = new Map<string, number>();
  readonly #heardOf = new Map<string, number>();
  readonly #claimed = new Map<string, number>();
  readonly #marked = new Map<string, number>();
  readonly #confirmed = new Map<string, { at: number; version: number }>();
  readonly #urgent = new Map<string, { key: string; since: number }>();
  readonly #store: Store;
  readonly #scheduler: Scheduler;
  /** How wrong clocks may be in this run, in milliseconds. */
  readonly #clocks: number;
  readonly #clockSteps: boolean;
  readonly #slow: boolean;
  #heldAt = 0;
  readonly #databaseFails: boolean;

  constructor(spec: { store: Store; scheduler: Scheduler; clockSteps: boolean; slow: boolean; databaseFails: boolean; findable: ReadonlySet<Channel>; away: Province['away'] }) {
    this.#away = spec.away;
    this.#digests = new DigestLines(spec.store, (what) => this.broke('told-twice', what));
    this.#rests = new Rests(spec.scheduler);
    this.#databaseFails = spec.databaseFails;
    this.#findable = spec.findable;
    this.#store = spec.store;
    this.#scheduler = spec.scheduler;
    this.#clockSteps = spec.clockSteps;
    this.#clocks = spec.clockSteps ? STEP_MS : SURE_MS;
    this.#slow = spec.slow;
    const { Delivery, Task, Meeting } = spec.store.collections;
    Delivery.onWrite = (before, after) => this.#delivery(before as unknown as Delivery | null, after as unknown as Delivery);
    Task.onWrite = (before, after) => this.#facts(before, after);
    Meeting.onWrite = (before, after) => {
      this.#facts(before, after);
      this.#confirmations(after as unknown as Meeting);
    };
  }

  broke(rule: Rule, what: string): void {
    // A run in which everything is broken tells no more the longer it takes.
    if (this.violations.length === 50) this.#scheduler.stop();
    if (this.violations.length <= 50) this.violations.push({ at: new Date(this.#scheduler.now).toISOString(), rule, what });
  }

  /** Whoever may act for a person, the nearest first. */
  actingFor(id: string): string[] {
    const found: string[] = [];
    for (let next = this.#away.get(id)?.deputyId; next !== undefined && !found.includes(next); next = this.#away.get(next)?.deputyId) found.push(next);
    return found;
  }

  get now(): number {
    return this.#scheduler.now;
  }

  find(key: string): Delivery | undefined {
    return this.#store.collections.Delivery.find({ key })[0] as unknown as Delivery | undefined;
  }

  /** When it first was to leave. */
  dueAt(key: string): number {
    return this.#due.get(key) ?? 0;
  }

  /** A provider asked for a rest. Where calls to the database may fail, the news may be lost on the way to the others. */
  resting(rest: { life: Life; channel: Channel; until: number }): void {
    if (!this.#databaseFails && !this.#clockSteps) this.#rests.heard(rest);
  }

  /** A provider was asked what became of a call. */
  asked(key: string, found: 'sent' | 'not-sent' | 'unknown'): void {
    if (found === 'unknown') this.#unsaid.add(key);
  }

  /** The house was switched off then or soon after. */
  wasOff(at: number): boolean {
    return this.off.some(({ from, to }) => at >= from - OFF_MS && at <= to + OFF_MS);
  }

  called({ life, key, channel }: { life: Life; key: string; channel: Channel }): void {
    const { now } = this.#scheduler;
    const row = this.find(key);
    if (!row) return this.broke('without-lease', `${key}: called, but no such row`);
    const begun = this.#begun.get(key) ?? 0;
    const held = row.state === 'sending' && row.claimedBy?.startsWith(`${life.name}#`) === true;
    if (!held && !this.#clockSteps) this.broke('without-lease', `${key}: ${life.name} calls while the row is ${row.state} (${row.claimedBy ?? 'nobody'})`);
    if (now - begun > FRESH_MS + this.#clocks) this.broke('without-lease', `${key}: called ${now - begun} ms after it was written down`);
    if (now + this.#clocks < this.dueAt(key)) this.broke('too-early', `${key}: ${this.dueAt(key) - now} ms before its time`);
    if (row.expiresAt && now - row.expiresAt.getTime() > LEASE_MS + FRESH_MS + this.#clocks) this.broke('stale', `${key}: ${now - row.expiresAt.getTime()} ms too old`);
    // Quiet by every clock that may have been looked at, since the decision was made.
    const looked = [now + this.#clocks, now, now - LEASE_MS - FRESH_MS - this.#clocks];
    if (looked.every((at) => this.quiet.isQuiet(row, at))) this.broke('quiet-hours', `${key} (${row.lane})`);
    const early = this.#rests.tooEarly(channel, this.#claimed.get(key) ?? 0);
    if (early !== null) this.broke('within-rest', `${key}: ${life.name} calls ${channel} ${early} ms before its rest is over`);
    this.#digests.called(row);
    this.#mayStillBeTold(row, begun);
    this.#isHere(row);
    this.#mayLeave(row);
  }

  /** While the office holds, only answers in a chat leave that was begun since. */
  #mayLeave(row: Delivery): void {
    const hold = this.#store.collections.State.find({ _id: 'hold' })[0]?.['value'] as Hold | undefined;
    if (!hold || (hold.urgentPasses && row.lane === 'urgent') || (row.chat && row.createdAt >= hold.since)) return;
    const claimed = this.#claimed.get(row.key) ?? 0;
    if (claimed > hold.since.getTime() + HOLD_NEWS_MS + this.#clocks) this.broke('sent-while-held', `${row.key}: taken ${claimed - hold.since.getTime()} ms after the hold began`);
  }

  /** Whoever is on leave since before it was decided, and has somebody at work acting for them, is left in peace. */
  #isHere(row: Delivery): void {
    const { now } = this.#scheduler;
    const leave = this.#away.get(String(row.personId));
    const margin = this.#clocks + LEASE_MS + FRESH_MS;
    // A correction goes to whoever was invited themselves before they went.
    if (['meeting-postponed', 'meeting-cancelled'].includes(row.kind)) return;
    if (!leave || row.chat || this.#away.has(leave.deputyId) || now - margin < leave.from || now + margin >= leave.until) return;
    if (!row.attempts.some(({ outcome }) => outcome === 'unknown')) this.broke('told-on-leave', `${row.key} (${row.kind})`);
  }

  #mayStillBeTold(row: Delivery, begun: number): void {
    const marked = this.#marked.get(row.key) ?? Infinity;
    if (begun > marked) this.broke('after-acknowledgement', `${row.key}: begun ${begun - marked} ms after it was marked`);
    this.#meetingAhead(row);
    // Whoever acts for somebody may have confirmed their own place only.
    if (!['meeting-alert', 'meeting-postponed'].includes(row.kind) || row.data['forPersonId'] !== undefined || row.behalfOf) return;
    const confirmed = this.#confirmed.get(`${row.meetingCode}:${String(row.personId)}`);
    if (confirmed && confirmed.version === row.data['version'] && begun > confirmed.at + 1_000 + (this.#slow ? LEASE_MS : 0)) {
      this.broke('after-acknowledgement', `${row.key}: begun ${begun - confirmed.at} ms after the person confirmed`);
    }
  }

  /** Nobody is called to a meeting that has begun. */
  #meetingAhead(row: Delivery): void {
    if (!row.kind.startsWith('meeting-')) return;
    const meeting = this.#store.collections.Meeting.find({ code: row.meetingCode ?? '' })[0] as unknown as Meeting | undefined;
    const late = this.#scheduler.now - (meeting?.startsAt.getTime() ?? Infinity);
    if (late > LEASE_MS + FRESH_MS + this.#clocks) this.broke('stale', `${row.key}: the meeting began ${late} ms ago`);
  }

  delivered(copy: Copy): void {
    const row = this.find(copy.key);
    if (row) this.#digests.told(row, copy);
    const copies = [...(this.copies.get(copy.key) ?? []), copy];
    this.copies.set(copy.key, copies);
    if (copies.length > 2) this.broke('duplicated', `${copy.key}: ${copies.length} copies`);
    // Asked about the first copy, its provider would have said that it has it.
    const known = copies.slice(0, -1).every((one) => this.#findable.has(one.channel));
    if (copies.length > 1 && known && !this.#unsaid.has(copy.key)) this.broke('truth-ignored', `${copy.key}: a second copy (${copies.map((one) => one.channel).join(', ')})`);
    if (copies.length === 2 && !copies.some((one) => one.marked)) this.broke('duplicated', `${copy.key}: a second copy that does not say so`);
  }

  /** A message planned by a direct call. */
  expect(key: string): void {
    this.expected.add(key);
  }

  #facts(before: Document | null, after: Document): void {
    const old = new Set(((before?.['intents'] ?? []) as Intent[]).map((intent) => intent.key));
    for (const intent of after['intents'] as Intent[]) {
      if (old.has(intent.key)) continue;
      for (const to of intent.to) this.expected.add(keys.forPerson(intent.key, 'personId' in to ? to.personId : '*'));
    }
  }

  #confirmations(meeting: Meeting): void {
    for (const { personId, acknowledgedAt } of meeting.attendees) {
      const who = `${meeting.code}:${String(personId)}`;
      if (acknowledgedAt && this.#confirmed.get(who)?.version !== meeting.version) this.#confirmed.set(who, { at: this.#scheduler.now, version: meeting.version });
    }
  }

  #delivery(before: Delivery | null, after: Delivery): void {
    const { now } = this.#scheduler;
    if (!before) {
      this.#due.set(after.key, after.notBefore.getTime());
      this.#mayFollow(after);
      if (this.#store.collections.Delivery.count({ key: after.key }) > 1) this.broke('planned-twice', after.key);
    }
    if (rank[after.state] > 1 && (!before || rank[before.state] < 2)) this.#heardOf.set(after.key, now);
    if (after.state === 'claimed' && before?.state !== 'claimed') this.#claimed.set(after.key, now);
    if (before && before.state !== after.state) this.#moved(before.state, after);
    if (before && after.state === 'sending' && before.state !== 'sending') this.#begun.set(after.key, now);
    if (after.acknowledgedAt && !this.#marked.has(after.key)) this.#marked.set(after.key, now);
    this.#urgentFirst(before, after);
  }

  /** Another attempt is for those of whom nothing was heard. */
  #mayFollow({ key, follows }: Delivery): void {
    const heard = this.#heardOf.get(follows ?? '');
    const late = this.#scheduler.now - (heard ?? Infinity);
    if (late > (this.#slow || this.#databaseFails ? LEASE_MS : 1_000)) this.broke('follow-up-needless', `${key}: planned ${late} ms after ${follows ?? ''} was heard of`);
  }

  #moved(from: DeliveryState, after: Delivery): void {
    const legal = (entersFrom[after.state] as readonly DeliveryState[]).includes(from);
    // What the provider took may turn out not to be deliverable; what arrived stays so.
    const undone = rank[from] > 0 && rank[after.state] < rank[from] && !(from === 'accepted' && after.reason === 'undelivered');
    if (!legal || undone) this.broke('illegal-move', `${after.key}: ${from} -> ${after.state}`);
  }

  /** Nobody takes an ordinary message while an urgent one has been waiting. */
  #urgentFirst(before: Delivery | null, after: Delivery): void {
    const id = String(after._id);
    const { now } = this.#scheduler;
    // While the office holds all sending, urgent matters wait too.
    const held = this.#store.collections.State.rows.has('hold');
    if (held) this.#heldAt = now;
    const waits = (after.state === 'planned' || after.state === 'unknown') && after.reason === null && after.waitsFor === null && after.digestKey === null;
    if (after.lane === 'urgent') {
      if (!waits) this.#urgent.delete(id);
      else if (before?.notBefore !== after.notBefore || !this.#urgent.has(id)) this.#urgent.set(id, { key: after.key, since: Math.max(now, after.notBefore.getTime()) });
      return;
    }
    if (after.state !== 'claimed' || before?.state === 'claimed' || this.#slow || held || this.#urgent.size === 0) return;
    // Held back by the office: answers pass, urgent messages wait, and their patience begins with its end.
    if (this.#store.collections.State.find({ _id: 'hold' }).length > 0) {
      for (const [other, entry] of this.#urgent) this.#urgent.set(other, { ...entry, since: Math.max(now, entry.since) });
      return;
    }
    // A process that stood still between its look at the queue and its claim takes what it saw then.
    if ((after.claimedUntil?.getTime() ?? 0) - now < LEASE_MS - 1_000) return;
    const waiting = [...this.#urgent].filter(([, { since }]) => now - Math.max(since, this.#heldAt) > (this.#heldAt > 0 ? LEASE_MS : 0) + URGENT_PATIENCE_MS + this.#clocks);
    // The same claim may take them in this very moment.
    for (const [other, entry] of waiting) {
      this.#scheduler.after(200, null, () => {
        if (this.#urgent.get(other) === entry) this.broke('urgent-waits', `${entry.key} waits since ${now - entry.since} ms, ${after.key} is taken`);
      });
    }
  }
}
