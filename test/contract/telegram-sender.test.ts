import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBot } from '../../bots/telegram/bot.js';
import { telegramSender } from '../../bots/telegram/sender.js';
import { readConfig } from '../../src/config.js';
import type { SendOutcome, Sender } from '../../src/delivery/sender.js';
import { startTelegramStandIn, type TelegramStandIn } from '../../src/demo/providers/telegram.js';
import type { Message } from '../../src/texts/message.js';
import { TestClock } from '../support/test-clock.js';

const LAN = '5001';
const hello: Message = { text: '🔔 Nhắc việc\nHạn: thứ Ba 24/11/2026', buttons: [{ label: 'Cập nhật', command: '/capnhat NV-2026-00012' }] };
const senderFor = (root: string, token: string, proxy?: string): Sender =>
  telegramSender(createBot(readConfig({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: root, ...(proxy ? { TELEGRAM_PROXY: proxy } : {}) }), async () => {}));

describe('the Telegram sender over real HTTP', () => {
  let telegram: TelegramStandIn;
  let clock: TestClock;
  let sender: Sender;
  const outcomes: SendOutcome[] = [];
  const send = async (message: Message = hello, to = LAN, signal = AbortSignal.timeout(5_000)) => {
    const outcome = await sender.send(to, message, { key: 'k', signal });
    outcomes.push(outcome);
    return outcome;
  };

  beforeEach(async () => {
    clock = new TestClock('2026-11-23T01:00:00Z');
    telegram = await startTelegramStandIn({ clock, strictRate: true });
    sender = senderFor(telegram.url, telegram.token);
    await telegram.network.say(LAN, '/start');
  });
  afterEach(async () => {
    await telegram.stop();
    expect(JSON.stringify(outcomes)).not.toContain(telegram.token.split(':')[1]);
  });

  test('accepted: the phone shows text and buttons, the id finds it again', async () => {
    const outcome = await send();
    const [, shown] = telegram.network.messagesOf(LAN);
    expect(outcome).toEqual({ kind: 'accepted', providerId: shown?.id });
    expect(shown).toMatchObject({ from: 'bot', text: hello.text, buttons: [{ label: 'Cập nhật' }] });
  });

  test('a burst to one chat: 429 pauses the channel for as long as Telegram says', async () => {
    await send();
    expect(await send()).toEqual({ kind: 'retry', code: 'flood', afterMs: 1000, maybeSent: false, pauseChannel: true });
    clock.advance({ seconds: 1 });
    expect(await send()).toMatchObject({ kind: 'accepted' });
    telegram.network.misbehave('flood-429', 1, { retryAfterS: 17 });
    expect(await send()).toMatchObject({ afterMs: 17_000, pauseChannel: true });
  });

  test('blocked, never met, unknown: this person not here', async () => {
    await telegram.block(LAN);
    expect(await send()).toEqual({ kind: 'unreachable', code: 'blocked', dead: true });
    telegram.introduce('5002', { name: 'Chưa bấm Start' });
    expect(await send(hello, '5002')).toEqual({ kind: 'unreachable', code: 'not-started', dead: true });
    expect(await send(hello, '9999')).toEqual({ kind: 'unreachable', code: 'chat-not-found', dead: true });
  });

  test('a refused token stops the channel', async () => {
    sender = senderFor(telegram.url, '7026112026:some-other-token');
    expect(await send()).toEqual({ kind: 'rejected', code: 'token-refused' });
  });

  test('too long, emoji, combining marks, markup, half letters: arrives, cut on a word', async () => {
    const text = `<b>Nhắc & việc</b> ${'ế'.normalize('NFD')} 👩‍👩‍👧 \ud83d ${'tiến độ '.repeat(900)}`;
    expect(await send({ text })).toMatchObject({ kind: 'accepted' });
    const shown = telegram.network.messagesOf(LAN).at(-1)?.text ?? '';
    expect(shown).toMatch(/^<b>Nhắc & việc<\/b> .*(tiến|độ)…$/s);
    expect(shown.length).toBeLessThanOrEqual(4096);
  });

  test('one message Telegram will not take does not stop the channel', async () => {
    expect(await send({ text: ' \n ' })).toEqual({ kind: 'unreachable', code: 'message-refused:message-text-is-empty' });
  });

});

describe('servers that are no Bot API', () => {
  let server: Server;
  const listening = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each([
    ['200 with an error inside', '{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}', { kind: 'unreachable', code: 'blocked', dead: true }],
    ['200 without a message', '{"ok":true,"result":true}', { kind: 'retry', code: 'unreadable', maybeSent: true }],
    ['200 with null', 'null', { kind: 'retry', code: 'unreadable', maybeSent: true }],
    ['200 with a login page', '<html>Đăng nhập</html>', { kind: 'retry', code: 'unreadable', maybeSent: true }],
  ])('%s', async (_name, body, outcome) => {
    const root = await listening((_request, response) => void response.end(body));
    expect(await senderFor(root, '123456:abcdefghij').send(LAN, hello, { key: 'k', signal: AbortSignal.timeout(2_000) })).toEqual(outcome);
  });

  test('a relay below a path keeps its path', async () => {
    const paths: (string | undefined)[] = [];
    const root = await listening((request, response) => {
      paths.push(request.url);
      response.end('{"ok":true,"result":{"message_id":3}}');
    });
    await senderFor(`${root}/tg`, '123456:abcdefghij').send(LAN, hello, { key: 'k', signal: AbortSignal.timeout(2_000) });
    expect(paths).toEqual(['/tg/bot123456:abcdefghij/sendMessage']);
  });

  test('through a proxy: telegraf asks it for a tunnel', async () => {
    const asked: (string | undefined)[] = [];
    const proxy = await listening(() => {});
    server.on('connect', (request, socket) => {
      asked.push(request.url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    const outcome = await senderFor('https://telegram.invalid', '123456:abcdefghij', proxy).send(LAN, hello, { key: 'k', signal: AbortSignal.timeout(2_000) });
    expect(asked).toEqual(['telegram.invalid:443']);
    expect(outcome.kind).toBe('retry');
  });
});
