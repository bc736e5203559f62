import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createZaloClient } from '../../bots/zalo/oa/client.js';
import { openConnections } from '../../src/ask/ask-json.js';
import { startZaloStandIn, type ZaloStandIn } from '../../src/demo/providers/zalo.js';
import { Secret } from '../../src/kernel/secret.js';
import { TestClock } from '../support/test-clock.js';

/** The stand-in is as strict as the real one: the traps of its documentation, one by one. */
const lan = '7011000000000000001';
let zalo: ZaloStandIn;
let clock: TestClock;
let waiting: { ms: number; work: () => void }[];

beforeEach(async () => {
  clock = new TestClock('2026-11-20T01:00:00Z');
  waiting = [];
  zalo = await startZaloStandIn({ clock, later: (ms, work) => void waiting.push({ ms, work }) });
  zalo.follow(lan);
});
afterEach(() => zalo.stop());

const grant = async (refreshToken: string, over: { secret?: string } = {}) => {
  const body = new URLSearchParams({ app_id: zalo.appId, refresh_token: refreshToken, grant_type: 'refresh_token' });
  const answer = await fetch(`${zalo.oauthRoot}/v4/oa/access_token`, { method: 'POST', body, headers: { secret_key: over.secret ?? zalo.appSecret } });
  return { status: answer.status, body: (await answer.json()) as { access_token?: string; refresh_token?: string; expires_in?: unknown; error?: number } };
};
const send = async (message: unknown, headers: Record<string, string>, to: unknown = lan) => {
  const answer = await fetch(`${zalo.apiRoot}/v3.0/oa/message/cs`, { method: 'POST', body: JSON.stringify({ recipient: { user_id: to }, message }), headers: { 'content-type': 'application/json', ...headers } });
  return { status: answer.status, error: ((await answer.json()) as { error: number }).error };
};
const tokenFor = async () => ({ access_token: (await grant(zalo.refreshToken)).body.access_token ?? '' });

test('a refresh token works once; its life comes as text; refusals come with HTTP 200', async () => {
  const { body } = await grant(zalo.refreshToken);
  expect(body).toMatchObject({ expires_in: '90000' });
  const again = await grant(zalo.refreshToken);
  expect([again.status, again.body.error]).toEqual([200, -14012]);
  expect((await grant(body.refresh_token ?? '', { secret: 'wrong' })).body).not.toHaveProperty('access_token');
});

test('only the bare header opens, only the newest token, only for 25 hours', async () => {
  const first = await grant(zalo.refreshToken);
  const token = { access_token: first.body.access_token ?? '' };
  expect(await send({ text: 'x' }, { authorization: `Bearer ${token.access_token}` })).toEqual({ status: 200, error: -216 });
  expect((await send({ text: 'x' }, token)).error).toBe(0);
  const second = await grant(first.body.refresh_token ?? '');
  expect((await send({ text: 'x' }, token)).error).toBe(-216);
  clock.advance({ hours: 25 });
  expect((await send({ text: 'x' }, { access_token: second.body.access_token ?? '' })).error).toBe(-220);
});

test('wrong shapes, long texts, too many buttons, strangers, people who left or fell silent', async () => {
  const token = await tokenFor();
  const button = { title: 'Chi tiết', type: 'oa.query.hide', payload: '#chitiet 1' };
  const buttons = (...list: unknown[]) => ({ text: 'x', attachment: { type: 'template', payload: { template_type: 'button', buttons: list } } });
  const errorOf = async (message: unknown, to?: unknown) => (await send(message, token, to)).error;
  expect(await errorOf({ text: 'x'.repeat(2001) })).toBe(-210);
  expect(await errorOf(buttons(...Array(6).fill(button)))).toBe(-210);
  expect(await errorOf(buttons({ ...button, title: 'x'.repeat(101) }))).toBe(-210);
  expect(await errorOf(buttons({ ...button, payload: { url: 'x' } }))).toBe(-201);
  expect(await errorOf({ text: 'x', parse_mode: 'HTML' })).toBe(-201);
  expect(await errorOf({ text: 'x' }, 7011000000001)).toBe(-201);
  expect(await errorOf({ text: 'x' }, '7099999999999999999')).toBe(-201);
  expect(await errorOf(buttons(button))).toBe(0);
  await zalo.network.unfollow(lan);
  expect(await errorOf({ text: 'x' })).toBe(-213);
  zalo.follow(lan);
  clock.advance({ days: 7, ms: 1 });
  expect((await send({ text: 'x' }, { access_token: '' })).error).toBe(-216);
});

test('files go up as multipart; what is too large or of the wrong kind does not', async () => {
  const agent = openConnections();
  const client = createZaloClient(zalo.apiRoot, agent);
  const { access_token } = await tokenFor();
  const call = { token: new Secret(access_token), signal: AbortSignal.timeout(5_000) };
  const file = (name: string, type: string, size: number) => ({ name, type, bytes: Buffer.concat([Buffer.from('\x89PNG', 'latin1'), Buffer.alloc(size)]).subarray(0, size) });
  expect(await client.upload('image', { name: 'a.png', type: 'image/png', bytes: new Uint8Array(10) }, call)).toMatchObject({ kind: 'refused', code: -201 });
  expect(await client.upload('image', file('ảnh.png', 'image/png', 10), call)).toMatchObject({ kind: 'ok', data: { attachment_id: expect.any(String) as string } });
  expect(await client.upload('file', file('báo cáo.pdf', 'application/pdf', 10), call)).toMatchObject({ kind: 'ok', data: { token: expect.any(String) as string } });
  expect(await client.upload('image', file('a.png', 'image/png', 1_000_001), call)).toMatchObject({ kind: 'refused', code: -210 });
  expect(await client.upload('file', file('a.xlsx', 'application/vnd.ms-excel', 10), call)).toMatchObject({ kind: 'refused', code: -201 });
  expect(await client.get('/v3.0/oa/user/detail', { user_id: lan }, call)).toMatchObject({ kind: 'ok', data: { user_is_follower: true, user_last_interaction_date: '20/11/2026' } });
  expect(await client.get('/v2.0/oa/getoa', null, call)).toMatchObject({ kind: 'ok', data: { oa_type: 2 } });
  await agent.close();
});

/** A webhook that answers as told; default 200. */
async function listening(answers: number[]): Promise<{ url: string; server: Server; retries: (string | undefined)[] }> {
  const retries: (string | undefined)[] = [];
  const server = createServer((request, reply) => {
    retries.push(request.headers['num_retry'] as string | undefined);
    request.resume().on('end', () => reply.writeHead(answers.shift() ?? 200).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server, retries };
}

test('an address that refuses the unsigned probe is not saved', async () => {
  const { url, server } = await listening([401]);
  await expect(zalo.setWebhook(url)).rejects.toThrow(/401/);
  server.close();
});

test('unanswered events come again after 30 s, 5 min, 15 min, 30 min and 1 h; then the webhook is switched off', async () => {
  const { url, server, retries } = await listening([200, 200, ...Array<number>(6).fill(500)]);
  await zalo.setWebhook(url);
  await zalo.network.say(lan, 'x');
  const waits: number[] = [];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    waits.push(next.ms);
    next.work();
    await zalo.settled();
  }
  expect(waits).toEqual([30_000, 300_000, 900_000, 1_800_000, 3_600_000]);
  expect(retries.slice(2)).toEqual([undefined, '1', '2', '3', '4', '5']);
  expect(zalo.webhook.isOff()).toBe(true);
  server.close();
});
