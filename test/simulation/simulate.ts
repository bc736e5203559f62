import { days2026 } from '../../src/calendar/known-days.js';
import type { HoldChoice } from '../../src/delivery/hold/hold.js';
import { localDateOf } from '../../src/kernel/local-date.js';
import { readConfig } from '../../src/config.js';
import type { Call } from './fake-model.js';
import { drawHarshness, Faults, type Harshness } from './faults.js';
import { Fleet } from './fleet.js';
import { clearMarks, marksFolder, OfficeDesk } from './office-desk.js';
import { settleCrowd, settlePeople, simulatedChannels, truths } from './people.js';
import { judgeChain } from './chain.js';
import { judgeCorrections } from './corrections.js';
import { Phones } from './phones.js';
import { born, type Life } from './process.js';
import { Provider } from './provider.js';
import { Rest } from './rest.js';
import { Scheduler, withSimulatedTimers } from './scheduler.js';
import { SeededRandom } from './seeded-random.js';
import { newStore, type Name, type Store } from './store.js';
import type { Violation } from './rules.js';
import { TooMany } from './too-many.js';
import { judge, type Tally } from './verdict.js';
import { Watch } from './watch.js';
import { worksOf, type WorkSeams } from './works.js';
import { Workload } from './workload.js';

/** What a planted bug may change; each stands between the engine and the world, no source is touched. */
export interface Seams extends WorkSeams {
  /** Sees and changes each call to the database, or answers it by itself. */
  tamper?: (call: Call, store: Store) => Call | { result: unknown };
  /** Collections whose unique indexes are missing. */
  notUnique?: readonly Name[];
  /** Processes believe the clock of their machine. */
  believesMachine?: boolean;
  /** Sending is held, and the calendar changed, in every run. */
  eventful?: boolean;
  /** The database is put back to an earlier moment in every run. */
  restored?: boolean;
  /** So many more people who are all told of one task. */
  crowd?: number;
  /** Harsher or milder than the seed draws. */
  harsh?: Partial<Harshness>;
}

export interface Outcome extends Tally {
  seed: number;
  violations: Violation[];
  /** Simulated milliseconds in which the house was on. */
  spanMs: number;
  events: number;
  instances: number;
  crashes: number;
  pauses: number;
  calls: number;
  /** The same for the same seed. */
  fingerprint: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent' });

/** When runs begin: a working morning, shortly before the quiet hours end and begin, a Friday afternoon and evening. */
const beginnings = ['2026-11-19T02:00:00Z', '2026-11-18T23:20:00Z', '2026-11-19T13:52:00Z', '2026-11-20T07:00:00Z', '2026-11-20T13:50:00Z'] as const;

/** The run that was asked for last. */
let latest: Promise<unknown> = Promise.resolve();

/**
 * Runs the whole engine through one seed's day and says what became of every message. Timers belong to the process, so one run
 * begins when the one before has ended: also where a test that ran out of patience has left it behind.
 */
export function simulate(seed: number, messages: number, seams: Seams = {}): Promise<Outcome> {
  const run = latest.then(() => {
    const world = buildWorld(seed, messages, seams);
    return withSimulatedTimers(world.scheduler, () => world.run());
  });
  latest = run.catch(() => undefined);
  return run;
}

/** What is drawn for a run before it begins. */
interface Plan {
  start: number;
  /** Facts happen until then. */
  until: number;
  /** Faults come until then. */
  faultsUntil: number;
  /** Milliseconds after the start. */
  restore: { from: number; at: number; downMs: number; choice: HoldChoice } | null;
  /** Marks outside the database are kept. */
  marked: boolean;
  crowd: number;
}

function drawPlan(seed: number, messages: number, seams: Seams, random: SeededRandom): Plan {
  const start = new Date(random.pick(beginnings)).getTime();
  const until = start + random.skewed(2 * MINUTE, 20 * MINUTE);
  const chance = new SeededRandom(seed, 'restore');
  const marked = chance.chance(0.12) || seams.restored === true;
  const crowd = seams.crowd ?? (messages >= 100 && chance.chance(0.1) ? 50 + chance.int(250) : 0);
  if (!marked || !(chance.chance(0.6) || seams.restored)) return { start, until, faultsUntil: until, restore: null, marked, crowd };
  const from = chance.between(start + 15_000, Math.max(start + 20_000, until - 100_000));
  const at = Math.max(from + 95_000, chance.between(from, until));
  // The copy of an hour ago, or yesterday's: the house is off for so long.
  const downMs = chance.skewed(2 * MINUTE, 20 * HOUR);
  return { start, until, faultsUntil: at + downMs + chance.skewed(2 * MINUTE, 10 * MINUTE), restore: { from, at, downMs, choice: chance.pick(['drop', 'drop', 'all'] as const) }, marked, crowd };
}

function buildWorld(seed: number, messages: number, seams: Seams): { scheduler: Scheduler; run(): Promise<Outcome> } {
  const random = new SeededRandom(seed, 'world');
  const plan = drawPlan(seed, messages, seams, random);
  const { start, until } = plan;
  const scheduler = new Scheduler(start);
  const store = newStore(seams.notUnique);
  const harsh = { ...drawHarshness(new SeededRandom(seed, 'harshness')), ...seams.harsh };
  const faults = new Faults({ harsh, until: plan.faultsUntil, scheduler, random: new SeededRandom(seed, 'faults'), channels: simulatedChannels });
  const province = settlePeople(store, new SeededRandom(seed, 'people'), Math.max(4, Math.min(60, messages >> 2)), start);
  const chance = new SeededRandom(seed, 'events');
  const findable = new Set(simulatedChannels.filter(() => chance.chance(0.3)));
  const office = new Set(province.people.flatMap((one) => (one.office ? [one.id] : [])));
  const watch = new Watch({ store, scheduler, clockSteps: harsh.clockSteps, slow: harsh.slowDatabase, databaseFails: faults.databaseFails, findable, away: province.away, office });
  store.serverNow = () => new Date(Math.floor(scheduler.now + fleet.houseSkew));
  for (const day of days2026) store.collections.CalendarDay.insert({ ...day, provisional: false });
  const instances = 2 + random.int(4);
  const fleet: Fleet = new Fleet({ scheduler, random: new SeededRandom(seed, 'fleet'), faults, size: instances, start: (name, died) => startLife(name, died) });
  const workload = new Workload({
    store, scheduler, random: new SeededRandom(seed, 'workload'), province, watch, anyLife: () => fleet.reachable(), worthAsking: () => fleet.onAgainAt, messages, from: start + 1_000, until,
  });
  fleet.wentOff = (to) => void watch.off.push({ from: scheduler.now, to });
  fleet.stood = (life, from, to) => watch.stills.stands(life.name, from, to);
  const phones = new Phones({ random: new SeededRandom(seed, 'phones'), ask: (...what) => workload.ask(...what), now: () => scheduler.now });
  const marks = plan.marked ? marksFolder() : null;
  const desk = new OfficeDesk({ scheduler, store, fleet, workload, watch, phones, random: new SeededRandom(seed, 'desk'), marks });
  const tooMany = new TooMany();
  // Small batches and few open calls bring out what only shows under load.
  const policy = { batch: Math.round(random.skewed(2, 50)), parallel: Math.round(random.skewed(2, 16)) };
  const providers = simulatedChannels.map((channel) => new Provider({
    channel, truth: truths[channel], findable: findable.has(channel), scheduler, random: new SeededRandom(seed, `provider ${channel}`), mood: faults.moodOf(channel), dead: province.dead,
    called: (call) => watch.called(call),
    counted: (call) => tooMany.answered(call),
    resting: (rest) => watch.resting(rest),
    asked: (key, found) => watch.asked(key, found),
    failed: (message) => phones.failed(message),
    delivered: (copy) => {
      watch.delivered(copy);
      workload.arrived(copy);
      phones.arrived(copy);
    },
  }));
  const startLife = (name: string, died: (life: Life) => void): Life =>
    born({
      name, seed, scheduler, store, weather: faults, config, died, marks, paused: (self, ms) => fleet.pause(self, ms),
      works: (self) => worksOf(self, { scheduler, providers, seams: { ...seams, policy: { ...policy, ...seams.policy } } }),
      believesMachine: seams.believesMachine === true,
      tamper: (call) => seams.tamper?.(call, store) ?? call,
      surprised: (event, error) => watch.broke('unexpected-error', `${event}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    });
  const run = async (): Promise<Outcome> => {
    fleet.begin();
    workload.begin();
    scheduler.at(plan.faultsUntil, null, () => {
      fleet.recover();
      new Rest({ scheduler, store, fleet, workload }).await();
    });
    lifeEvents({ eventful: seams.eventful === true, desk, chance, scheduler, fleet, store, watch, start, until, harsh });
    if (plan.restore) desk.restores(plan.restore);
    if (plan.crowd > 0) workload.crowd(settleCrowd(store, plan.crowd, start - HOUR), start + chance.between(5_000, MINUTE));
    await scheduler.run();
    const tally = judge(store, watch, phones);
    judgeCorrections(store, watch);
    // Limits are kept by the server's clock: where that is set to and fro, windows of a minute are counted wrong.
    if (!harsh.clockSteps) for (const what of tooMany.judged()) watch.broke('too-many-calls', what);
    await judgeChain(store, watch);
    return {
      ...tally, seed, violations: watch.violations, spanMs: scheduler.now - start - fleet.offMs, events: scheduler.events, instances,
      crashes: fleet.crashes, pauses: fleet.pauses, calls: providers.reduce((sum, { calls }) => sum + calls, 0), fingerprint: fingerprintOf(store, providers),
    };
  };
  return { scheduler, run: () => run().finally(() => { if (marks) clearMarks(marks); }) };
}

interface Events {
  eventful: boolean;
  desk: OfficeDesk;
  chance: SeededRandom;
  scheduler: Scheduler;
  fleet: Fleet;
  store: Store;
  watch: Watch;
  start: number;
  until: number;
  harsh: Harshness;
}

/** What happens to a house now and then: it is switched off for hours or days; sending is stopped; a day is declared off or to be worked. */
function lifeEvents({ eventful, desk, chance, scheduler, fleet, store, watch, start, until, harsh }: Events): void {
  const some = () => chance.between(start + MINUTE, until);
  if (harsh.trouble > 0 && chance.chance(0.12)) scheduler.at(some(), null, () => fleet.switchOff(scheduler.now + chance.skewed(HOUR, 3 * 24 * HOUR)));
  if (chance.chance(0.1) || eventful) desk.holds({ from: some(), ms: chance.skewed(MINUTE, 30 * MINUTE), urgentPasses: chance.chance(0.3) });
  if (!chance.chance(0.2) && !eventful) return;
  const at = some();
  const on = localDateOf(new Date(at + chance.int(2) * 24 * HOUR));
  const kind = chance.pick(['off', 'worked'] as const);
  scheduler.at(at, null, () => {
    const { CalendarDay } = store.collections;
    if (CalendarDay.count({ on }) > 0) CalendarDay.update({ on }, { $set: { kind } });
    else CalendarDay.insert({ on, kind, note: 'Thay đổi', provisional: false });
    watch.quiet.change(on, kind, scheduler.now);
  });
}

/** FNV-1a over what is in the ledger and on the phones. */
function fingerprintOf(store: Store, providers: readonly Provider[]): string {
  let h = 0x811c9dc5;
  const add = (text: string): void => {
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  };
  for (const row of store.collections.Delivery.find({})) add(`${String(row.key)} ${String(row.state)} ${String(row.reason)} ${String(row.fence)};`);
  for (const provider of providers) for (const copy of provider.copies) add(`${copy.at} ${copy.key};`);
  return (h >>> 0).toString(16).padStart(8, '0');
}
