import { ZONE } from './local-date.js';

/** Every date would be wrong by hours, or written in UTC, without a word of complaint. */
export class ZoneError extends Error {
  constructor() {
    super(`This machine does not know the time zone ${ZONE} (UTC+7): install tzdata, or a Node.js with full ICU`);
    this.name = 'ZoneError';
  }
}

/** Midnight of 1 January 2026 in Vietnam, and of 1 July: the zone has no summer time. */
const MIDNIGHTS = [Date.UTC(2025, 11, 31, 17), Date.UTC(2026, 5, 30, 17)];

/** Throws ZoneError where Intl lacks the zone or has it wrong. The zone of the process itself does not matter. */
export function mustKnowZone(): void {
  if (!MIDNIGHTS.every((instant) => wallClock(instant) === '00:00')) throw new ZoneError();
}

function wallClock(instant: number): string | null {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(instant);
  } catch {
    return null;
  }
}
