import { days2026 } from '../../src/calendar/known-days.js';
import type { Delivery, DeliveryState } from '../../src/delivery/delivery.model.js';
import { entersFrom, rank } from '../../src/delivery/delivery-states.js';
import type { Intent } from '../../src/delivery/intent.js';
import { keys } from '../../src/delivery/keys.js';
import type { Document } from '../../src/embedded-mongo/bson/index.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import type { Life } from './process.js';
import type { Copy } from './provider.js';
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
] as const;
export type Rule = (typeof rules)[number];

/** The longest way from "may leave now" to the call: a claim's lease. What was decided before an edge may still leave after it. */
const LEASE_MS = 15_000;
/** From the line in the ledger to the call itself; longer only where the process stood still. */
const FRESH_MS = 5_000;
const URGENT_PATIENCE_MS = 4_000;
const MINUTE = 60_000;
const VIETNAM_MS = 7 * 60 * MINUTE;

/** Looks at every write, call and copy while they happen. */
export class Watch {
  readonly violations: Violation[] = [];
  /** Every message that follows from a fact, by delivery key; "*" stands for anybody of the office. */
  readonly expected = new Set<string>();
  readonly copies = new Map<string, Copy[]>();
  readonly #due = new Map<string, number>();
  readonly #begun = new Map<string, number>();
  readonly #marked = new Map<string, number>();
  readonly #confirmed = new Map<string, { at: number; version: number }>();
  readonly #urgent = new Map<string, { key: string; since: number }>();
  readonly #store: Store;
  readonly #scheduler: Scheduler;
  /** How wrong clocks may be in this run, in milliseconds. */
  readonly #clocks: number;
  readonly #slow: boolean;

  constructor(spec: { store: Store; scheduler: Scheduler; clocks: number; slow: boolean }) {
    this.#store = spec.store;
    this.#scheduler = spec.scheduler;
    this.#clocks = spec.clocks;
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
    if (this.violations.length < 50) this.violations.push({ at: new Date(this.#scheduler.now).toISOString(), rule, what });
  }

  find(key: string): Delivery | undefined {
    return this.#store.collections.Delivery.find({ key })[0] as unknown as Delivery | undefined;
  }

  /** When it first was to leave. */
  dueAt(key: string): number {
    return this.#due.get(key) ?? 0;
  }

  called({ life, key }: { life: Life; key: string }): void {
    const { now } = this.#scheduler;
    const row = this.find(key);
    if (!row) return this.broke('without-lease', `${key}: called, but no such row`);
    const begun = this.#begun.get(key) ?? 0;
    const held = row.state === 'sending' && row.claimedBy?.startsWith(`${life.name}#`) === true;
    if (!held && this.#clocks === 0) this.broke('without-lease', `${key}: ${life.name} calls while the row is ${row.state} (${row.claimedBy ?? 'nobody'})`);
    if (now - begun > FRESH_MS + this.#clocks) this.broke('without-lease', `${key}: called ${now - begun} ms after it was written down`);
    if (now + this.#clocks + 1 < this.dueAt(key)) this.broke('too-early', `${key}: ${this.dueAt(key) - now} ms before its time`);
    if (row.expiresAt && now - row.expiresAt.getTime() > LEASE_MS + FRESH_MS + this.#clocks) this.broke('stale', `${key}: ${now - row.expiresAt.getTime()} ms too old`);
    // Quiet by every clock that may have been looked at, since the decision was made.
    const looked = [now + this.#clocks, now, now - LEASE_MS - FRESH_MS - this.#clocks];
    if (looked.every((at) => this.#isQuiet(row, at))) this.broke('quiet-hours', `${key} (${row.lane})`);
    this.#mayStillBeTold(row, begun);
  }

  #mayStillBeTold(row: Delivery, begun: number): void {
    const marked = this.#marked.get(row.key) ?? Infinity;
    if (begun > marked) this.broke('after-acknowledgement', `${row.key}: begun ${begun - marked} ms after it was marked`);
    if (!['meeting-alert', 'meeting-postponed'].includes(row.kind) || row.data['forPersonId'] !== undefined) return;
    const confirmed = this.#confirmed.get(`${row.meetingCode}:${String(row.personId)}`);
    if (confirmed && confirmed.version === row.data['version'] && begun > confirmed.at + 1_000 + (this.#slow ? LEASE_MS : 0)) {
      this.broke('after-acknowledgement', `${row.key}: begun ${begun - confirmed.at} ms after the person confirmed`);
    }
  }

  delivered(copy: Copy): void {
    const copies = [...(this.copies.get(copy.key) ?? []), copy];
    this.copies.set(copy.key, copies);
    if (copies.length > 2) this.broke('duplicated', `${copy.key}: ${copies.length} copies`);
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
      if (this.#store.collections.Delivery.count({ key: after.key }) > 1) this.broke('planned-twice', after.key);
    }
    if (before && before.state !== after.state) this.#moved(before.state, after);
    if (before && after.state === 'sending' && before.state !== 'sending') this.#begun.set(after.key, now);
    if (after.acknowledgedAt && !this.#marked.has(after.key)) this.#marked.set(after.key, now);
    this.#urgentFirst(before, after);
  }

  #moved(from: DeliveryState, after: Delivery): void {
    const legal = (entersFrom[after.state] as readonly DeliveryState[]).includes(from);
    if (!legal || (rank[from] > 0 && rank[after.state] < rank[from])) this.broke('illegal-move', `${after.key}: ${from} -> ${after.state}`);
  }

  /** Nobody takes an ordinary message while an urgent one has been waiting. */
  #urgentFirst(before: Delivery | null, after: Delivery): void {
    const id = String(after._id);
    const { now } = this.#scheduler;
    const waits = (after.state === 'planned' || after.state === 'unknown') && after.reason === null && after.waitsFor === null;
    if (after.lane === 'urgent') {
      if (!waits) this.#urgent.delete(id);
      else if (before?.notBefore !== after.notBefore || !this.#urgent.has(id)) this.#urgent.set(id, { key: after.key, since: Math.max(now, after.notBefore.getTime()) });
      return;
    }
    if (after.state !== 'claimed' || before?.state === 'claimed' || this.#slow || this.#urgent.size === 0) return;
    // A process that stood still between its look at the queue and its claim takes what it saw then.
    if ((after.claimedUntil?.getTime() ?? 0) - now < LEASE_MS - 1_000) return;
    const waiting = [...this.#urgent].filter(([, { since }]) => now - since > URGENT_PATIENCE_MS + this.#clocks);
    // The same claim may take them in this very moment.
    for (const [other, entry] of waiting) {
      this.#scheduler.after(200, null, () => {
        if (this.#urgent.get(other) === entry) this.broke('urgent-waits', `${entry.key} waits since ${now - entry.since} ms, ${after.key} is taken`);
      });
    }
  }

  /** 21:00 to 06:30 and days off, worked out here once more and differently. */
  #isQuiet(row: Delivery, at: number): boolean {
    if (row.lane === 'urgent' || row.chat || row.asked === 'now') return false;
    const local = new Date(at + VIETNAM_MS);
    const minutes = local.getUTCHours() * 60 + local.getUTCMinutes();
    if (minutes >= 21 * 60 || minutes < 6 * 60 + 30) return true;
    if (row.asked === 'by-day') return false;
    const known = days2026.find(({ on }) => on === local.toISOString().slice(0, 10))?.kind;
    return known ? known === 'off' : local.getUTCDay() % 6 === 0;
  }
}
