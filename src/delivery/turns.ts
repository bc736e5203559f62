/** About one call at the usual limit of 30 a second. */
const SPACING_MS = 33;
/** However many copies a matter has, the last one's turn comes at most so much later than the first one's. */
const LATEST_MS = 5 * 60_000;

/** What decides the turn of a delivery. */
export interface Turned {
  lane: string;
  taskCode: string | null;
  meetingCode: string | null;
  notBefore: Date;
}

/**
 * Turns for deliveries planned together: the first copy of a matter has its turn when it is due, each further one a little
 * later, about as fast as a channel takes them. So one task with 5,000 people does not hold up 5,000 tasks with one, and is
 * not held up by them either. Only the turn among those due moves; with nobody else waiting all may leave at once.
 */
export function turns(): (row: Turned) => Date {
  const copies = new Map<string, number>();
  return (row) => {
    const matter = row.taskCode ?? row.meetingCode;
    if (matter === null) return row.notBefore;
    const flow = `${row.lane}:${matter}:${row.notBefore.getTime()}`;
    const before = copies.get(flow) ?? 0;
    copies.set(flow, before + 1);
    return new Date(row.notBefore.getTime() + Math.min(LATEST_MS, before * SPACING_MS));
  };
}
