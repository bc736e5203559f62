import type { Ctx } from '../context.js';
import { isDuplicateKey } from '../db/counters.js';
import type { Problem } from './find-problems.js';

/** What all instances know of one alarm; State "alarm:<part>". */
interface AlarmRecord {
  detail: string;
  since: Date;
  /** Whoever sees the problem renews it; an alarm nobody renews is over. */
  seenAt: Date;
  mailedAt: Date;
  /** A mail went out, and no all-clear after it. */
  told: boolean;
}

/** Somebody who remembers what was told: the database for all instances, or one process while it is gone. */
export interface AlarmRecords {
  /** Of the problems those that it is our turn to mail: at most once an hour each. */
  claim(problems: readonly Problem[]): Promise<Problem[]>;
  /** The mail could not be sent: whoever looks next may try. */
  giveBack(problems: readonly Problem[]): Promise<void>;
  /** Alarms that are over and that it is our turn to call off. */
  over(): Promise<{ part: string; detail: string; since: Date }[]>;
}

const HOUR_MS = 3_600_000;
/** Seen by nobody for so long: over. Longer than an instance takes from look to look. */
const OVER_MS = 75_000;
const idOf = (part: string): string => `alarm:${part}`;
const NEVER = new Date(0);

/** Shared by all instances; every step is one guarded write. */
export const sharedRecords = (ctx: Pick<Ctx, 'db' | 'clock'>): AlarmRecords => {
  let claimedAt = NEVER;
  return {
    claim: async (problems) => {
      claimedAt = ctx.clock.now();
      const turns = await Promise.all(problems.map((problem) => claimOne(ctx, problem, claimedAt)));
      return problems.filter((_, i) => turns[i]);
    },
    giveBack: async (problems) => {
      await ctx.db.State.updateMany({ _id: { $in: problems.map(({ part }) => idOf(part)) }, 'value.mailedAt': claimedAt }, { $set: { 'value.mailedAt': NEVER, 'value.told': false } });
    },
    over: async () => {
      const before = { $lt: new Date(ctx.clock.now().getTime() - OVER_MS) };
      const found = await ctx.db.State.find({ _id: { $gte: 'alarm:', $lt: 'alarm;' }, 'value.told': true, 'value.seenAt': before }).lean();
      const mine = [];
      for (const { _id, value } of found) {
        const { detail, since } = value as AlarmRecord;
        const { modifiedCount } = await ctx.db.State.updateOne({ _id, 'value.told': true, 'value.seenAt': before }, { $set: { 'value.told': false } });
        if (modifiedCount === 1) mine.push({ part: _id.slice('alarm:'.length), detail, since });
      }
      return mine;
    },
  };
};

async function claimOne(ctx: Pick<Ctx, 'db' | 'clock'>, { part, detail, since }: Problem, now: Date): Promise<boolean> {
  const [_id, anHourAgo] = [idOf(part), new Date(now.getTime() - HOUR_MS)];
  const seen = { 'value.seenAt': now, 'value.detail': detail, updatedAt: now };
  if ((await ctx.db.State.updateOne({ _id, 'value.mailedAt': { $gt: anHourAgo } }, { $set: seen })).matchedCount === 1) return false;
  const again = await ctx.db.State.updateOne({ _id, 'value.mailedAt': { $lte: anHourAgo } }, { $set: { ...seen, 'value.since': since, 'value.mailedAt': now, 'value.told': true } });
  if (again.matchedCount === 1) return true;
  try {
    const value: AlarmRecord = { detail, since, seenAt: now, mailedAt: now, told: true };
    await ctx.db.State.create({ _id, value, updatedAt: now });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** For the time the database is gone: one process's own memory. */
export function ownRecords(ctx: Pick<Ctx, 'clock'>): AlarmRecords {
  const records = new Map<string, AlarmRecord>();
  return {
    claim: async (problems) =>
      problems.filter(({ part, detail, since }) => {
        const now = ctx.clock.now();
        const known = records.get(part);
        const turn = !known || now.getTime() - known.mailedAt.getTime() >= HOUR_MS;
        records.set(part, { detail, since: known?.told ? known.since : since, seenAt: now, mailedAt: turn ? now : known.mailedAt, told: turn || known.told });
        return turn;
      }),
    giveBack: async (problems) => problems.forEach(({ part }) => records.delete(part)),
    over: async () => {
      const before = ctx.clock.now().getTime() - OVER_MS;
      const ended = [...records].filter(([, { told, seenAt }]) => told && seenAt.getTime() < before);
      for (const [part, record] of ended) records.set(part, { ...record, told: false });
      return ended.map(([part, { detail, since }]) => ({ part, detail, since }));
    },
  };
}
