import type { Delivery } from '../../src/delivery/delivery.model.js';
import { GATHER } from '../../src/delivery/digest/digest-keys.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import type { Fleet } from './fleet.js';
import type { Scheduler } from './scheduler.js';
import type { Store } from './store.js';
import type { Workload } from './workload.js';

const MINUTE = 60_000;
const LOOK_EVERY_MS = 5_000;
/** Nothing due for so long: the house may be switched off meanwhile. */
const WORTH_SWITCHING_OFF_MS = 3 * MINUTE;
/** What has not come to rest after so many hours of working never will. */
const PATIENCE_MS = 6 * 60 * MINUTE;

/** Waits after the faults until every message has come to an end; switches the house off where nothing is due for long. */
export class Rest {
  readonly #spec: { scheduler: Scheduler; store: Store; fleet: Fleet; workload: Workload };
  readonly #since: number;

  constructor(spec: { scheduler: Scheduler; store: Store; fleet: Fleet; workload: Workload }) {
    this.#spec = spec;
    this.#since = spec.scheduler.now;
  }

  await(): void {
    const { scheduler, fleet, workload } = this.#spec;
    const { now } = scheduler;
    const next = workload.pending > 0 ? now : this.#nextDue();
    if (next === null || now - this.#since - fleet.offMs > PATIENCE_MS) return scheduler.stop();
    if (fleet.on && next - now > WORTH_SWITCHING_OFF_MS) fleet.switchOff(next - MINUTE);
    scheduler.at(Math.max(fleet.on ? 0 : fleet.onAgainAt, now + LOOK_EVERY_MS), null, () => this.await());
  }

  /** When something is to be done next; null: never. */
  #nextDue(): number | null {
    const { store, scheduler } = this.#spec;
    const { Delivery, Task, Meeting, Inbound } = store.collections;
    const { now } = scheduler;
    if (Task.count({ 'intents.key': { $gt: '' } }) + Meeting.count({ 'intents.key': { $gt: '' } }) + Inbound.count({ state: { $in: ['new', 'claimed'] } }) > 0) return now;
    if (Delivery.count({ state: { $in: ['claimed', 'sending'] } }) + Delivery.count({ unsealed: true }) > 0) return now;
    const waiting = (Delivery.find({ state: { $in: ['planned', 'unknown'] }, reason: null }) as unknown as Delivery[])
      // What travels in a digest waits as long as the digest does.
      .filter((row) => row.digestKey === null || row.digestKey === GATHER).map((row) => row.notBefore.getTime());
    const meetings = Meeting.find({ 'attendees.nextStepAt': { $ne: null } }) as unknown as Meeting[];
    const steps = meetings.flatMap((meeting) => meeting.attendees.flatMap(({ nextStepAt }) => (nextStepAt ? [nextStepAt.getTime()] : [])));
    // Somebody still waits for a sign from the phone.
    const silent = (Delivery.find({ state: { $in: ['accepted', 'dead'] }, silentAt: { $gt: new Date(0) } }) as unknown as Delivery[]).map((row) => row.silentAt?.getTime() ?? now);
    const all = [...waiting, ...steps, ...silent];
    return all.length > 0 ? all.reduce((least, at) => Math.min(least, at)) : null;
  }
}
