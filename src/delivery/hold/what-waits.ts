import type { Ctx } from '../../context.js';
import type { Actor } from '../../people/actor.js';
import { mustBeAllowed } from '../../people/policy.js';
import type { Delivery } from '../delivery.model.js';
import type { Lane } from '../intent.js';
import { passesHold, readHold, type Hold } from './hold.js';

/** A message that would leave if the hold ended now. */
export interface Waiting {
  id: string;
  personId: string | null;
  kind: string;
  lane: Lane;
  taskCode: string | null;
  meetingCode: string | null;
  /** When it was to leave at first. */
  dueAt: Date;
  /** It probably left already, before the database was put back. */
  leftBefore: boolean;
}

export interface Preview {
  hold: Hold | null;
  total: number;
  leftBefore: number;
  counts: { kind: string; lane: Lane; n: number; leftBefore: number }[];
  /** Urgent first, then by time; at most SHOWN. */
  first: Waiting[];
}

/** The ticks make up for what they missed within so long of the hold's beginning. */
const CATCH_UP_MS = 3 * 60_000;
const SHOWN = 200;
const BATCH = 1_000;
const DENSE = 5_000;

type Row = Pick<Delivery, '_id' | 'personId' | 'kind' | 'lane' | 'taskCode' | 'meetingCode' | 'notBefore' | 'createdAt' | 'cause' | 'data' | 'chat' | 'digestKey' | 'attempts'>;

/** When it was to leave at first: reminders name the hour they were planned for; what was called before was due by then, whenever it is due again. */
function dueAt(row: Row): Date {
  const { at } = row.data ?? {};
  const planned = typeof at === 'string' ? new Date(at) : null;
  if (planned && !Number.isNaN(planned.getTime())) return planned;
  const called = row.attempts[0]?.at;
  return called && called < row.notBefore ? called : row.notBefore;
}

/**
 * Whether a message probably left before the restore: it was due by then. What the ticks planned anew right after the
 * restore had been due before it.
 */
export function leftBefore(row: Row, { since, cause, restoredTo }: Hold, sentUntil: Date): boolean {
  if (cause !== 'restored') return false;
  if (dueAt(row) <= sentUntil) return true;
  const caughtUp = row.createdAt >= since && row.createdAt.getTime() < since.getTime() + CATCH_UP_MS;
  return caughtUp && row.cause.startsWith('tick:') && typeof row.data?.['at'] !== 'string' && (restoredTo === null || restoredTo < sentUntil);
}

/** Where nobody knows until when messages were sent: everything up to the moment the hold began. */
export const sentUntilOf = (hold: Hold): Date => hold.lastSentAt ?? hold.since;

/** All that would leave if the hold ended now, in batches. `more`: a further filter. */
export async function* waitingRows(ctx: Ctx, hold: Hold, more: Record<string, unknown> = {}): AsyncGenerator<Row[]> {
  const now = ctx.clock.now();
  const filter = { ...more, state: { $in: ['planned', 'unknown'] as const }, reason: null, notBefore: { $lte: new Date(Math.max(now.getTime(), sentUntilOf(hold).getTime())) } };
  // Of many each page is found by walking on; of few sooner by their state, sorted anew for each page.
  const walk = (await ctx.db.Delivery.countDocuments(filter, { limit: DENSE + 1 })) > DENSE ? { hint: { _id: 1 } } : {};
  for (let after: Row['_id'] | null = null; ; ) {
    const rows: Row[] = await ctx.db.Delivery.find({ ...filter, ...(after ? { _id: { $gt: after } } : {}) }, { personId: 1, kind: 1, lane: 1, taskCode: 1, meetingCode: 1, notBefore: 1, createdAt: 1, cause: 1, data: 1, chat: 1, digestKey: 1, 'attempts.at': 1 }, walk)
      .sort({ _id: 1 }).limit(BATCH).lean<Row[]>();
    const end = rows.at(-1);
    if (!end) return;
    yield rows;
    after = end._id;
  }
}

/** The page "Tạm dừng gửi": what is held back and would leave, and what of it probably left already. Throws forbidden. */
export async function previewHold(ctx: Ctx, actor: Actor): Promise<Preview> {
  mustBeAllowed(actor, 'hold.read');
  const hold = await readHold(ctx);
  const preview: Preview = { hold, total: 0, leftBefore: 0, counts: [], first: [] };
  if (!hold) return preview;
  const counts = new Map<string, Preview['counts'][number]>();
  for await (const rows of waitingRows(ctx, hold, { $nor: [passesHold(hold)] })) {
    const waiting = rows.map((row) => toWaiting(row, hold));
    for (const { kind, lane, leftBefore: left } of waiting) {
      const count = counts.get(`${lane} ${kind}`) ?? { kind, lane, n: 0, leftBefore: 0 };
      counts.set(`${lane} ${kind}`, { ...count, n: count.n + 1, leftBefore: count.leftBefore + Number(left) });
      preview.total += 1;
      preview.leftBefore += Number(left);
    }
    preview.first = [...preview.first, ...waiting].sort(urgentFirst).slice(0, SHOWN);
  }
  preview.counts = [...counts.values()].sort((a, b) => b.n - a.n);
  return preview;
}

const urgentFirst = (a: Waiting, b: Waiting): number => Number(b.lane === 'urgent') - Number(a.lane === 'urgent') || a.dueAt.getTime() - b.dueAt.getTime();

const toWaiting = (row: Row, hold: Hold): Waiting => ({
  id: row._id.toString(),
  personId: row.personId?.toString() ?? null,
  kind: row.kind,
  lane: row.lane,
  taskCode: row.taskCode,
  meetingCode: row.meetingCode,
  dueAt: dueAt(row),
  leftBefore: leftBefore(row, hold, sentUntilOf(hold)),
});
