import type { Ctx } from '../context.js';
import type { ChannelHealth } from '../delivery/channel-module.js';
import { noHead, type Head } from '../delivery/ledger/entry.js';
import { carriers } from '../delivery/relay-intents.js';
import { adviceFor, alarmWords, type Trouble } from '../texts/alarm-texts.js';
import { ages, auditOutbox, lastTicks, SLOW_MS, STILL_MS, type Ages, type Audit } from './auditor.js';

/** What the house tells of itself, as functions: the answers change. */
export interface House {
  channels(): Record<string, ChannelHealth>;
  /** When each kind of background work last ran here; empty where nothing runs by itself (tests). */
  lastTickAt(): Record<string, Date | null>;
}

/** Something stands still. */
export interface Problem extends Trouble {
  /** "database", "outbox", "tick:<work>", "channel:<name>", … */
  part: string;
  /** Told only after having lasted so long, by our own looking: a channel may stumble once. */
  patienceMs: number;
}

export interface Findings {
  problems: Problem[];
  audit: Audit | null;
  head: Head;
  tickAges: Record<string, number>;
}

/** What one process remembers from look to look: facts that carry no time of their own. */
export interface Memory {
  startedAt: Date;
  /** Intents not relayed yet, by key, and when they were first seen. */
  intents: Map<string, Date>;
}

/** A work of the timetable that has not come round for so long, on any instance, stands still; the slow ones have more time. */
const TICK_MS = 75_000;
const SLOW_TICK_MS: Readonly<Record<string, number>> = { channels: 3 * 60_000 };
const PING_MS = 3_000;
const LOOKED_AT = 500;

const problem = (part: string, detail: string, since: Date, patienceMs = 0): Problem => ({ part, detail, since, advice: adviceFor(part), patienceMs });

/** Everything that stands still now. Throws where the database breaks off between two questions. */
export async function findProblems(ctx: Ctx, house: House, memory: Memory): Promise<Findings> {
  const now = ctx.clock.now();
  const own = house.lastTickAt();
  if (!(await databaseAnswers(ctx))) {
    const tickAges = agesOf(own, memory.startedAt, now);
    return { problems: [problem('database', alarmWords.database(), now, 45_000), ...tickProblems(tickAges, now), ...channelProblems(house.channels(), now)], audit: null, head: noHead, tickAges };
  }
  const [audit, age, ticks, stuck] = await Promise.all([auditOutbox(ctx), ages(ctx), lastTicks(ctx, own), stuckIntents(ctx, memory.intents)]);
  const tickAges = agesOf(ticks, memory.startedAt, now);
  const queues = [...holdProblems(age), ...outboxProblems(audit, age, now), ...planProblems(audit, age, now), ...stuck];
  return { problems: [...queues, ...tickProblems(tickAges, now), ...channelProblems(house.channels(), now)], audit, head: age.head, tickAges };
}

/** The driver alone would wait ten seconds for a server, and longer for one that takes words and says nothing. */
async function databaseAnswers(ctx: Ctx): Promise<boolean> {
  const late = new Promise((_resolve, reject) => AbortSignal.timeout(PING_MS).addEventListener('abort', () => reject(new Error('ping timed out')), { once: true }));
  try {
    await Promise.race([ctx.db.conn.db?.command({ ping: 1 }), late]);
    return true;
  } catch (error) {
    ctx.log.error({ event: 'watch.database', error: error instanceof Error ? error.name : 'unknown' }, 'database does not answer');
    return false;
  }
}

const holdProblems = ({ hold }: Ages): Problem[] => (hold ? [problem('hold', alarmWords.hold(hold.cause, hold.by), hold.since)] : []);

/** While held, waiting is what messages should do. */
function outboxProblems({ overdue, urgentOverdue }: Audit, { overdueSince, urgentSince, moving, hold }: Ages, now: Date): Problem[] {
  if (hold || !overdueSince) return [];
  if (urgentSince) return [problem('outbox', alarmWords.urgent(urgentOverdue), urgentSince)];
  if (!moving) return [problem('outbox', alarmWords.outbox(overdue), overdueSince)];
  return now.getTime() - overdueSince.getTime() > SLOW_MS ? [problem('outbox-slow', alarmWords.slow(overdue), overdueSince)] : [];
}

function planProblems({ inboxOverdue, remindersOverdue, alertsOverdue, unsealedOverdue }: Audit, { inboxSince, head }: Ages, now: Date): Problem[] {
  const atLeast = new Date(now.getTime() - STILL_MS);
  return [
    ...(inboxSince ? [problem('inbox', alarmWords.inbox(inboxOverdue), inboxSince)] : []),
    ...(remindersOverdue > 0 ? [problem('reminders', alarmWords.reminders(remindersOverdue), atLeast)] : []),
    ...(alertsOverdue > 0 ? [problem('alerts', alarmWords.alerts(alertsOverdue), atLeast)] : []),
    ...(unsealedOverdue > 0 ? [problem('ledger', alarmWords.ledger(unsealedOverdue), head.at ?? atLeast)] : []),
  ];
}

/** Intents carry no time: those seen again after STILL_MS are stuck. */
async function stuckIntents(ctx: Ctx, seen: Map<string, Date>): Promise<Problem[]> {
  const now = ctx.clock.now();
  const carrying = await Promise.all(carriers(ctx).map((model) => model.find({ 'intents.key': { $gt: '' } }, { 'intents.key': 1 }).limit(LOOKED_AT).lean()));
  const waiting = new Set(carrying.flat().flatMap((document) => (document as { intents?: { key: string }[] }).intents?.map(({ key }) => key) ?? []));
  for (const key of seen.keys()) if (!waiting.has(key)) seen.delete(key);
  for (const key of waiting) if (!seen.has(key)) seen.set(key, now);
  const stuck = [...seen.values()].filter((since) => now.getTime() - since.getTime() > STILL_MS);
  const [first] = stuck.sort((a, b) => a.getTime() - b.getTime());
  return first ? [problem('intents', alarmWords.intents(stuck.length), first)] : [];
}

/** Seconds since each work's last run; since our start where it has not run yet. */
const agesOf = (ticks: Record<string, Date | null>, startedAt: Date, now: Date): Record<string, number> =>
  Object.fromEntries(Object.entries(ticks).map(([work, last]) => [work, Math.max(0, Math.round((now.getTime() - (last ?? startedAt).getTime()) / 1_000))]));

const tickProblems = (tickAges: Record<string, number>, now: Date): Problem[] =>
  Object.entries(tickAges)
    .filter(([work, seconds]) => seconds * 1_000 > (SLOW_TICK_MS[work] ?? TICK_MS))
    .map(([work, seconds]) => problem(`tick:${work}`, alarmWords.tick(work, seconds), new Date(now.getTime() - seconds * 1_000)));

/** A channel that is not well for so long is a problem; one that has just been started may take as long to connect. */
export const CHANNEL_PATIENCE_MS = 45_000;

const channelProblems = (channels: Record<string, ChannelHealth>, now: Date): Problem[] =>
  Object.entries(channels)
    .filter(([, { state }]) => state === 'failing')
    .map(([channel, { problem: words }]) => problem(`channel:${channel}`, words ?? alarmWords.channel(), now, CHANNEL_PATIENCE_MS));
