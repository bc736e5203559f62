import { createApp, type App } from '../app.js';
import { readConfig } from '../config.js';
import type { Ctx } from '../context.js';
import { defaultPolicy } from '../delivery/policy.js';
import { taskRenderers } from '../directives/task-messages.js';
import { startEmbedded, type EmbeddedServer } from '../embedded-mongo/index.js';
import { systemClock } from '../kernel/clock.js';
import { instantAt, localDateOf } from '../kernel/local-date.js';
import { meetingRenderers } from '../meetings/meeting-messages.js';
import { mailHouse } from '../mail/addresses.js';
import { readerOf } from '../mail/index.js';
import { createMailSender, createTransport } from '../mail/sender.js';
import { normalisePhone } from '../people/phone.js';
import { mailboxesOf, simulatorPeople } from './demo-people.js';
import { environment, LOGIN, networksOf, startProviders, type Providers } from './demo-providers.js';
import { seedTemplates } from './demo-templates.js';
import type { MailStandIn } from './providers/mail.js';
import { ZBS_DAILY } from './providers/zbs.js';
import type { PhoneNetwork } from './providers/phone-network.js';
import type { TelegramStandIn } from './providers/telegram.js';
import type { ZaloStandIn } from './providers/zalo.js';
import { loadSample, phonesOf, type SampleProvince } from './sample-province.js';
import { openProvince, remindOfToday, seed } from './seed.js';
import { hasZaloBot, seedAccounts } from './seed-people.js';
import type { PastMail } from './history-engine.js';
import { historyFrom } from './simulator/history.js';
import type { FirstPhones } from './simulator/people.js';
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
  mail: MailStandIn;
  stop(): Promise<void>;
}

/** The leader of the task that is due today, and the officer of the Office who follows it. */
const FIRST: FirstPhones = { left: { person: 'P12', channel: 'zalo' }, right: { person: 'P07', channel: 'telegram' } };

/** The officer who answers for the Department of Science and Technology reads mail. */
const FIRST_MAILBOX = 'P39';

/** The whole house with stand-ins for the providers and the sample province in it. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { say } = options;
  const clock = systemClock;
  const posted: { at: Date | null } = { at: null };
  say('Khởi động cơ sở dữ liệu và các nhà cung cấp mô phỏng …');
  // Nobody misses this data after a power cut, so it need not wait for the disk.
  const [server, providers] = await Promise.all([options.db ? null : startEmbedded({ dir: options.dir, sync: false }), startProviders(clock, { now: () => posted.at ?? clock.now() })]);
  const { zalo, telegram, mail } = providers;
  const sample = loadSample();
  sayHello(sample, providers);
  say('Khởi động ứng dụng …');
  const people = simulatorPeople(sample);
  const app = await createApp(readConfig(environment(options, providers)), {
    demo: true,
    // People try it out at any hour and on Sundays.
    policy: { quiet: null, digest: { ...defaultPolicy.digest, at: '00:00' } },
    db: options.db ?? { uri: server?.uri ?? '', name: 'nhacviec' },
    routes: (http, ctx) => registerSimulator(http, networksOf(providers, clock), () => ({ people, first: FIRST }), { history: historyFrom(ctx), mail: { provider: mail, boxes: mailboxesOf(sample), first: FIRST_MAILBOX } }),
  });
  const past = pastMail(app.ctx, mail, posted);
  const province = await seed(app.ctx, sample, { renderers: { ...taskRenderers, ...meetingRenderers }, mail: past, say });
  past.close();
  for (const { address } of mailboxesOf(sample)) mail.unopened(address).forEach((number) => mail.markOpened(number));
  await seedTemplates(app.ctx, providers.zbs);
  providers.zbs.setQuota(ZBS_DAILY - (await app.ctx.db.Delivery.countDocuments({ channel: 'zbs', acceptedAt: { $gte: instantAt(localDateOf(clock.now()), '00:00') } })));
  const others = await seedAccounts(app.ctx, LOGIN.password, province.cast);
  const address = (await app.listen()).replace('127.0.0.1', 'localhost');
  zalo.registerCallback(`${app.ctx.config.PUBLIC_URL ?? address}/admin/zalo/callback`);
  await zalo.setWebhook(`${address.replace('localhost', '127.0.0.1')}/webhooks/zalo`);
  say('Gọi họp hỏa tốc và nhắc việc đến hạn …');
  await openProvince(app.ctx, province);
  await somethingOn(zalo.network, phonesOf(FIRST.left.person).zalo);
  await remindOfToday(app.ctx, province, clock.now().toISOString());
  return { address, login: LOGIN, others, app, zalo, telegram, mail, stop: () => stopAll(app, providers, server) };
}

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

/** The product's own sender for the weeks before the opening; `posted.at` is what the provider's clock shows. */
function pastMail(ctx: Ctx, mail: MailStandIn, posted: { at: Date | null }): PastMail & { close(): void } {
  const transport = createTransport(mail.smtpUrl);
  const now = (): Date => posted.at ?? ctx.clock.now();
  const sender = createMailSender({ transport, house: mailHouse(ctx.config), now, readerOf: (key) => readerOf(ctx, key), takeOne: async () => null, noticed: () => {} });
  return { sender, at: (moment) => void (posted.at = moment), close: () => transport.close() };
}

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

async function stopAll(app: App, providers: Providers, server: EmbeddedServer | null): Promise<void> {
  await providers.zalo.settled();
  await app.close();
  await Promise.all([...Object.values(providers).map((one: { stop(): Promise<void> }) => one.stop()), server?.stop()]);
}
