import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askJson, openConnections, pauseIn, type Asked } from '../../src/ask/ask-json.js';

/** What the one client of all HTTP providers says of each way an answer can fail; what senders make of it is in senders.test.ts. */
let server: Server;
let agent: ReturnType<typeof openConnections>;
let behave: RequestListener;
beforeEach(async () => {
  agent = openConnections();
  server = createServer((request, response) => behave(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await agent.close().catch(() => undefined);
});
const KEY = 'khoa-trong-dia-chi';
const ask = (signal = AbortSignal.timeout(5_000)): Promise<Asked> => askJson(agent, { method: 'POST', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${KEY}`, json: { chữ: 'Việt' }, signal });
const giving = (status: number, body: string, headers: Record<string, string> = {}): RequestListener => (_request, response) => void response.writeHead(status, headers).end(body);

test('JSON there and back, whatever the status', async () => {
  behave = (request, response) => void request.pipe(response.writeHead(500, { 'content-type': request.headers['content-type'] ?? '' }));
  expect(await ask()).toEqual({ kind: 'json', status: 500, body: { chữ: 'Việt' } });
});

test.each<[what: string, answer: RequestListener, asked: Asked]>([
  ['a page with 200', giving(200, '<html>Đăng nhập</html>'), { kind: 'unknown', code: 'bad-json' }],
  ['a gateway’s page', giving(502, `<html>${KEY}</html>`), { kind: 'unknown', code: 'http-502' }],
  ['nothing', giving(204, ''), { kind: 'unknown', code: 'http-204' }],
  ['null', giving(200, 'null'), { kind: 'unknown', code: 'bad-json' }],
  ['a list', giving(503, '[]'), { kind: 'unknown', code: 'http-503' }],
  ['more than anybody answers', giving(200, `{"a":"${'x'.repeat(1_100_000)}"}`), { kind: 'unknown', code: 'connection-lost' }],
  ['the connection’s end', (request) => void request.socket.resetAndDestroy(), { kind: 'unknown', code: 'connection-lost' }],
  ['too fast', giving(429, `{"error":"${KEY}"}`), { kind: 'throttled', code: 'throttled' }],
  ['too fast, with a span', giving(429, '<h1>…</h1>', { 'retry-after': '17' }), { kind: 'throttled', code: 'throttled', afterMs: 17_000 }],
])('%s', async (_what, answer, asked) => {
  behave = answer;
  expect(await ask()).toEqual(asked);
});

test('a 429 whose body never ends is a 429 all the same', async () => {
  behave = (_request, response) => void (response.writeHead(429, { 'content-length': '500', 'retry-after': '3' }), response.write('{', () => response.destroy()));
  expect(await ask()).toEqual({ kind: 'throttled', code: 'throttled', afterMs: 3_000 });
});

describe('who does not answer', () => {
  test('silence until the signal; after it nothing is asked', async () => {
    let asked = 0;
    behave = () => void asked++;
    expect(await ask(AbortSignal.timeout(100))).toEqual({ kind: 'unknown', code: 'timeout' });
    expect(await ask(AbortSignal.abort())).toEqual({ kind: 'not-sent', code: 'timeout' });
    expect(asked).toBe(1);
  });

  test('nobody there, and connections we have closed ourselves: certainly not sent', async () => {
    behave = giving(200, '{}');
    await agent.close();
    expect(await ask()).toEqual({ kind: 'not-sent', code: 'no-connection' });
    agent = openConnections();
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    expect(await askJson(agent, { method: 'GET', url: `http://127.0.0.1:${port}/`, signal: AbortSignal.timeout(5_000) })).toEqual({ kind: 'not-sent', code: 'no-connection' });
  });
});

test.each<[retryAfter: string, date: string, ms: number | null]>([
  ['17', '', 17_000],
  [' 17 ', '', 17_000],
  ['0', '', null],
  ['', '', null],
  ['-5', '', null],
  ['soon', '', null],
  ['999999', '', 3_600_000],
  ['Mon, 23 Nov 2026 01:01:30 GMT', 'Mon, 23 Nov 2026 01:00:00 GMT', 90_000],
  ['Mon, 23 Nov 2026 00:59:00 GMT', 'Mon, 23 Nov 2026 01:00:00 GMT', null],
  ['Mon, 23 Nov 2026 01:01:30 GMT', '', null],
])('Retry-After %j at %j', (retryAfter, date, ms) => {
  expect(pauseIn(retryAfter, date)).toBe(ms);
});
