import type { Ctx } from '../context.js';
import { keepEpoch } from '../delivery/hold/epoch.js';
import { keepUniqueIndexes } from '../delivery/hold/unique-indexes.js';
import { headInWords, noHead } from '../delivery/ledger/entry.js';
import { adviceFor, alarmMail, alarmWords, allClearMail } from '../texts/alarm-texts.js';
import { ownRecords, sharedRecords, type AlarmRecords } from './alarm-records.js';
import { shareTicks } from './auditor.js';
import { findProblems, type Findings, type House, type Memory, type Problem } from './find-problems.js';

/** What the watch needs from outside; it must lean on nothing that it watches. */
export interface WatchHands extends House {
  /** Sends a mail by a way of its own; null: nobody is to be told. Rejects where the mail did not leave. */
  sendAlarm: ((mail: { subject: string; text: string }) => Promise<void>) | null;
  /** Tells an outside watcher that all is well; null: there is none. */
  heartbeat: ((words: string) => Promise<void>) | null;
  /** Folder for the marks outside the database; null: none are kept (tests). */
  dir: string | null;
}

export interface Watch {
  /** Before anything is sent: is this database older than what was sent, is a unique key missing? Then sending is held. */
  begin(): Promise<void>;
  /** One look at everything; alarms, all-clears and the heartbeat follow from it. Never throws. */
  look(): Promise<void>;
  /** What is wrong now, for /readyz and /metrics. */
  findings(): Promise<Findings>;
  /** What has been wrong for long enough to tell people, for the back office. */
  standing(): Promise<Problem[]>;
  /** Looks at once and every thirty seconds, on a plain timer. */
  start(): void;
  stop(): void;
}

const LOOK_EVERY_MS = 30_000;
const BEAT_EVERY_MS = 60_000;
/** A timer may fire a moment early. */
const EARLY_MS = 5_000;

/** Watches over the house in each process, apart from agenda, the work runner and the outbox. */
export function createWatch(ctx: Ctx, hands: WatchHands): Watch {
  const memory: Memory = { startedAt: ctx.clock.now(), intents: new Map() };
  const state: State = { firstSeen: new Map(), beatAt: null, shared: sharedRecords(ctx), own: ownRecords(ctx) };
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  const look = async (): Promise<void> => {
    looking ??= lookOnce(ctx, hands, memory, state).finally(() => (looking = null));
    return looking;
  };
  return {
    begin: async () => void (await keepMarks(ctx, hands)),
    look,
    findings: () => findProblems(ctx, hands, memory),
    standing: async () => ripen((await findProblems(ctx, hands, memory)).problems, state.firstSeen, ctx.clock.now()),
    start: () => {
      void look();
      timer = setInterval(() => void look(), LOOK_EVERY_MS);
    },
    stop: () => clearInterval(timer),
  };
}

interface State {
  /** When this process first saw each problem. */
  firstSeen: Map<string, Date>;
  beatAt: Date | null;
  shared: AlarmRecords;
  own: AlarmRecords;
}

async function lookOnce(ctx: Ctx, hands: WatchHands, memory: Memory, state: State): Promise<void> {
  const found = await findAll(ctx, hands, memory);
  const ripe = ripen(found.problems, state.firstSeen, ctx.clock.now());
  try {
    await tell(ctx, hands, state, { ...found, problems: ripe });
    if (ripe.length === 0 && found.audit !== null) await beat(ctx, hands, state, found);
  } catch (error) {
    ctx.log.error({ event: 'watch.failed', err: error });
  }
}

/** Our own failing is a problem like any other. */
async function findAll(ctx: Ctx, hands: WatchHands, memory: Memory): Promise<Findings> {
  try {
    const first = await findProblems(ctx, hands, memory);
    if (first.audit === null) return first;
    await shareTicks(ctx, hands.lastTickAt());
    return (await keepMarks(ctx, hands)) && !first.problems.some(({ part }) => part === 'hold') ? await findProblems(ctx, hands, memory) : first;
  } catch (error) {
    ctx.log.error({ event: 'watch.failed', err: error });
    const auditor: Problem = { part: 'auditor', detail: alarmWords.auditor(), since: ctx.clock.now(), advice: adviceFor('auditor'), patienceMs: 45_000 };
    return { problems: [auditor], audit: null, head: noHead, tickAges: {} };
  }
}

/** True where sending is held because of what was found. */
async function keepMarks(ctx: Ctx, { dir }: WatchHands): Promise<boolean> {
  const missing = await keepUniqueIndexes(ctx);
  return (dir !== null && (await keepEpoch(ctx, dir))) || missing.length > 0;
}

/** Those that have lasted long enough, each with the moment it began. */
function ripen(problems: readonly Problem[], firstSeen: Map<string, Date>, now: Date): Problem[] {
  const parts = new Set(problems.map(({ part }) => part));
  for (const part of firstSeen.keys()) if (!parts.has(part)) firstSeen.delete(part);
  return problems.flatMap((problem) => {
    const since = firstSeen.get(problem.part) ?? now;
    firstSeen.set(problem.part, since);
    if (now.getTime() - since.getTime() < problem.patienceMs) return [];
    return [{ ...problem, since: problem.since < since ? problem.since : since }];
  });
}

/** Mails what is new, and what is over. While the database is gone each process remembers for itself. */
async function tell(ctx: Ctx, { sendAlarm }: WatchHands, { shared, own }: State, { problems, audit, head }: Findings): Promise<void> {
  if (!sendAlarm) return;
  const [alone, together] = [problems.filter(({ part }) => part === 'database' || part === 'auditor'), problems.filter(({ part }) => part !== 'database' && part !== 'auditor')];
  // Without the database everything else stops with it: one word is enough.
  const fresh = [...(await own.claim(alone)), ...(audit === null ? [] : await shared.claim(together))];
  const around = { place: ctx.config.PUBLIC_URL ?? '', ledger: audit === null ? null : headInWords(head) };
  if (fresh.length > 0) {
    try {
      await sendAlarm(alarmMail(fresh, problems.filter((one) => !fresh.includes(one)), around));
      ctx.log.warn({ event: 'watch.told', parts: fresh.map(({ part }) => part) });
    } catch (error) {
      ctx.log.error({ event: 'watch.mail-failed', error: error instanceof Error ? error.name : 'unknown' });
      await own.giveBack(fresh);
      if (audit !== null) await shared.giveBack(fresh);
    }
  }
  const over = audit === null ? [] : [...(await own.over()), ...(await shared.over())];
  const names = new Set(problems.map(({ part }) => part));
  const gone = over.filter(({ part }) => !names.has(part));
  if (gone.length > 0) await sendAlarm(allClearMail(gone, problems, { ...around, now: ctx.clock.now() }));
}

/** Once a minute, and only while everything is in order: silence is the alarm. */
async function beat(ctx: Ctx, { heartbeat }: WatchHands, state: State, { head }: Findings): Promise<void> {
  const now = ctx.clock.now();
  if (!heartbeat || (state.beatAt && now.getTime() - state.beatAt.getTime() < BEAT_EVERY_MS - EARLY_MS)) return;
  state.beatAt = now;
  try {
    await heartbeat(`ok ${now.toISOString()}\nledger ${headInWords(head)}\n`);
  } catch (error) {
    ctx.log.warn({ event: 'watch.heartbeat-failed', error: error instanceof Error ? error.name : 'unknown' });
  }
}
