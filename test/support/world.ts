import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { pino } from 'pino';
import { createApp, type App } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { startTelegramStandIn, type TelegramStandIn } from '../../src/demo/providers/telegram.js';
import { startZaloStandIn, type ZaloStandIn } from '../../src/demo/providers/zalo.js';
import type { PhoneMessage, PhoneNetwork } from '../../src/demo/providers/phone-network.js';
import { sealLedger } from '../../src/delivery/ledger/seal-ledger.js';
import { verifyLedger } from '../../src/delivery/ledger/verify-ledger.js';
import { chanceOfTest } from './chance.js';
import { TestClock } from './test-clock.js';
import { testUri } from './test-ctx.js';

export const API_TOKEN = 'office-document-system-token';

/** The channels a story's people hold phones on. */
export type StoryChannel = 'telegram' | 'zalo';

/** A person of a story, with the phone they hold. */
export interface StoryPerson {
  id: string;
  name: string;
  channel: StoryChannel;
  userId: string;
}

/** The real app on a real database with provider stand-ins over real HTTP, and a clock the story moves. */
export interface World {
  app: App;
  clock: TestClock;
  networks: Record<StoryChannel, PhoneNetwork>;
  /** The providers, for what no phone causes. */
  zalo: ZaloStandIn;
  telegram: TelegramStandIn;
  /** Calls the REST API; returns status and body. */
  api(method: 'GET' | 'POST', path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: never }>;
  agency(code: string, name: string, type?: string): Promise<void>;
  /** Registers a person and links their phone by a one-time code typed in the chat. */
  person(input: { name: string; position: string; agencyCode: string; roles: string[] }, channel?: StoryChannel): Promise<StoryPerson>;
  /** What the bot wrote to this phone since the last time it was read. */
  heard(person: StoryPerson): PhoneMessage[];
  say(person: StoryPerson, text: string, options?: { replyTo?: string }): Promise<void>;
  tap(person: StoryPerson, message: PhoneMessage, label: string): Promise<void>;
  settle(): Promise<void>;
  /** Fails if any phone holds a message no story step read. */
  expectSilence(): void;
  close(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });

/** Opens a world at `start` (an instant); every story has a database of its own. */
export async function openWorld(start = '2026-11-19T02:00:00Z', env: Record<string, string> = {}): Promise<World> {
  const clock = new TestClock(start);
  const [telegram, zalo, port] = await Promise.all([startTelegramStandIn({ clock }), startZaloStandIn({ clock }), freePort()]);
  const config = readConfig(environment(port, telegram, zalo, env));
  const app = await createApp(config, {
    clock,
    random: chanceOfTest(),
    log: pino({ level: config.LOG_LEVEL }),
    db: { uri: testUri(), name: `story_${randomUUID().slice(0, 8)}` },
    background: false,
    admin: false,
  });
  await app.listen();
  await zalo.setWebhook(`http://127.0.0.1:${port}/webhooks/zalo`);
  return buildWorld(app, clock, telegram, zalo);
}

function environment(port: number, telegram: TelegramStandIn, zalo: ZaloStandIn, env: Record<string, string>): Record<string, string> {
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    API_TOKEN,
    ADMIN_EMAIL: 'quantri@laocai.invalid',
    ADMIN_PASSWORD: 'mat-khau-thu-nghiem',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_UPDATES: 'webhook',
    TELEGRAM_WEBHOOK_SECRET: 'story-webhook-secret-1',
    ZALO_APP_ID: zalo.appId,
    ZALO_APP_SECRET: zalo.appSecret,
    ZALO_OA_SECRET_KEY: zalo.oaSecretKey,
    ZALO_OA_REFRESH_TOKEN: zalo.refreshToken,
    ZALO_API_ROOT: zalo.apiRoot,
    ZALO_MEDIA_HOSTS: new URL(zalo.apiRoot).host,
    ZALO_OAUTH_ROOT: zalo.oauthRoot,
    ...env,
  };
}

function buildWorld(app: App, clock: TestClock, telegram: TelegramStandIn, zalo: ZaloStandIn): World {
  const networks = { telegram: telegram.network, zalo: zalo.network };
  const people: StoryPerson[] = [];
  const read = new Map<string, number>();
  let nextUser = 1_000;

  const fromBot = (person: StoryPerson) => networks[person.channel].messagesOf(person.userId).filter((message) => message.from === 'bot');
  const keyOf = (person: StoryPerson) => `${person.channel}:${person.userId}`;
  const heard = (person: StoryPerson) => {
    const all = fromBot(person);
    const fresh = all.slice(read.get(keyOf(person)) ?? 0);
    read.set(keyOf(person), all.length);
    return fresh;
  };
  const settle = async () => {
    await telegram.settled();
    await app.settle();
  };
  const api: World['api'] = async (method, path, body, headers = {}) => {
    const response = await app.http.inject({
      method,
      url: path,
      headers: { authorization: `Bearer ${API_TOKEN}`, ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return { status: response.statusCode, body: (response.body ? response.json() : undefined) as never };
  };
  const mustPost = async (path: string, body: unknown): Promise<{ id: string; code: string }> => {
    const answer = await api('POST', path, body);
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    app,
    clock,
    networks,
    zalo,
    telegram,
    api,
    heard,
    settle,
    agency: async (code, name, type = 'department') => void (await mustPost('/api/v1/agencies', { code, name, type })),
    person: async (input, channel = 'telegram') => {
      const { id } = await mustPost('/api/v1/people', input);
      const { code } = await mustPost(`/api/v1/people/${id}/link-codes`, {});
      const person: StoryPerson = { id, name: input.name, channel, userId: String(nextUser++) };
      people.push(person);
      await networks[channel].say(person.userId, channel === 'telegram' ? `/start ${code}` : `/lienket ${code}`);
      await settle();
      const greeting = heard(person);
      if (!greeting.some((message) => message.text.includes(input.name))) throw new Error(`${input.name} was not linked: ${JSON.stringify(greeting.map((m) => m.text))}`);
      return person;
    },
    say: async (person, text, options) => {
      await networks[person.channel].say(person.userId, text, options);
      await settle();
    },
    tap: async (person, message, label) => {
      const index = message.buttons.findIndex((button) => button.label === label);
      if (index < 0) throw new Error(`No button "${label}" under: ${message.text} [${message.buttons.map((b) => b.label).join(', ')}]`);
      await networks[person.channel].tap(person.userId, message.id, index);
      await settle();
    },
    expectSilence: () => {
      const unread = people.flatMap((person) => heard(person).map((message) => `${person.name} (${person.channel}): ${message.text}`));
      if (unread.length > 0) throw new Error(`Messages nobody expected:\n${unread.join('\n---\n')}`);
    },
    close: async () => {
      const { conn } = app.ctx.db;
      const harmed = await ledgerBreaches(app);
      await conn.dropDatabase();
      await app.close();
      await Promise.all([telegram.stop(), zalo.stop()]);
      if (harmed.length > 0) throw new Error(`The ledger's chain and the deliveries disagree; every write worth keeping must $inc rev and set unsealed:\n${harmed.join('\n')}`);
    },
  };
}

/** After every story the chain holds what the deliveries say. */
async function ledgerBreaches(app: App): Promise<string[]> {
  await sealLedger(app.ctx);
  return (await verifyLedger(app.ctx)).breaches.map(({ place, what }) => `${place}: ${what}`);
}
