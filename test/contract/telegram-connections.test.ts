import { once } from 'node:events';
import { createServer as createHttp, request as plainRequest, type Agent, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttps, request as secureRequest } from 'node:https';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createBot } from '../../bots/telegram/bot.js';
import { openConnections } from '../../bots/telegram/connections.js';
import { telegramSender } from '../../bots/telegram/sender.js';
import { readConfig } from '../../src/config.js';
import type { SendOutcome, Sender } from '../../src/delivery/sender.js';
import { swallowingPort } from '../support/swallowing-port.js';

const LIMIT_MS = 200;
/** Far beyond the limit of a connection: who waits for it has missed that limit. */
const CALL_MS = 10_000;
const NOT_SENT = { kind: 'retry', code: 'no-connection', maybeSent: false };

/** Elsewhere a full queue refuses instead of keeping silent. */
const onLinux = test.skipIf(process.platform !== 'linux');

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function swallowed(): Promise<number> {
  const { port, close } = await swallowingPort();
  closing.push(close);
  return port;
}

async function portOf(server: Server): Promise<number> {
  const ends = new Set<Socket>();
  server.on('connection', (end: Socket) => ends.add(end.on('error', () => {})));
  closing.push(() => {
    ends.forEach((end) => end.destroy());
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

interface Way {
  proxy?: string;
  limitMs?: number;
}
function senderFor(root: string, { proxy, limitMs = LIMIT_MS }: Way = {}): Sender {
  const config = readConfig({ TELEGRAM_BOT_TOKEN: '123456:abcdefghij', TELEGRAM_API_ROOT: root, ...(proxy ? { TELEGRAM_PROXY: proxy } : {}) });
  return telegramSender(createBot(config, async () => {}, { connectLimitMs: limitMs }));
}
const send = (root: string, way?: Way): Promise<SendOutcome> => senderFor(root, way).send('5001', { text: 'Nhắc việc' }, { key: 'k', signal: AbortSignal.timeout(CALL_MS) });

describe('no connection comes to stand: nothing was sent, and the next channel may go at once', () => {
  onLinux.each(['http', 'https'])('a blocking order swallows every packet on the way to the %s root', async (protocol) => {
    expect(await send(`${protocol}://127.0.0.1:${await swallowed()}`)).toEqual(NOT_SENT);
  });

  onLinux('the proxy itself is swallowed', async () => {
    expect(await send('https://telegram.invalid', { proxy: `http://127.0.0.1:${await swallowed()}` })).toEqual(NOT_SENT);
  });

  test('somebody on the way takes the connection and never answers the TLS greeting; ours is closed again', async () => {
    const server = createServer();
    const port = await portOf(server);
    const taken = once(server, 'connection');
    expect(await send(`https://127.0.0.1:${port}`)).toEqual(NOT_SENT);
    const [end] = (await taken) as [Socket];
    await once(end.resume(), 'close');
  });

  test('somebody on the way breaks the connection at the TLS greeting', async () => {
    const port = await portOf(createServer((end) => end.once('data', () => end.resetAndDestroy())));
    expect(await send(`https://127.0.0.1:${port}`)).toEqual(NOT_SENT);
  });

  const opened = 'HTTP/1.1 200 OK\r\n\r\n';
  test.each([
    ['never answers', [], LIMIT_MS],
    ['opens the tunnel, in which nobody answers the TLS greeting', [opened], LIMIT_MS],
    // Known at once: who waits here for the limit of a connection waits too long.
    ['opens the tunnel, in which a page of the authorities answers the TLS greeting', [opened, 'HTTP/1.1 403 Forbidden\r\n\r\n'], 2 * CALL_MS],
    ['cannot reach Telegram', ['HTTP/1.1 504 Gateway Timeout\r\n\r\n'], 2 * CALL_MS],
    ['wants a password', ['HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 9\r\n\r\n<html>407'], 2 * CALL_MS],
  ])('the proxy %s; our connection to it is closed again', async (_name, answers, limitMs) => {
    const left = [...answers];
    const server = createServer((end) => end.on('data', () => void end.write(left.shift() ?? '')));
    const proxy = `http://127.0.0.1:${await portOf(server)}`;
    const taken = once(server, 'connection');
    expect(await send('https://telegram.invalid', { proxy, limitMs })).toEqual(NOT_SENT);
    const [end] = (await taken) as [Socket];
    if (!end.closed) await once(end, 'close');
  });

  test.each(['http', 'https'])('the %s root: a name server that never answers counts as well', async (protocol) => {
    const agent = openConnections(`${protocol}://localhost`, undefined, LIMIT_MS);
    await expect(get(`${protocol}://localhost`, { agent, lookup: () => {} })).rejects.toMatchObject({ code: 'no-connection' });
  });
});

describe('a connection that stood', () => {
  const listening = async (listener: RequestListener): Promise<{ root: string; connections: () => number }> => {
    const server = createHttp(listener);
    let connections = 0;
    server.on('connection', () => connections++);
    return { root: `http://127.0.0.1:${await portOf(server)}`, connections: () => connections };
  };
  const accepted = '{"ok":true,"result":{"message_id":3}}';

  test('what was written and not answered may have been sent, and is waited for beyond the limit of a connection', async () => {
    const limitMs = 500;
    const patience = new AbortController();
    const { root } = await listening(() => void setTimeout(() => patience.abort(), limitMs + 100));
    const outcome = await senderFor(root, { limitMs }).send('5001', { text: 'Nhắc việc' }, { key: 'k', signal: patience.signal });
    expect(outcome).toEqual({ kind: 'retry', code: 'timeout', maybeSent: true });
  });

  test('used again for the next message: silence or a break there leaves it in doubt', async () => {
    let patience = new AbortController();
    const answers: RequestListener[] = [
      (_, response) => void response.end(accepted),
      () => patience.abort(),
      (_, response) => void response.end(accepted),
      (request) => void request.socket.destroy(),
    ];
    const { root, connections } = await listening((request, response) => void request.resume().once('end', () => answers.shift()?.(request, response)));
    const sender = senderFor(root, { limitMs: CALL_MS });
    const next = (to: string) => sender.send(to, { text: 'Nhắc việc' }, { key: to, signal: (patience = new AbortController()).signal });
    expect(await next('5001')).toEqual({ kind: 'accepted', providerId: '3' });
    expect(await next('5002')).toEqual({ kind: 'retry', code: 'timeout', maybeSent: true });
    expect(connections()).toBe(1);
    expect(await next('5003')).toEqual({ kind: 'accepted', providerId: '3' });
    expect(await next('5004')).toEqual({ kind: 'retry', code: 'reset', maybeSent: true });
    expect(connections()).toBe(2);
  });

  test('given up before it stood: it carries nothing when it stands at last', async () => {
    const server = createHttp(() => expect.fail('nobody waits for this answer'));
    const root = `http://localhost:${await portOf(server)}`;
    const agent = openConnections(root, undefined, CALL_MS);
    const nameFound = await new Promise<() => void>((asked) => {
      const request = plainRequest(root, { agent, lookup: (_host, _options, found) => {
        setImmediate(() => {
          request.destroy();
          asked(() => found(null, [{ address: '127.0.0.1', family: 4 }]));
        });
      } });
      request.on('error', () => {}).end();
    });
    nameFound();
    const [end] = (await once(server, 'connection')) as [Socket];
    await once(end, 'close');
  });
});

describe('over TLS', () => {
  /** A key both sides know stands in for certificates. */
  const psk = Buffer.alloc(16, 7);
  const known = { ciphers: 'PSK', maxVersion: 'TLSv1.2' as const };
  const telegram = () => portOf(createHttps({ ...known, pskCallback: () => psk }, (_, response) => void response.end('answered')));
  const trusting = { ...known, pskCallback: () => ({ psk, identity: 'bot' }), checkServerIdentity: () => undefined };

  test('straight: answered, and the connection is used again', async () => {
    const root = `https://127.0.0.1:${await telegram()}`;
    const agent = openConnections(root, undefined, CALL_MS);
    expect(await get(root, { agent, ...trusting })).toEqual({ text: 'answered', reused: false });
    expect(await get(root, { agent, ...trusting })).toEqual({ text: 'answered', reused: true });
  });

  test('through a proxy: answered', async () => {
    const port = await telegram();
    const tunnel = createHttp().on('connect', (_request, near: Socket) => {
      const far = connect(port, '127.0.0.1', () => {
        near.write('HTTP/1.1 200 OK\r\n\r\n');
        near.pipe(far).pipe(near);
      });
      closing.unshift(() => far.destroy());
    });
    const agent = openConnections(`https://127.0.0.1:${port}`, `http://127.0.0.1:${await portOf(tunnel)}`, CALL_MS);
    expect(await get(`https://127.0.0.1:${port}`, { agent, ...trusting })).toEqual({ text: 'answered', reused: false });
  });
});

type Options = NonNullable<Parameters<typeof secureRequest>[1]> & { agent: Agent };

async function get(url: string, options: Options): Promise<{ text: string; reused: boolean }> {
  const request = (url.startsWith('https:') ? secureRequest : plainRequest)(url, options).end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return { text, reused: request.reusedSocket };
}
