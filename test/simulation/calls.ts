import type { Delivery } from '../../src/delivery/delivery.model.js';
import type { Channel } from '../../src/kernel/channels.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import type { Province } from './people.js';
import type { Life } from './process.js';
import type { QuietDays } from './quiet-days.js';
import { FRESH_MS, LEASE_MS, type Sight } from './sight.js';

/** A call that leaves now. */
export interface Call {
  life: Life;
  key: string;
  channel: Channel;
}

/** May this call be made now, of this row? */
export class CallRules {
  readonly #sight: Sight;
  readonly #away: Province['away'];
  readonly #quiet: QuietDays;
  readonly #confirmed = new Map<string, { at: number; version: number }>();

  constructor(sight: Sight, spec: { away: Province['away']; quiet: QuietDays }) {
    this.#sight = sight;
    this.#away = spec.away;
    this.#quiet = spec.quiet;
  }

  called(row: Delivery, { life, key }: Call): void {
    const { scheduler, moments, clocks, clockSteps, broke } = this.#sight;
    const { now } = scheduler;
    const begun = moments.begun.get(key) ?? 0;
    const due = moments.due.get(key) ?? 0;
    const held = row.state === 'sending' && row.claimedBy?.startsWith(`${life.name}#`) === true;
    if (!held && !clockSteps) broke('without-lease', `${key}: ${life.name} calls while the row is ${row.state} (${row.claimedBy ?? 'nobody'})`);
    if (now - begun > FRESH_MS + clocks) broke('without-lease', `${key}: called ${now - begun} ms after it was written down`);
    if (now + clocks < due) broke('too-early', `${key}: ${due - now} ms before its time`);
    if (row.expiresAt && now - row.expiresAt.getTime() > LEASE_MS + FRESH_MS + clocks) broke('stale', `${key}: ${now - row.expiresAt.getTime()} ms too old`);
    // Quiet by every clock that may have been looked at, since the decision was made.
    const looked = [now + clocks, now, now - LEASE_MS - FRESH_MS - clocks];
    if (looked.every((at) => this.#quiet.isQuiet(row, at))) broke('quiet-hours', `${key} (${row.lane})`);
    this.#mayStillBeTold(row, begun);
    this.#isHere(row);
  }

  /** Who has confirmed a place of this meeting, and when. */
  confirmations(meeting: Meeting): void {
    for (const { personId, acknowledgedAt } of meeting.attendees) {
      const who = `${meeting.code}:${String(personId)}`;
      if (acknowledgedAt && this.#confirmed.get(who)?.version !== meeting.version) this.#confirmed.set(who, { at: this.#sight.scheduler.now, version: meeting.version });
    }
  }

  /** The database was put back and does not know of confirmations since. */
  forget(since: number): void {
    for (const [who, { at }] of this.#confirmed) if (at > since) this.#confirmed.delete(who);
  }

  /** Whoever is on leave since before it was decided, and has somebody at work acting for them, is left in peace. */
  #isHere(row: Delivery): void {
    const { scheduler, clocks, broke } = this.#sight;
    const { now } = scheduler;
    const leave = this.#away.get(String(row.personId));
    const margin = clocks + LEASE_MS + FRESH_MS;
    // A correction goes to whoever was invited themselves before they went.
    if (['meeting-postponed', 'meeting-cancelled'].includes(row.kind)) return;
    if (!leave || row.chat || this.#away.has(leave.deputyId) || now - margin < leave.from || now + margin >= leave.until) return;
    if (!row.attempts.some(({ outcome }) => outcome === 'unknown')) broke('told-on-leave', `${row.key} (${row.kind})`);
  }

  #mayStillBeTold(row: Delivery, begun: number): void {
    const { moments, slow, broke } = this.#sight;
    const marked = moments.marked.get(row.key) ?? Infinity;
    if (begun > marked) broke('after-acknowledgement', `${row.key}: begun ${begun - marked} ms after it was marked`);
    this.#meetingAhead(row);
    // Whoever acts for somebody may have confirmed their own place only.
    if (!['meeting-alert', 'meeting-postponed'].includes(row.kind) || row.data['forPersonId'] !== undefined || row.behalfOf) return;
    const confirmed = this.#confirmed.get(`${row.meetingCode}:${String(row.personId)}`);
    if (confirmed && confirmed.version === row.data['version'] && begun > confirmed.at + 1_000 + (slow ? LEASE_MS : 0)) {
      broke('after-acknowledgement', `${row.key}: begun ${begun - confirmed.at} ms after the person confirmed`);
    }
  }

  /** Nobody is called to a meeting that has begun. */
  #meetingAhead(row: Delivery): void {
    const { store, scheduler, clocks, broke } = this.#sight;
    if (!row.kind.startsWith('meeting-')) return;
    const meeting = store.collections.Meeting.find({ code: row.meetingCode ?? '' })[0] as unknown as Meeting | undefined;
    const late = scheduler.now - (meeting?.startsAt.getTime() ?? Infinity);
    if (late > LEASE_MS + FRESH_MS + clocks) broke('stale', `${row.key}: the meeting began ${late} ms ago`);
  }
}
