import { days2026 } from '../../src/calendar/known-days.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';

const MINUTE = 60_000;
const VIETNAM_MS = 7 * 60 * MINUTE;

/** 21:00 to 06:30 and days off, worked out here once more and differently; the list of days may be changed on the way. */
export class QuietDays {
  readonly #changes = new Map<string, { kind: 'off' | 'worked'; since: number }>();

  change(on: string, kind: 'off' | 'worked', since: number): void {
    this.#changes.set(on, { kind, since });
  }

  /** The database was put back to how it was then. */
  forget(since: number): void {
    for (const [on, change] of this.#changes) if (change.since > since) this.#changes.delete(on);
  }

  /** Was it quiet for this message at that moment, by the list as it stood then? */
  isQuiet(row: Delivery, at: number): boolean {
    if (row.lane === 'urgent' || row.chat || row.asked === 'now') return false;
    const local = new Date(at + VIETNAM_MS);
    const minutes = local.getUTCHours() * 60 + local.getUTCMinutes();
    if (minutes >= 21 * 60 || minutes < 6 * 60 + 30) return true;
    if (row.asked === 'by-day') return false;
    const on = local.toISOString().slice(0, 10);
    const change = this.#changes.get(on);
    const known = change && at >= change.since ? change.kind : days2026.find((day) => day.on === on)?.kind;
    return known ? known === 'off' : local.getUTCDay() % 6 === 0;
  }
}
