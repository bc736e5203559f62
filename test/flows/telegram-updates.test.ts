import Fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { telegramChannel } from '../../bots/telegram/index.js';
import type { Wait } from '../../bots/wait.js';
import type { ChannelModule } from '../../src/delivery/channel-module.js';
import { startTelegramStandIn, type TelegramStandIn } from '../../src/demo/providers/telegram.js';
import type { InboundMessage } from '../../src/inbox/inbound.js';
import { testCtx } from '../support/test-ctx.js';

const LAN = '5001';
const SECRET = 'mot-bi-mat-du-dai-123';

/** Short pauses pass at once and are noted; long ones last until the channel stops. */
const impatient = (waits: number[]): Wait => (ms, signal) => {
  if (signal.aborted) return Promise.resolve();
  waits.push(ms);
  return ms > 60_000 ? new Promise((done) => signal.addEventListener('abort', () => done())) : new Promise((done) => setImmediate(done));
};

describe('updates from Telegram', () => {
  let world: Awaited<ReturnType<typeof testCtx>>;
  let telegram: TelegramStandIn;
  let channel: ChannelModule | undefined;
  let http: FastifyInstance | undefined;
  let stored: InboundMessage[];
  let broken: number;
  let waits: number[];
  let logged: string;

  const begin = async (env: Record<string, string> = {}) => {
    const { ctx } = (world = await testCtx('2026-11-23T01:00:00Z', { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url, ...env }));
    ctx.log = pino({ level: 'trace' }, { write: (line: string) => void (logged += line) });
    const receive = async (message: InboundMessage) => {
      if (broken-- > 0) throw new Error('database is gone');
      if (!stored.some((m) => m.messageId === message.messageId)) stored.push(message);
    };
    channel = telegramChannel(ctx, { receive, receipt: async () => {} }, { wait: impatient(waits) });
    return channel;
  };
  const texts = () => stored.map((m) => m.text);
  const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

  beforeEach(async () => {
    [stored, broken, waits, logged] = [[], 0, [], ''];
    telegram = await startTelegramStandIn({ clock: { now: () => world.clock.now() } });
  });
  afterEach(async () => {
    await channel?.stop?.();
    await http?.close();
    await telegram.stop();
    await world.close();
    [channel, http] = [undefined, undefined];
    expect(logged).not.toContain(telegram.token.split(':')[1]);
    expect(logged).not.toContain('chuyện riêng');
  });

  test('polling: in order, once each, and the menu and name are known', async () => {
    await (await begin()).start?.();
    await telegram.network.say(LAN, '/start');
    await telegram.network.say(LAN, 'chuyện riêng');
    await until(() => expect(texts()).toEqual(['/start', 'chuyện riêng']));
    await until(() => expect(channel?.health()).toEqual({ state: 'ok' }));
    await until(() => expect(telegram.network.calls().map((c) => c.method)).toContain('setMyCommands'));
    expect((await world.ctx.db.State.findById('telegram:bot').lean())?.value).toMatchObject({ username: telegram.botUsername });
  });

  test('polling: what could not be stored stays at Telegram and comes again', async () => {
    broken = 2;
    await (await begin()).start?.();
    await telegram.network.say(LAN, 'chuyện riêng');
    await telegram.network.say(LAN, 'và nữa');
    await until(() => expect(texts()).toEqual(['chuyện riêng', 'và nữa']));
    expect(waits.filter((ms) => ms === 2_000)).toHaveLength(2);
  });

  test('polling survives floods, outages, resets, nonsense and a webhook set by somebody else', async () => {
    await (await begin()).start?.();
    for (const fault of ['flood-429', 'server-500', 'reset', 'broken-json'] as const) {
      telegram.misbehaveOn('getUpdates', fault, 1, { retryAfterS: 7 });
      await telegram.network.say(LAN, `trước ${fault}`);
      await telegram.network.say(LAN, `sau ${fault}`);
      await until(() => expect(texts()).toContain(`sau ${fault}`));
    }
    await fetch(`${telegram.url}/bot${telegram.token}/setWebhook?url=http://127.0.0.1:9/x`);
    await telegram.network.say(LAN, 'sau webhook');
    await until(() => expect(texts()).toContain('sau webhook'));
    expect(waits).toContain(7_000);
    expect(waits).toContain(10_000);
    expect(texts()).toHaveLength(9);
    await until(() => expect(channel?.health().state).toBe('ok'));
  });

  test('a wrong token: failing, said in Vietnamese, and no hammering', async () => {
    await (await begin({ TELEGRAM_BOT_TOKEN: '7026112026:mot-ma-khac-khac' })).start?.();
    await until(() => expect(channel?.health()).toMatchObject({ state: 'failing', problem: expect.stringContaining('TELEGRAM_BOT_TOKEN') as string }));
    expect(waits.every((ms) => ms >= 60_000)).toBe(true);
  });

  test('every tap is answered, so no button keeps spinning', async () => {
    await (await begin()).start?.();
    await telegram.network.say(LAN, '/start');
    const buttons = [{ label: 'Nhiệm vụ', command: '/nhiemvu' }];
    await channel?.sender.send(LAN, { text: 'x', buttons }, { key: 'k', signal: AbortSignal.timeout(2_000) });
    await telegram.network.tap(LAN, telegram.network.messagesOf(LAN).at(-1)?.id ?? '', 0);
    await until(() => expect(stored.at(-1)).toMatchObject({ kind: 'button', text: '/nhiemvu', replyTo: '2' }));
    await until(() => expect(telegram.unansweredTaps()).toBe(0));
  });

  describe('by webhook', () => {
    const open = async () => {
      http = Fastify();
      await http.listen({ host: '127.0.0.1', port: 0 }).catch(() => {});
      const { port } = http.server.address() as AddressInfo;
      await http.close();
      const url = `http://127.0.0.1:${port}`;
      await begin({ TELEGRAM_UPDATES: 'webhook', TELEGRAM_WEBHOOK_SECRET: SECRET, PUBLIC_URL: url });
      http = Fastify();
      await http.register(async (scope) => channel?.routes?.(scope));
      await http.listen({ host: '127.0.0.1', port });
      await channel?.start?.();
      return (body: string, headers: Record<string, string> = { 'x-telegram-bot-api-secret-token': SECRET }) =>
        fetch(`${url}/webhooks/telegram`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }).then((r) => r.status);
    };
    const update = (id: number) => JSON.stringify({ update_id: id, message: { message_id: 1, from: { id: 5001, first_name: 'Lan' }, chat: { id: 5001, type: 'private' }, text: `tin ${id}` } });

    test('registered with its secret; stored, then confirmed; not stored, then sent again', async () => {
      broken = 2;
      await open();
      await telegram.network.say(LAN, 'chuyện riêng');
      await telegram.network.say(LAN, 'và nữa');
      await until(() => expect(texts()).toEqual(['chuyện riêng', 'và nữa']));
      await until(() => expect(channel?.health()).toEqual({ state: 'ok' }));
    });

    test('without the right secret nothing is read', async () => {
      const post = await open();
      expect(await post(update(1), {})).toBe(401);
      expect(await post(update(1), { 'x-telegram-bot-api-secret-token': `${SECRET}x` })).toBe(401);
      expect(stored).toEqual([]);
      expect(await post(update(1))).toBe(200);
      expect(texts()).toEqual(['tin 1']);
    });

    test('a body that is no update is taken and ignored, an enormous one refused', async () => {
      const post = await open();
      for (const body of ['', '{', 'null', '[]', '{"update_id":"x"}', '{"update_id":1,"message":{"chat":7}}']) expect(await post(body)).toBe(200);
      expect(await post('x'.repeat(600 * 1024))).toBe(413);
      expect(stored).toEqual([]);
    });
  });
});
