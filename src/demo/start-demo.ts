import { createApp, type App } from '../app.js';
import { readConfig } from '../config.js';
import { taskRenderers } from '../directives/task-messages.js';
import { startEmbedded, type EmbeddedServer } from '../embedded-mongo/index.js';
import { systemClock } from '../kernel/clock.js';
import { meetingRenderers } from '../meetings/meeting-messages.js';
import type { PhoneNetwork } from './providers/phone-network.js';
import { startTelegramStandIn, type TelegramStandIn } from './providers/telegram.js';
import { startZaloStandIn, type ZaloStandIn } from './providers/zalo.js';
import { loadSample, phonesOf, type SampleProvince } from './sample-province.js';
import { openProvince, remindOfToday, seed } from './seed.js';
import { seedAccounts } from './seed-people.js';
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
  say('Khởi động cơ sở dữ liệu, Zalo và Telegram mô phỏng …');
  // Nobody misses this data after a power cut, so it need not wait for the disk.
  const [server, zalo, telegram] = await Promise.all([options.db ? null : startEmbedded({ dir: options.dir, sync: false }), startZaloStandIn({ clock }), startTelegramStandIn({ clock })]);
  const sample = loadSample();
  sayHello(sample, zalo, telegram);
  say('Khởi động ứng dụng …');
  const people = simulatorPeople(sample);
  const app = await createApp(readConfig(environment(options, zalo, telegram)), {
    demo: true,
    // People try it out at any hour and on Sundays.
    policy: { quiet: null },
    db: options.db ?? { uri: server?.uri ?? '', name: 'nhacviec' },
    routes: (http) => registerSimulator(http, [zalo.network, telegram.network], () => ({ people, first: FIRST })),
  });
  const province = await seed(app.ctx, sample, { renderers: { ...taskRenderers, ...meetingRenderers }, say });
  const others = await seedAccounts(app.ctx, LOGIN.password, province.cast);
  const address = (await app.listen()).replace('127.0.0.1', 'localhost');
  zalo.registerCallback(`${app.ctx.config.PUBLIC_URL ?? address}/admin/zalo/callback`);
  await zalo.setWebhook(`${address.replace('localhost', '127.0.0.1')}/webhooks/zalo`);
  say('Gọi họp hỏa tốc và nhắc việc đến hạn …');
  await openProvince(app.ctx, province);
  await somethingOn(zalo.network, phonesOf(FIRST.left.person).zalo);
  await remindOfToday(app.ctx, province, clock.now().toISOString());
  return { address, login: LOGIN, others, app, zalo, telegram, stop: () => stopAll(app, zalo, telegram, server) };
}

/** Everybody follows the OA and has pressed Start before. */
function sayHello(sample: SampleProvince, zalo: ZaloStandIn, telegram: TelegramStandIn): void {
  for (const { id, name } of sample.people) {
    const phones = phonesOf(id);
    zalo.follow(phones.zalo);
    telegram.introduce(phones.telegram, { name, started: true });
  }
}

function simulatorPeople(sample: SampleProvince): SimulatorPerson[] {
  const names = new Map(sample.agencies.map((agency) => [agency.code, agency.name]));
  return sample.people.map(({ id, name, position, agencyCode }) => ({ id, name, position, group: names.get(agencyCode) ?? agencyCode, phones: phonesOf(id) }));
}

/** Settings of the demo. Of the machine's environment nothing is taken over, so a real token can never be used by mistake. */
const environment = (options: DemoOptions, zalo: ZaloStandIn, telegram: TelegramStandIn): Record<string, string> => ({
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
  ZALO_OAUTH_ROOT: zalo.oauthRoot,
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

async function stopAll(app: App, zalo: ZaloStandIn, telegram: TelegramStandIn, server: EmbeddedServer | null): Promise<void> {
  await zalo.settled();
  await app.close();
  await Promise.all([zalo.stop(), telegram.stop(), server?.stop()]);
}
