import type { Ctx } from '../context.js';

/** The outbox in numbers, for /readyz and /metrics. */
export interface OutboxHealth {
  /** Due for more than two minutes and still here: something stands still. */
  overdue: number;
  /** Due now or later. */
  waiting: number;
  /** A copy may have arrived; not settled yet or left so. */
  unknown: number;
  /** Reached nobody in the last 24 hours. */
  dead24h: number;
  /** What came in and is not worked on for more than two minutes, and what was parked. */
  inboxOverdue: number;
  inboxParked: number;
}

const OVERDUE_MS = 2 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** Compares plan and ledger by indexed counts. */
export async function auditOutbox(ctx: Ctx): Promise<OutboxHealth> {
  const now = ctx.clock.now().getTime();
  const late = { $lt: new Date(now - OVERDUE_MS) };
  const { Delivery, Inbound } = ctx.db;
  const [overdue, waiting, unknown, dead24h, inboxOverdue, inboxParked] = await Promise.all([
    Delivery.countDocuments({ state: { $in: ['planned', 'claimed', 'sending', 'unknown'] }, reason: null, notBefore: late }),
    Delivery.countDocuments({ state: { $in: ['planned', 'claimed', 'sending'] } }),
    Delivery.countDocuments({ state: 'unknown' }),
    Delivery.countDocuments({ state: 'dead', finishedAt: { $gte: new Date(now - DAY_MS) } }),
    Inbound.countDocuments({ state: { $in: ['new', 'claimed'] }, notBefore: late }),
    Inbound.countDocuments({ state: 'parked' }),
  ]);
  return { overdue, waiting, unknown, dead24h, inboxOverdue, inboxParked };
}
