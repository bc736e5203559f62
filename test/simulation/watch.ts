import type { Delivery, DeliveryState } from '../../src/delivery/delivery.model.js';
import { entersFrom, rank } from '../../src/delivery/delivery-states.js';
import type { Intent } from '../../src/delivery/intent.js';
import { keys } from '../../src/delivery/keys.js';
import type { Channel } from '../../src/kernel/channels.js';
import type { Document } from '../../src/embedded-mongo/bson/index.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { CallRules, type Call } from './calls.js';
import { Copies } from './copies.js';
import { DigestLines } from './digest-lines.js';
import { FairOrder } from './fair-order.js';
import { FurtherAttempts } from './further-attempts.js';
import { HoldRules } from './holds.js';
import type { Province } from './people.js';
import type { Life } from './process.js';
import type { Copy } from './provider.js';
import { QuietDays } from './quiet-days.js';
import { Rests } from './rests.js';
import type { Rule, Violation } from './rules.js';
import type { Scheduler } from './scheduler.js';
import { Moments, STEP_MS, SURE_MS, type Sight } from './sight.js';
import { Stills } from './stills.js';
import type { Store } from './store.js';
import { Swarms } from './swarms.js';
import { UrgentFirst } from './urgent-first.js';

/** What happened shortly before a long rest of the house may only be dealt with after it. */
const OFF_MS = 30 * 60_000;

export interface WatchSpec {
  store: Store;
  scheduler: Scheduler;
  clockSteps: boolean;
  slow: boolean;
  databaseFails: boolean;
  /** Providers that can be asked what became of a call. */
  findable: ReadonlySet<Channel>;
  away: Province['away'];
  office: ReadonlySet<string>;
}

/** Looks at every write, call and copy while they happen; each rule has a room of its own. */
export class Watch {
  readonly violations: Violation[] = [];
  readonly quiet = new QuietDays();
  /** Milliseconds of the epoch in which the whole house was switched off. */
  readonly off: { from: number; to: number }[] = [];
  readonly stills = new Stills();
  readonly #copies: Copies;
  readonly #moments = new Moments();
  /** When each message that follows from a fact was decided, by delivery key; "*" stands for anybody of the office. */
  readonly #expected = new Map<string, number>();
  readonly #away: Province['away'];
  readonly #store: Store;
  readonly #scheduler: Scheduler;
  readonly #sight: Sight;
  readonly #digests: DigestLines;
  readonly #rests: Rests;
  readonly #calls: CallRules;
  readonly #urgent: UrgentFirst;
  readonly #further: FurtherAttempts;
  readonly #holds: HoldRules;
  readonly #fair: FairOrder;
  readonly #swarms: Swarms;

  constructor({ store, scheduler, away, ...spec }: WatchSpec) {
    this.#store = store;
    this.#scheduler = scheduler;
    this.#away = away;
    this.#sight = {
      store, scheduler, stills: this.stills, moments: this.#moments, clocks: spec.clockSteps ? STEP_MS : SURE_MS, clockSteps: spec.clockSteps, slow: spec.slow,
      databaseFails: spec.databaseFails, broke: (rule, what) => this.broke(rule, what),
    };
    this.#copies = new Copies(this.#sight, spec.findable);
    this.#digests = new DigestLines(store, (what) => this.broke('told-twice', what));
    this.#rests = new Rests(scheduler);
    this.#calls = new CallRules(this.#sight, { away, quiet: this.quiet });
    this.#urgent = new UrgentFirst(this.#sight);
    this.#further = new FurtherAttempts(this.#sight);
    this.#holds = new HoldRules(this.#sight);
    this.#fair = new FairOrder(this.#sight);
    this.#swarms = new Swarms(this.#sight, spec.office);
    const { Delivery, Task, Meeting, State } = store.collections;
    Delivery.onWrite = (before, after) => this.#delivery(before as unknown as Delivery | null, after as unknown as Delivery);
    Task.onWrite = (before, after) => this.#facts(before, after);
    Meeting.onWrite = (before, after) => {
      this.#facts(before, after);
      this.#calls.confirmations(after as unknown as Meeting);
    };
    State.onWrite = (_before, after) => this.#holds.wrote(after);
  }

  broke(rule: Rule, what: string): void {
    // A run in which everything is broken tells no more the longer it takes.
    if (this.violations.length === 50) this.#scheduler.stop();
    if (this.violations.length <= 50) this.violations.push({ at: new Date(this.#scheduler.now).toISOString(), rule, what });
  }

  /** Every message that follows from a fact, by delivery key. */
  get expected(): Iterable<string> {
    return this.#expected.keys();
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
    return this.#moments.due.get(key) ?? 0;
  }

  /** Copies of which the database can know. */
  copiesOf(key: string): readonly Copy[] {
    return this.#copies.known(key);
  }

  /** All that reached a phone, also what the database was made to forget; not of another meeting that had the same number then. */
  everyCopyOf({ key, meetingCode }: Pick<Delivery, 'key' | 'meetingCode'>): readonly Copy[] {
    return this.#copies.all(key, this.#meeting(meetingCode));
  }

  #meeting(code: string | null): string | null {
    return code === null ? null : String(this.#store.collections.Meeting.find({ code })[0]?.['title']);
  }

  /** A provider asked for a rest. Where calls to the database may fail, the news may be lost on the way to the others. */
  resting(rest: { life: Life; channel: Channel; until: number }): void {
    if (!this.#sight.databaseFails && !this.#sight.clockSteps) this.#rests.heard(rest);
  }

  /** A provider was asked what became of a call. */
  asked(key: string, found: 'sent' | 'not-sent' | 'unknown'): void {
    if (found === 'unknown') this.#copies.unsaid.add(key);
  }

  /** The house was switched off then or soon after. */
  wasOff(at: number): boolean {
    return this.off.some(({ from, to }) => at >= from - OFF_MS && at <= to + OFF_MS);
  }

  /** The database was put back to how it was at `to`: what came after is known to nobody but the people who were told. */
  putBack(to: number): void {
    const left = this.#copies.forget(to, (key) => this.#digests.linesOf(key));
    const known = new Set(this.#store.collections.Delivery.find({}).map((row) => String(row['key'])));
    for (const [key, at] of this.#expected) if (at > to) this.#expected.delete(key);
    this.#moments.forget(to, known);
    this.quiet.forget(to);
    this.#digests.forget(to);
    this.#calls.forget(to);
    this.#urgent.forget();
    this.#fair.forget();
    this.#swarms.forget();
    this.#holds.putBack(left);
  }

  called(call: Call): void {
    const { key, channel, life } = call;
    const row = this.find(key);
    if (!row) return this.broke('without-lease', `${key}: called, but no such row`);
    this.#calls.called(row, call);
    const early = this.#rests.tooEarly(channel, this.#moments.claimed.get(key) ?? 0);
    if (early !== null) this.broke('within-rest', `${key}: ${life.name} calls ${channel} ${early} ms before its rest is over`);
    this.#digests.called(row);
    this.#further.called(row);
    this.#holds.called(row);
    this.#swarms.called(row);
  }

  delivered(copy: Copy): void {
    const row = this.find(copy.key);
    if (row) {
      this.#digests.told(row, copy);
      this.#holds.delivered(row, copy, [row.key, ...this.#digests.linesOf(row.key)]);
    }
    this.#copies.add(copy, this.#meeting(row?.meetingCode ?? null));
  }

  /** A message planned by a direct call. */
  expect(key: string): void {
    this.#expected.set(key, this.now);
  }

  #facts(before: Document | null, after: Document): void {
    const old = new Set(((before?.['intents'] ?? []) as Intent[]).map((intent) => intent.key));
    for (const intent of after['intents'] as Intent[]) {
      if (old.has(intent.key)) continue;
      for (const to of intent.to) this.#expected.set(keys.forPerson(intent.key, 'personId' in to ? to.personId : '*'), this.now);
    }
  }

  #delivery(before: Delivery | null, after: Delivery): void {
    this.#moments.wrote(before, after, this.now);
    if (!before) {
      this.#further.planned(after);
      if (this.#store.collections.Delivery.count({ key: after.key }) > 1) this.broke('planned-twice', after.key);
    }
    if (before && before.state !== after.state) this.#moved(before.state, after);
    this.#urgent.wrote(before, after);
    this.#fair.wrote(before, after);
  }

  #moved(from: DeliveryState, after: Delivery): void {
    const legal = (entersFrom[after.state] as readonly DeliveryState[]).includes(from);
    // What the provider took may turn out not to be deliverable; what arrived stays so.
    const undone = rank[from] > 0 && rank[after.state] < rank[from] && !(from === 'accepted' && after.reason === 'undelivered');
    if (!legal || undone) this.broke('illegal-move', `${after.key}: ${from} -> ${after.state}`);
  }
}
