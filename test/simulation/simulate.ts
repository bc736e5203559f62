import { handleInbound } from '../../bots/handle-inbound.js';
import { days2026 } from '../../src/calendar/known-days.js';
import { readConfig } from '../../src/config.js';
import type { Work } from '../../src/context.js';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import { sealLedger } from '../../src/delivery/ledger/seal-ledger.js';
import { drainOutbox } from '../../src/delivery/outbox/drain-outbox.js';
import type { DeliveryPolicy } from '../../src/delivery/policy.js';
import { followUp } from '../../src/delivery/receipts/follow-up.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { deliveryRenderers } from '../../src/delivery/renderers.js';
import type { Sender } from '../../src/delivery/sender.js';
import { materializeTasks } from '../../src/directives/materialize-tasks.js';
import { planReminders } from '../../src/directives/plan-reminders.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import { drainInbox } from '../../src/inbox/drain-inbox.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import type { Call } from './fake-model.js';
import { drawHarshness, Faults, type Harshness } from './faults.js';
import { Fleet } from './fleet.js';
import { settlePeople, simulatedChannels } from './people.js';
import { born, type Birth, type Life } from './process.js';
import { Provider } from './provider.js';
import { Rest } from './rest.js';
import { Scheduler, withSimulatedTimers } from './scheduler.js';
import { SeededRandom } from './seeded-random.js';
import { newStore, type Name, type Store } from './store.js';
import { judge, type Tally } from './verdict.js';
import { Watch, type Violation } from './watch.js';
import { note, Workload } from './workload.js';

/** What a planted bug may change; each stands between the engine and the world, no source is touched. */
export interface Seams {
  /** Sees and changes each call to the database, or answers it by itself. */
  tamper?: (call: Call, store: Store) => Call | { result: unknown };
  /** Changes a sender. */
  sender?: (sender: Sender) => Sender;
  policy?: Partial<DeliveryPolicy>;
  /** Collections whose unique indexes are missing. */
  notUnique?: readonly Name[];
  /** Replaces the relay. */
  relay?: typeof relayIntents;
  /** Milliseconds by which the clock of the first process is wrong. */
  wrongClock?: number;
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
const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent' });
const renderers = { ...deliveryRenderers, ...taskRenderers, ...meetingRenderers, note };

/** When runs begin: a working morning, shortly before the quiet hours end and begin, a Friday afternoon and evening. */
const beginnings = ['2026-11-19T02:00:00Z', '2026-11-18T23:20:00Z', '2026-11-19T13:52:00Z', '2026-11-20T07:00:00Z', '2026-11-20T13:50:00Z'] as const;

/** Runs the whole engine through one seed's day and says what became of every message. */
export function simulate(seed: number, messages: number, seams: Seams = {}): Promise<Outcome> {
  const world = buildWorld(seed, messages, seams);
  return withSimulatedTimers(world.scheduler, () => world.run());
}

function buildWorld(seed: number, messages: number, seams: Seams): { scheduler: Scheduler; run(): Promise<Outcome> } {
  const random = new SeededRandom(seed, 'world');
  const start = new Date(random.pick(beginnings)).getTime();
  const until = start + random.skewed(2 * MINUTE, 20 * MINUTE);
  const scheduler = new Scheduler(start);
  const store = newStore(seams.notUnique);
  const harsh = { ...drawHarshness(new SeededRandom(seed, 'harshness')), ...seams.harsh };
  const faults = new Faults({ harsh, until, scheduler, random: new SeededRandom(seed, 'faults'), channels: simulatedChannels });
  const watch = new Watch({ store, scheduler, clocks: harsh.clockSteps ? 2 * MINUTE : 0, slow: harsh.slowDatabase });
  const province = settlePeople(store, new SeededRandom(seed, 'people'), Math.max(4, Math.min(60, messages >> 2)), start);
  for (const day of days2026) store.collections.CalendarDay.insert({ ...day, provisional: false });
  const instances = 2 + random.int(4);
  const fleet: Fleet = new Fleet({ scheduler, random: new SeededRandom(seed, 'fleet'), faults, size: instances, start: (name, died) => startLife(name, died) });
  const workload = new Workload({
    store, scheduler, random: new SeededRandom(seed, 'workload'), province, watch, anyLife: () => fleet.reachable(), messages, from: start + 1_000, until,
  });
  // Small batches and few open calls bring out what only shows under load.
  const policy = { batch: Math.round(random.skewed(2, 50)), parallel: Math.round(random.skewed(2, 16)) };
  const providers = simulatedChannels.map((channel) => new Provider({
    channel, truth: channel === 'sms' ? 'request-id' : 'none', scheduler, random: new SeededRandom(seed, `provider ${channel}`), mood: faults.moodOf(channel), dead: province.dead,
    called: (call) => watch.called(call),
    delivered: (copy) => {
      watch.delivered(copy);
      workload.arrived(copy);
    },
  }));
  const startLife = (name: string, died: (life: Life) => void): Life => {
    const life = born({
      name, seed, scheduler, store, weather: faults, config, died, paused: (self, ms) => fleet.pause(self, ms),
      works: (self) => worksOf(self, { scheduler, providers, seams: { ...seams, policy: { ...policy, ...seams.policy } } }),
      houseSkew: () => fleet.houseSkew,
      tamper: (call) => seams.tamper?.(call, store) ?? call,
      surprised: (event, error) => watch.broke('unexpected-error', `${event}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    });
    if (name === 'p1') life.wrongBy = life.skew = seams.wrongClock ?? 0;
    return life;
  };
  return {
    scheduler,
    run: async () => {
      fleet.begin();
      workload.begin();
      scheduler.at(until, null, () => {
        fleet.recover();
        new Rest({ scheduler, store, fleet, workload }).await();
      });
      await scheduler.run();
      const tally = judge(store, watch);
      return {
        ...tally, seed, violations: watch.violations, spanMs: scheduler.now - start - fleet.offMs, events: scheduler.events, instances,
        crashes: fleet.crashes, pauses: fleet.pauses, calls: providers.reduce((sum, { calls }) => sum + calls, 0), fingerprint: fingerprintOf(store, providers),
      };
    },
  };
}

type AnyWork = ReturnType<Birth['works']>[Work];

/** The timetable as app.ts wires it. */
function worksOf(life: Life, { scheduler, providers, seams }: { scheduler: Scheduler; providers: readonly Provider[]; seams: Seams }): ReturnType<Birth['works']> {
  const seam = seams.sender ?? ((sender: Sender) => sender);
  const senders = providers.map((provider) => seam(provider.senderFor(life)));
  const relay = seams.relay ?? relayIntents;
  const timeout = (ms: number): AbortSignal => {
    const controller = new AbortController();
    scheduler.after(ms, life, () => controller.abort());
    return controller.signal;
  };
  const then = (work: AnyWork, next: Work[]): AnyWork => async (ctx, run) => {
    const done = await work(ctx, run);
    if (done > 0) next.forEach((name) => ctx.wake(name));
    return done;
  };
  return {
    inbox: then((ctx, run) => drainInbox(ctx, { handle: handleInbound, instance: life.name, stopping: run.stopping }), ['intents', 'outbox']),
    intents: then(async (ctx) => (await materializeTasks(ctx)) + (await relay(ctx)), ['outbox']),
    reminders: then((ctx) => planReminders(ctx), ['intents']),
    alerts: then((ctx) => advanceAlerts(ctx), ['intents']),
    digests: then((ctx) => gatherDigests(ctx, seams.policy ?? {}), ['outbox']),
    followups: then((ctx) => followUp(ctx, senders.map((sender) => sender.channel), seams.policy ?? {}), ['outbox']),
    ledger: (ctx) => sealLedger(ctx),
    channels: async () => 0,
    outbox: (ctx, run) => drainOutbox(ctx, { senders, renderers, instance: life.name, policy: seams.policy ?? {}, timeout, ...run }),
  };
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
