import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { registerAdmin } from '../admin/index.js';
import type { WatchDesk } from '../admin/watch/watch-desk.js';
import { handleInbound } from '../bots/handle-inbound.js';
import { createTelegram } from '../bots/telegram/index.js';
import { createZaloBot } from '../bots/zalo/bot/index.js';
import { zaloDesk } from '../bots/zalo/desk.js';
import { createZaloOa } from '../bots/zalo/oa/index.js';
import { createZbs } from '../bots/zalo/zbs/index.js';
import { channelOfReceipt } from '../bots/zalo/zbs/receipts.js';
import { seedCalendar } from './calendar/seed-calendar.js';
import { configurableChannels, halfConfigured, missingForChannel, type Config } from './config.js';
import { because, type Ctx, type Work } from './context.js';
import { openDatabase, type OpenDatabase } from './database.js';
import { serverClock } from './db/server-clock.js';
import { stayAtHome } from './delivery/at-home.js';
import type { ChannelHealth, ChannelModule, CreateChannel } from './delivery/channel-module.js';
import type { ChannelDesk } from './delivery/channel-desk.js';
import { reopenChannel } from './delivery/limits/channel-state.js';
import { editMessages } from './delivery/edits/edit-messages.js';
import { gatherDigests } from './delivery/digest/gather-digests.js';
import { holdNow } from './delivery/hold/notice-restore.js';
import { sealLedger } from './delivery/ledger/seal-ledger.js';
import { drainOutbox } from './delivery/outbox/drain-outbox.js';
import type { DeliveryPolicy } from './delivery/policy.js';
import { followUp } from './delivery/receipts/follow-up.js';
import { recordReceipt } from './delivery/receipts/record-receipt.js';
import { relayIntents } from './delivery/relay-intents.js';
import type { Renderers } from './delivery/renderer.js';
import { deliveryRenderers } from './delivery/renderers.js';
import { directiveFileRenderers } from './directives/attach-to-directive.js';
import { materializeTasks } from './directives/materialize-tasks.js';
import { planReminders } from './directives/plan-reminders.js';
import { taskMatters } from './directives/task-standing.js';
import { taskRenderers } from './directives/task-messages.js';
import { registerApi } from './http/api.js';
import { registerHealth } from './http/health.js';
import { createServer } from './http/server.js';
import { createChatGate } from './inbox/chat-gate.js';
import { drainInbox } from './inbox/drain-inbox.js';
import { startJobs, type Jobs, type Run } from './jobs/start-jobs.js';
import type { Channel } from './kernel/channels.js';
import type { Clock } from './kernel/clock.js';
import { readQuietHours } from './kernel/quiet-hours.js';
import { mustKnowZone } from './kernel/zone-check.js';
import { systemRandom, type Random } from './kernel/random.js';
import { createLog } from './log.js';
import { createMail } from './mail/index.js';
import { mailQuotas } from './mail/quota.js';
import { createAlarmMail } from './mail/send-alarm.js';
import { meetingFileRenderers } from './meetings/attach-to-meeting.js';
import { advanceAlerts } from './meetings/advance-alerts.js';
import { meetingMatters } from './meetings/meeting-standing.js';
import { meetingRenderers } from './meetings/meeting-messages.js';
import { ensureFirstAdmin } from './people/accounts/accounts.js';
import { smsQuotas } from './sms/balance.js';
import { createSms } from './sms/index.js';
import { createHeartbeat } from './watch/heartbeat.js';
import { createWatch, type Watch } from './watch/watch.js';

/** What tests and the demo may put in place of the real thing. */
export interface Seams {
  clock?: Clock;
  random?: Random;
  log?: Logger;
  /** A database already running; its owner stops it. */
  db?: { uri: string; name?: string };
  /** False: nothing runs by itself, the story calls settle(). */
  background?: boolean;
  /** Shows the "DỮ LIỆU MINH HỌA" banner in the back office. */
  demo?: boolean;
  /** More routes (the simulator), registered before the server listens. */
  routes?: (http: FastifyInstance, ctx: Ctx) => Promise<void>;
  /** Parts of the delivery policy to replace: the demo has no quiet hours. */
  policy?: Partial<DeliveryPolicy>;
  /** False: without the back office (it takes a second to build its screens). */
  admin?: boolean;
}

/** The running house. */
export interface App {
  ctx: Ctx;
  http: FastifyInstance;
  /** The administrator made on a first start; the password only if it was invented here. */
  firstAdmin: { email: string; password?: string } | null;
  /** Listens on HOST:PORT, then starts channels and the timetable. Returns the address. */
  listen(): Promise<string>;
  /** Does everything that is due now, until nothing is left; for stories. Returns how many rounds it took. */
  settle(): Promise<number>;
  /** Asks every channel's provider what it owes us, as the timetable does once a minute; for stories. */
  poll(): Promise<number>;
  channels(): Record<string, ChannelHealth>;
  /** Looks over the house by itself once it listens; stories look by hand. */
  watch: Watch;
  /** Stops taking in, finishes what is in hand, lets go of the database. */
  close(): Promise<void>;
}

const makers: Partial<Record<Channel, CreateChannel>> = { zalo: createZaloOa, 'zalo-bot': createZaloBot, zbs: createZbs, telegram: createTelegram, sms: createSms, email: createMail };

const renderers: Renderers = { ...deliveryRenderers, ...taskRenderers, ...meetingRenderers, ...directiveFileRenderers, ...meetingFileRenderers };

/** The only wiring: tests, the demo and production call it. Nothing listens and nothing runs before listen(). */
export async function createApp(config: Config, seams: Seams = {}): Promise<App> {
  mustKnowZone();
  if (config.NODE_ENV === 'test' || seams.demo) stayAtHome(config);
  const log = seams.log ?? createLog(config.LOG_LEVEL);
  const database = await openDatabase(config, log, seams.db);
  const ctx: Ctx = {
    db: database.db,
    clock: seams.clock ?? (await serverClock(database.db.conn, log)),
    random: seams.random ?? systemRandom,
    log,
    config,
    cause: 'app',
    wake: () => {},
  };
  await seedCalendar(ctx);
  const firstAdmin = await ensureFirstAdmin(ctx);
  const modules = openChannels(ctx);
  const works = timetable(ctx, modules, { quiet: readQuietHours(config.QUIET_HOURS) ?? null, verifiedPhonesOnly: config.SMS_REQUIRE_VERIFIED, ...seams.policy });
  const running: { jobs?: Jobs } = {};
  ctx.wake = (work) => running.jobs?.wake(work);
  const channelHealth = () => healthOf(ctx, modules);
  const house = { channels: channelHealth, lastTickAt: () => running.jobs?.lastTickAt() ?? {} };
  // Stories on a shared database keep no marks outside it: their folder is everybody's.
  const dir = seams.db && seams.background === false ? null : config.DATA_DIR;
  const watch = createWatch(ctx, { ...house, dir, sendAlarm: createAlarmMail(config), heartbeat: config.HEARTBEAT_URL ? createHeartbeat(config.HEARTBEAT_URL) : null });
  const http = await assemble(ctx, seams, modules, { health: { ...house, findings: watch.findings }, watch: { standing: watch.standing, hands: { dir, planAll: () => planAll(works) } } });
  return {
    ctx,
    http,
    firstAdmin,
    channels: channelHealth,
    watch,
    settle: () => settle(works),
    poll: () => works.channels(),
    listen: async () => {
      const address = await http.listen({ host: config.HOST, port: config.PORT });
      if (seams.background !== false) {
        await watch.begin();
        running.jobs = await startJobs(ctx, works);
        watch.start();
      }
      for (const module of modules.values()) await module.start?.();
      return address;
    },
    close: () => {
      watch.stop();
      return closeAll(http, modules, running.jobs, database);
    },
  };
}

/** Complete channels only; a half-configured one stays off and says what is missing. */
function openChannels(ctx: Ctx): Map<Channel, ChannelModule> {
  const modules = new Map<Channel, ChannelModule>();
  const gate = createChatGate(ctx);
  for (const channel of configurableChannels) {
    const missing = missingForChannel(ctx.config, channel);
    const make = makers[channel];
    if (missing.length === 0 && make) {
      modules.set(
        channel,
        make(ctx, {
          receive: async (message) => {
            // A letter that is refused stays in the mailbox; whoever calls us would only repeat it.
            if ((await gate.take(message)) === 'refused' && channel === 'email') throw new Error('chat-full');
            ctx.wake('inbox');
          },
          receipt: async (providerId, what, at, code) =>
            recordReceipt(ctx, { channel: channel === 'zalo' ? await channelOfReceipt(ctx, providerId) : channel, providerId, what, at, ...(code ? { code } : {}) }),
        }),
      );
    } else if (halfConfigured(ctx.config, channel)) {
      ctx.log.warn({ event: 'channel-off', channel, missing }, 'channel is half configured and stays off');
    }
  }
  return modules;
}

/** Each kind of background work; what one produces wakes the next. `run` is absent when a story calls it. */
type Timetable = Record<Work, (run?: Run) => Promise<number>>;

function timetable(ctx: Ctx, modules: Map<Channel, ChannelModule>, policy: Partial<DeliveryPolicy>): Timetable {
  const instance = `${process.pid}-${Buffer.from(ctx.random.bytes(4)).toString('hex')}`;
  const senders = [...modules.values()].map((module) => module.sender);
  const then = (work: (run?: Run) => Promise<number>, next: Work[]) => async (run?: Run) => {
    const done = await work(run);
    if (done > 0) next.forEach((name) => ctx.wake(name));
    return done;
  };
  const tick = (name: Work) => because(ctx, `tick:${name}`);
  const downloadOn = (channel: string) => modules.get(channel as Channel)?.download;
  return {
    inbox: then((run) => drainInbox(tick('inbox'), { handle: (here, message) => handleInbound(here, message, downloadOn), instance, ...(run ? { stopping: run.stopping } : {}) }), ['intents', 'outbox']),
    intents: then(async () => (await materializeTasks(tick('intents'))) + (await relayIntents(tick('intents'))), ['outbox']),
    reminders: then(() => planReminders(tick('reminders')), ['intents']),
    alerts: then(() => advanceAlerts(tick('alerts')), ['intents']),
    // While sending is held each message stays by itself, so that the office can decide about it.
    digests: then(async () => ((await holdNow(ctx)) ? 0 : gatherDigests(tick('digests'), policy)), ['outbox']),
    followups: then(async () => (await followUp(tick('followups'), senders.map((sender) => sender.channel), policy)) + (await editMessages(tick('followups'), senders, [taskMatters, meetingMatters], policy)), ['outbox']),
    ledger: () => sealLedger(tick('ledger')),
    channels: then(() => pollChannels(modules), ['followups', 'outbox']),
    outbox: (run) => drainOutbox(tick('outbox'), { senders, renderers, instance, policy, ...run }),
  };
}

/** Asks every channel's provider what it owes us; one that fails does not keep the others from being asked. */
async function pollChannels(modules: Map<Channel, ChannelModule>): Promise<number> {
  const answers = await Promise.allSettled([...modules.values()].map(async (module) => module.poll?.() ?? 0));
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed) throw failed.reason;
  return answers.reduce((sum, answer) => sum + (answer.status === 'fulfilled' ? answer.value : 0), 0);
}

async function settle(works: Timetable): Promise<number> {
  for (let round = 1; round <= 100; round++) {
    let done = 0;
    for (const name of ['inbox', 'reminders', 'alerts', 'intents', 'digests', 'outbox', 'followups', 'ledger'] as const) done += await works[name]();
    if (done === 0) return round;
  }
  throw new Error('Not settled after 100 rounds: some work keeps finding itself');
}

/** Plans whatever is due by now and sends nothing: before the office decides what of it may leave. */
async function planAll(works: Timetable): Promise<void> {
  for (const name of ['reminders', 'alerts', 'intents'] as const) await works[name]();
}

/** How the house looks at itself, for /readyz and the back office. */
interface Mirrors {
  health: Parameters<typeof registerHealth>[2];
  watch: WatchDesk;
}

async function assemble(ctx: Ctx, seams: Seams, modules: Map<Channel, ChannelModule>, { health, watch }: Mirrors): Promise<FastifyInstance> {
  const http = await createServer(ctx);
  // Whatever a request wrote may have intents to relay; the tick would find them too, this makes "now" mean now.
  http.addHook('onResponse', async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') (['intents', 'alerts', 'reminders'] as const).forEach(ctx.wake);
  });
  await registerHealth(http, ctx, health);
  await registerApi(http, ctx);
  for (const module of modules.values()) if (module.routes) await http.register(async (scope) => module.routes?.(scope));
  if (seams.routes) await seams.routes(http, ctx);
  if (seams.admin !== false) await registerAdmin(http, ctx, { demo: seams.demo === true, desk: channelDesk(ctx, modules), watch });
  return http;
}

/** What the back office may know and do about channels. A new permission counts at once, not after the next look or rest. */
function channelDesk(ctx: Ctx, modules: Map<Channel, ChannelModule>): ChannelDesk {
  const zalo = zaloDesk(ctx);
  const finish: ChannelDesk['consent']['finish'] = async (here, asker, answer) => {
    const outcome = await zalo.consent.finish(here, asker, answer);
    if (outcome.kind !== 'granted') return outcome;
    await modules.get('zalo')?.recheck?.();
    for (const channel of ['zalo', 'zbs'] as const) await reopenChannel(here, channel);
    ctx.wake('outbox');
    return outcome;
  };
  const quotas: ChannelDesk['quotas'] = async (here) => ({ ...(await zalo.quotas(here)), sms: await smsQuotas(here), email: await mailQuotas(here) });
  return { ...zalo, quotas, health: () => healthOf(ctx, modules), consent: { ...zalo.consent, finish } };
}

function healthOf(ctx: Ctx, modules: Map<Channel, ChannelModule>): Record<string, ChannelHealth> {
  const shown = configurableChannels.map((channel): [string, ChannelHealth] => {
    const module = modules.get(channel);
    if (module) return [channel, module.health()];
    const problem = halfConfigured(ctx.config, channel) ? `Còn thiếu cấu hình: ${missingForChannel(ctx.config, channel).join(', ')}` : undefined;
    return [channel, { state: 'off', ...(problem ? { problem } : {}) }];
  });
  return Object.fromEntries(shown);
}

/** Requests in hand get so long to finish once nothing new is taken in. */
const CLOSE_PATIENCE_MS = 1_500;
/** So long, beside them, for the work in hand: all together stays below the five seconds of main.ts, with room for the database. */
const JOBS_PATIENCE_MS = 3_500;

async function closeAll(http: FastifyInstance, modules: Map<Channel, ChannelModule>, jobs: Jobs | undefined, database: OpenDatabase): Promise<void> {
  const stopped = [...modules.values()].map(async (module) => module.stop?.());
  await Promise.all([...stopped, closeServer(http), jobs?.stop(JOBS_PATIENCE_MS)]);
  await database.close();
}

async function closeServer(http: FastifyInstance): Promise<void> {
  // A kept-alive connection of a proxy or a page's event stream would hold the server open for minutes.
  const impatient = setTimeout(() => http.server.closeAllConnections(), CLOSE_PATIENCE_MS);
  await http.close();
  clearTimeout(impatient);
}
