import { allWorks, type Ctx, type Work } from '../context.js';
import { GATHER } from '../delivery/digest/digest-keys.js';
import { lanes } from '../delivery/intent.js';
import { readHold, type Hold } from '../delivery/hold/hold.js';
import { headOf } from '../delivery/ledger/seal-ledger.js';
import type { Head } from '../delivery/ledger/entry.js';

/** Plan and ledger compared, in numbers; for /readyz, /metrics, the back office and the alarm. */
export interface Audit {
  /** Due for more than STILL_MS and still here: something stands still. */
  overdue: number;
  /** Of these the urgent ones. */
  urgentOverdue: number;
  /** Due now or later; counted up to MANY. */
  waiting: number;
  /** A copy may have arrived; not settled yet or left so. */
  unknown: number;
  /** Reached nobody in the last 24 hours. */
  dead24h: number;
  /** What came in and is not worked on, and what was parked. */
  inboxOverdue: number;
  inboxParked: number;
  /** Reminders and alert steps whose moment has passed without being planned. */
  remindersOverdue: number;
  alertsOverdue: number;
  /** Facts whose messages are not planned yet, however young; counted up to MANY. */
  intentsWaiting: number;
  /** Changes the ledger's chain should hold by now, counted up to MANY. */
  unsealedOverdue: number;
}

/** What is due for so long and still here stands still. With one look in thirty seconds a stop is told within two minutes. */
export const STILL_MS = 80_000;
/** Ordinary messages may wait for a limit; longer than this is worth a word even while others leave. */
export const SLOW_MS = 30 * 60_000;
export const UNSEALED_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;
const MANY = 10_000;

const open = ['planned', 'claimed', 'sending', 'unknown'] as const;

/** Not settled and due before then: what the outbox should have sent, or the digests' tick gathered. Inside a digest it is the digest that counts. */
const dueBefore = (instant: Date) => ({ state: { $in: open }, reason: null, digestKey: { $in: [null, GATHER] }, notBefore: { $lt: instant } });

/** Counts by indexed queries. */
export async function auditOutbox(ctx: Pick<Ctx, 'db' | 'clock'>): Promise<Audit> {
  const now = ctx.clock.now().getTime();
  const late = new Date(now - STILL_MS);
  const { AuditEntry, Delivery, Inbound, Meeting, Task } = ctx.db;
  const most = { limit: MANY };
  const [overdue, urgentOverdue, waiting, unknown, dead24h, inboxOverdue, inboxParked, remindersOverdue, alertsOverdue, intentsOfTasks, intentsOfMeetings, unsealed] = await Promise.all([
    Delivery.countDocuments(dueBefore(late), most),
    Delivery.countDocuments({ ...dueBefore(late), lane: 'urgent' }, most),
    Delivery.countDocuments({ state: { $in: ['planned', 'claimed', 'sending'] }, lane: { $in: lanes } }, most),
    Delivery.countDocuments({ state: 'unknown' }, most),
    Delivery.countDocuments({ state: 'dead', finishedAt: { $gte: new Date(now - DAY_MS) } }, most),
    Inbound.countDocuments({ state: { $in: ['new', 'claimed'] }, notBefore: { $lt: late } }, most),
    Inbound.countDocuments({ state: 'parked' }, most),
    Task.countDocuments({ nextReminderAt: { $lt: late, $ne: null } }, most),
    Meeting.countDocuments({ 'attendees.nextStepAt': { $lt: late, $ne: null } }, most),
    Task.countDocuments({ 'intents.key': { $gt: '' } }, most),
    Meeting.countDocuments({ 'intents.key': { $gt: '' } }, most),
    oldUnsealed(ctx, [Delivery, AuditEntry]),
  ]);
  return { overdue, urgentOverdue, waiting, unknown, dead24h, inboxOverdue, inboxParked, remindersOverdue, alertsOverdue, intentsWaiting: intentsOfTasks + intentsOfMeetings, unsealedOverdue: unsealed };
}

interface Markable {
  countDocuments(filter: Record<string, unknown>, options: { limit: number }): PromiseLike<number>;
}

/** Unchained rows that the chain has fallen behind with: there are such, and the last entry is old. */
async function oldUnsealed(ctx: Pick<Ctx, 'db' | 'clock'>, models: Markable[]): Promise<number> {
  const counts = await Promise.all(models.map((model) => model.countDocuments({ unsealed: true }, { limit: MANY })));
  const waiting = counts.reduce((sum, n) => sum + n, 0);
  if (waiting === 0) return 0;
  const { at } = await headOf(ctx);
  const oldest = at ?? (await ctx.db.Delivery.findOne({ unsealed: true }, { createdAt: 1 }).sort({ _id: 1 }).lean())?.createdAt;
  return oldest && ctx.clock.now().getTime() - oldest.getTime() > UNSEALED_MS ? waiting : 0;
}

/** The older facts that say since when something stands still. */
export interface Ages {
  /** The oldest overdue delivery and the oldest urgent one. */
  overdueSince: Date | null;
  urgentSince: Date | null;
  inboxSince: Date | null;
  /** Whether any message was sent or ended within STILL_MS: then ordinary ones only wait their turn. */
  moving: boolean;
  hold: Hold | null;
  head: Head;
}

export async function ages(ctx: Pick<Ctx, 'db' | 'clock'>): Promise<Ages> {
  const late = new Date(ctx.clock.now().getTime() - STILL_MS);
  const { Delivery, Inbound } = ctx.db;
  const oldest = async (more: Record<string, unknown>) => (await Delivery.findOne({ ...dueBefore(late), ...more }, { notBefore: 1 }).sort({ notBefore: 1 }).lean())?.notBefore ?? null;
  const [overdueSince, urgentSince, inbound, sent, ended, hold, head] = await Promise.all([
    oldest({}),
    oldest({ lane: 'urgent' }),
    Inbound.findOne({ state: { $in: ['new', 'claimed'] }, notBefore: { $lt: late } }, { notBefore: 1 }).sort({ notBefore: 1 }).lean(),
    Delivery.exists({ acceptedAt: { $gte: late } }),
    Delivery.exists({ state: { $in: ['suppressed', 'expired', 'dead', 'unknown'] }, finishedAt: { $gte: late } }),
    readHold(ctx),
    headOf(ctx),
  ]);
  return { overdueSince, urgentSince, inboxSince: inbound?.notBefore ?? null, moving: Boolean(sent ?? ended), hold, head };
}

const TICKS = 'ticks';

/** Adds what this instance's timetable did to what all instances know: a tick may come round elsewhere. */
export async function shareTicks(ctx: Pick<Ctx, 'db' | 'clock'>, own: Partial<Record<string, Date | null>>): Promise<void> {
  const seen = allWorks.flatMap((work) => (own[work] ? [[`value.${work}`, own[work]] as const] : []));
  if (seen.length === 0) return;
  await ctx.db.State.updateOne({ _id: TICKS }, { $max: Object.fromEntries(seen), $set: { updatedAt: ctx.clock.now() } }, { upsert: true });
}

/** When each work of `own` last ran on any instance. */
export async function lastTicks(ctx: Pick<Ctx, 'db'>, own: Record<string, Date | null>): Promise<Record<string, Date | null>> {
  if (Object.keys(own).length === 0) return {};
  const found = await ctx.db.State.findById(TICKS).lean();
  const shared = (found?.value ?? {}) as Partial<Record<Work, Date>>;
  const later = (a: Date | null | undefined, b: Date | null | undefined): Date | null => (a && b ? (a > b ? a : b) : (a ?? b ?? null));
  return Object.fromEntries(Object.entries(own).map(([work, at]) => [work, later(at, shared[work as Work])]));
}
