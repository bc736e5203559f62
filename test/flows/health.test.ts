import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import type { ChannelHealth } from '../../src/delivery/channel-module.js';
import { createServer } from '../../src/http/server.js';
import { registerApi } from '../../src/http/api.js';
import { openApiStory, TOKEN, type ApiStory } from '../support/api.js';

const house: { channels: Record<string, ChannelHealth>; ticks: Record<string, Date | null> } = { channels: {}, ticks: {} };
let story: ApiStory | undefined;
const open = async (state: Partial<typeof house> = {}) => {
  Object.assign(house, { channels: {}, ticks: {} }, state);
  story = await openApiStory({ API_TOKEN: TOKEN }, { channels: () => house.channels, lastTickAt: () => house.ticks });
  return story;
};
afterEach(() => story?.close());

test('ready while the database answers, ticks come round and no channel fails; a channel that is off is no fault', async () => {
  const { get, clock } = await open({ channels: { telegram: { state: 'ok' }, zalo: { state: 'off', problem: 'Còn thiếu cấu hình' } } });
  house.ticks = { outbox: clock.now(), inbox: null };
  clock.advance({ minutes: 1 });
  expect(await get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await get('/readyz')).toMatchObject({ status: 200, body: { status: 'ready', problems: [], channels: { telegram: 'ok', zalo: 'off' }, tickAgeSeconds: { outbox: 60, inbox: 60 } } });
});

test('not ready, and says why: a tick that stands still, a channel that fails', async () => {
  const { get, clock } = await open({ channels: { zalo: { state: 'failing', problem: 'Zalo từ chối mã truy cập.' } } });
  house.ticks = { outbox: clock.now() };
  clock.advance({ minutes: 3, seconds: 1 });
  expect(await get('/readyz')).toMatchObject({
    status: 503,
    body: { status: 'not-ready', problems: [{ part: 'tick:outbox', detail: 'Việc nền "outbox" không chạy đã 181 giây.' }, { part: 'channel:zalo', detail: 'Zalo từ chối mã truy cập.' }] },
  });
  expect((await get('/healthz')).status).toBe(200);
});

test('not ready without its database, and the address of it is not told', async () => {
  const { get, ctx } = await open();
  await ctx.db.conn.close();
  const { status, body } = await get('/readyz');
  expect([status, body['problems']]).toEqual([503, [{ part: 'database', detail: 'Cơ sở dữ liệu không trả lời.' }]]);
  await ctx.db.conn.openUri(process.env['NV_TEST_DB'] ?? '', { dbName: ctx.db.conn.name });
});

test('the measures count deliveries and incoming messages by state and time the routes', async () => {
  const { http, ctx, clock } = await open();
  const base = { kind: 'task-reminder', lane: 'normal', createdAt: clock.now(), cause: 't' } as const;
  await ctx.db.Delivery.create([
    { ...base, key: 'a', state: 'planned', notBefore: new Date(clock.now().getTime() - 90_000) },
    { ...base, key: 'b', state: 'planned', notBefore: new Date(clock.now().getTime() + 90_000) },
    { ...base, key: 'c', state: 'delivered', notBefore: clock.now() },
  ]);
  house.ticks = { outbox: clock.now() };
  await http.inject('/api/v1/tasks/NV-2026-00001?token=abc');
  const { body, headers } = await http.inject('/metrics');
  expect(headers['content-type']).toContain('text/plain');
  for (const line of [
    'nv_deliveries{state="planned"} 2', 'nv_deliveries{state="delivered"} 1', 'nv_deliveries{state="dead"} 0', 'nv_inbound{state="parked"} 0',
    'nv_delivery_oldest_overdue_seconds 90', 'nv_tick_age_seconds{work="outbox"} 0', 'nv_http_request_duration_seconds_count{method="GET",route="/api/v1/tasks/:code",status="401"} 1',
  ]) expect(body).toContain(line);
  expect(body).not.toContain('abc');
});

test('the front door leads to the back office; every answer forbids foreign scripts and keeps the referrer at home', async () => {
  const { http } = await open();
  const answer = await http.inject('/');
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/admin']);
  expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
  expect(answer.headers['content-security-policy']).not.toContain('http');
  expect(answer.headers['content-security-policy']).toContain("script-src 'self';");
  expect(answer.headers['referrer-policy']).toBe('same-origin');
  expect(answer.headers['x-powered-by']).toBeUndefined();
});

test('log lines hold the route, never the address, the token, the body or the query', async () => {
  const { ctx } = await open();
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, new Writable({ write: (chunk: Buffer, _encoding, done) => { lines.push(chunk.toString()); done(); } }));
  const http = await createServer({ ...ctx, log });
  await registerApi(http, { ...ctx, log });
  const headers = { authorization: `Bearer ${TOKEN}` };
  await http.inject({ url: '/api/v1/tasks?agencyCode=bi-mat', headers });
  await http.inject({ url: '/khong-co/bi-mat?token=bi-mat', headers });
  await http.inject({ url: '/%ff?bi-mat', headers });
  await http.inject({ method: 'POST', url: '/api/v1/agencies', headers, payload: { code: 'bi-mat', name: 'bi-mat', type: 'department', la: 'bi-mat' } });
  ctx.db.Agency.exists = () => { throw new Error('a bug'); };
  await http.inject({ method: 'POST', url: '/api/v1/agencies', headers, payload: { code: 'A', name: 'bi-mat', type: 'department', parentCode: 'bi-mat' } });
  await http.close();
  const written = lines.join('');
  expect(written).toContain('"route":"/api/v1/agencies"');
  expect(written).toContain('a bug');
  expect(written).not.toContain('bi-mat');
  expect(written).not.toContain(TOKEN);
});
