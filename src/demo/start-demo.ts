import { createApp, type App } from '../app.js';
import { readConfig } from '../config.js';
import { defaultPolicy } from '../delivery/policy.js';
import { taskRenderers } from '../directives/task-messages.js';
import { startEmbedded, type EmbeddedServer } from '../embedded-mongo/index.js';
import { systemClock } from '../kernel/clock.js';
import { meetingRenderers } from '../meetings/meeting-messages.js';
import type { Clock } from '../kernel/clock.js';
import { normalisePhone } from '../people/phone.js';
import { cardText, seedTemplates } from './demo-templates.js';
import { startEsmsStandIn, type EsmsStandIn } from './providers/esms.js';
import type { PhoneNetwork } from './providers/phone-network.js';
import { startTelegramStandIn, type TelegramStandIn } from './providers/telegram.js';
import { startZaloStandIn, type ZaloStandIn } from './providers/zalo.js';
import { startZaloBotStandIn, type ZaloBotStandIn } from './providers/zalo-bot.js';
import { startZbsStandIn, type ZbsStandIn } from './providers/zbs.js';
import { loadSample, phonesOf, type SampleProvince } from './sample-province.js';
import { openProvince, remindOfToday, seed } from './seed.js';
import { hasZaloBot, homeOf, seedAccounts } from './seed-people.js';
import { historyFrom } from './simulator/history.js';
import { smsPhones, zbsPhones, type SimulatorNetwork } from './simulator/networks.js';
import type { FirstPhones, SimulatorPerson } from './simulator/people.js';
import { registerSimulator } from './simulator/register.js';

export interface DemoOptions {
  host: string;
  /** 0: any free port; PUBLIC_URL is then left unset. */
  port: number;
  /** An empty folder for the embedded database. */
  dir: string;
  logLevel: string;
  /** Progress for the terminal. */
  say(line: string): void;
  /** A database already running instead of an embedded one in `dir`. */
  db?: { uri: string; name?: string };
}

export interface Demo {
  address: string;
  login: { email: string; password: string };
  others: { email: string; name: string }[];
  app: App;
  zalo: ZaloStandIn;
  telegram: TelegramStandIn;
  stop(): Promise<void>;
}

/** Only ever on this machine and with invented data, so the password may be known to everybody. */
const LOGIN = { email: 'quantri@demo.invalid', password: 'nhacviec-2026' };

/** The leader of the task that is due today, and the officer of the Office who follows it. */
const FIRST: FirstPhones = { left: { person: 'P12', channel: 'zalo' }, right: { person: 'P07', channel: 'telegram' } };

/** The whole house with stand-ins for the providers and the sample province in it. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { say } = options;
  const clock = systemClock;
  say('Khởi động cơ sở dữ liệu và các nhà cung cấp mô phỏng …');
  // Nobody misses this data after a power cut, so it need not wait for the disk.
  const [server, providers] = await Promise.all([options.db ? null : startEmbedded({ dir: options.dir, sync: false }), startProviders(clock)]);
  const { zalo, telegram } = providers;
  const sample = loadSample();
  sayHello(sample, providers);
  say('Khởi động ứng dụng …');
  const people = simulatorPeople(sample);
  const app = await createApp(readConfig(environment(options, providers)), {
    demo: true,
    // People try it out at any hour and on Sundays.
    policy: { quiet: null, digest: { ...defaultPolicy.digest, at: '00:00' } },
    db: options.db ?? { uri: server?.uri ?? '', name: 'nhacviec' },
    routes: (http, ctx) => registerSimulator(http, networksOf(providers), () => ({ people, first: FIRST }), historyFrom(ctx)),
  });
  const province = await seed(app.ctx, sample, { renderers: { ...taskRenderers, ...meetingRenderers }, say });
  await seedTemplates(app.ctx, providers.zbs);
  const others = await seedAccounts(app.ctx, LOGIN.password, province.cast);
  const address = (await app.listen()).replace('127.0.0.1', 'localhost');
  zalo.registerCallback(`${app.ctx.config.PUBLIC_URL ?? address}/admin/zalo/callback`);
  await zalo.setWebhook(`${address.replace('localhost', '127.0.0.1')}/webhooks/zalo`);
  say('Gọi họp hỏa tốc và nhắc việc đến hạn …');
  await openProvince(app.ctx, province);
  await somethingOn(zalo.network, phonesOf(FIRST.left.person).zalo);
  await remindOfToday(app.ctx, province, clock.now().toISOString());
  return { address, login: LOGIN, others, app, zalo, telegram, stop: () => stopAll(app, providers, server) };
}

/** The stand-ins of the demo. */
interface Providers {
  zalo: ZaloStandIn;
  telegram: TelegramStandIn;
  bot: ZaloBotStandIn;
  esms: EsmsStandIn;
  zbs: ZbsStandIn;
}

async function startProviders(clock: Clock): Promise<Providers> {
  const [zalo, telegram, bot, esms] = await Promise.all([startZaloStandIn({ clock }), startTelegramStandIn({ clock }), startZaloBotStandIn({ clock }), startEsmsStandIn({ clock, deliverAtOnce: true })]);
  const zbs = await startZbsStandIn({ clock, isToken: zalo.isToken, tell: (event) => zalo.webhook.tell(event) });
  return { zalo, telegram, bot, esms, zbs };
}

const networksOf = ({ zalo, telegram, bot, esms, zbs }: Providers): SimulatorNetwork[] => [zalo.network, telegram.network, bot.network, smsPhones(esms), zbsPhones(zbs, cardText)];

/** Everybody follows the OA, has pressed Start before, has written to the bot, and has Zalo on the number of the list. */
function sayHello(sample: SampleProvince, { zalo, telegram, bot, zbs }: Providers): void {
  for (const { id, name, phone } of sample.people) {
    const phones = phonesOf(id);
    zalo.follow(phones.zalo);
    telegram.introduce(phones.telegram, { name, started: true });
    if (hasZaloBot(id)) bot.introduce(phones['zalo-bot']);
    if (phone) zbs.introduce(normalisePhone(phone) ?? phone);
  }
}

function simulatorPeople(sample: SampleProvince): SimulatorPerson[] {
  const names = new Map(sample.agencies.map((agency) => [agency.code, agency.name]));
  return sample.people.map(({ id, name, position, agencyCode, phone }) => {
    const number = phone ? (normalisePhone(phone) ?? phone) : null;
    const { 'zalo-bot': bot, ...chats } = phonesOf(id);
    const phones = { ...chats, ...(hasZaloBot(id) ? { 'zalo-bot': bot } : {}), ...(number ? { sms: number, zbs: number } : {}) };
    return { id, name, position, group: names.get(agencyCode) ?? agencyCode, home: homeOf(id), phones };
  });
}

/** Settings of the demo. Of the machine's environment nothing is taken over, so a real token can never be used by mistake. */
const environment = (options: DemoOptions, { zalo, telegram, bot, esms, zbs }: Providers): Record<string, string> => ({
  NODE_ENV: 'development',
  HOST: options.host,
  PORT: String(options.port),
  ...(options.port > 0 ? { PUBLIC_URL: `http://localhost:${options.port}` } : {}),
  DATA_DIR: options.dir,
  LOG_LEVEL: options.logLevel,
  ADMIN_EMAIL: LOGIN.email,
  ADMIN_PASSWORD: LOGIN.password,
  TELEGRAM_BOT_TOKEN: telegram.token,
  TELEGRAM_API_ROOT: telegram.url,
  ZALO_APP_ID: zalo.appId,
  ZALO_APP_SECRET: zalo.appSecret,
  ZALO_OA_SECRET_KEY: zalo.oaSecretKey,
  ZALO_OA_REFRESH_TOKEN: zalo.refreshToken,
  ZALO_API_ROOT: zalo.apiRoot,
  ZALO_MEDIA_HOSTS: `${new URL(zalo.apiRoot).host} ${new URL(bot.apiRoot).host}`,
  ZALO_OAUTH_ROOT: zalo.oauthRoot,
  ZALO_BOT_TOKEN: bot.token,
  ZALO_BOT_API_ROOT: bot.apiRoot,
  ZALO_ZBS_MODE: 'live',
  ZALO_ZBS_API_ROOT: zbs.apiRoot,
  SMS_DRIVER: 'esms',
  SMS_BRANDNAME: esms.brandname,
  SMS_ESMS_ROOT: esms.root,
  SMS_ESMS_API_KEY: esms.apiKey,
  SMS_ESMS_SECRET_KEY: esms.secretKey,
});

/** Resolves when a message has reached this phone, or after two seconds: the reminder shall be the last one on it. */
const somethingOn = ({ onChange }: PhoneNetwork, phone: string): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, 2_000);
    const stop = onChange((userId) => {
      if (userId !== phone) return;
      clearTimeout(timer);
      stop();
      resolve();
    });
  });

async function stopAll(app: App, { zalo, telegram, bot, esms, zbs }: Providers, server: EmbeddedServer | null): Promise<void> {
  await zalo.settled();
  await app.close();
  await Promise.all([zalo.stop(), telegram.stop(), bot.stop(), esms.stop(), zbs.stop(), server?.stop()]);
}
