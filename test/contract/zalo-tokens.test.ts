import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGrantStore, type Grant, type GrantStore } from '../../bots/zalo/oa/grant.js';
import { openConnections } from '../../src/ask/ask-json.js';
import { createTokens } from '../../bots/zalo/oa/tokens.js';
import { Secret } from '../../src/kernel/secret.js';
import { zaloBench, zaloEnv, refreshCalls } from '../support/zalo.js';
import { readConfig } from '../../src/config.js';

const lan = '7011000000000000001';
let bench: Awaited<ReturnType<typeof zaloBench>>;

beforeEach(async () => {
  bench = await zaloBench();
  bench.zalo.follow(lan);
});
afterEach(() => bench.close());

const grantId = () => `zalo-oa-grant:${bench.zalo.appId}`;
const grant = async () => (await bench.ctx.db.State.findById(grantId()).lean())?.value as Grant;

test('the first pair comes from the configured token, then the database counts', async () => {
  await bench.send(lan, 'một');
  const kept = await grant();
  expect(kept.previous?.refreshToken).toBe(bench.zalo.refreshToken);
  expect(kept.refreshToken).not.toBe(bench.zalo.refreshToken);
  // "90000" is text: 25 hours, not a concatenation.
  expect(kept.expiresAt).toEqual(new Date('2026-11-21T02:00:00Z'));
  const restarted = bench.channelOn(bench.ctx);
  expect(await restarted.sender.send(lan, { text: 'hai' }, { key: 'k', signal: AbortSignal.timeout(5_000) })).toMatchObject({ kind: 'accepted' });
  await restarted.stop?.();
  expect(refreshCalls(bench.zalo)).toBe(1);
});

test('renewed after twenty of its twenty-five hours, not before', async () => {
  await bench.send(lan, 'x');
  bench.clock.advance({ hours: 19, minutes: 59 });
  await bench.send(lan, 'x');
  expect(refreshCalls(bench.zalo)).toBe(1);
  bench.clock.advance({ minutes: 2 });
  await bench.send(lan, 'x');
  expect(refreshCalls(bench.zalo)).toBe(2);
});

test('two instances at once: exactly one refresh call, and the loser goes on with the new pair', async () => {
  const other = bench.channelOn(bench.ctx);
  const send = (channel: typeof other) => channel.sender.send(lan, { text: 'x' }, { key: 'k', signal: AbortSignal.timeout(5_000) });
  const first = await Promise.all([send(bench.channel), send(other), send(bench.channel), send(other)]);
  expect(refreshCalls(bench.zalo)).toBe(1);
  expect(first.every((o) => o.kind === 'accepted' || (o.kind === 'retry' && !o.maybeSent))).toBe(true);
  expect((await Promise.all([send(bench.channel), send(other)])).map((o) => o.kind)).toEqual(['accepted', 'accepted']);
  expect(refreshCalls(bench.zalo)).toBe(1);
  await other.stop?.();
});

test('a token refused at one instance after another renewed it costs no second refresh', async () => {
  const other = bench.channelOn(bench.ctx);
  await bench.send(lan, 'x');
  bench.zalo.expireToken();
  await other.sender.send(lan, { text: 'x' }, { key: 'k', signal: AbortSignal.timeout(5_000) });
  expect(await bench.send(lan, 'x')).toMatchObject({ kind: 'accepted' });
  expect(refreshCalls(bench.zalo)).toBe(2);
  await other.stop?.();
});

test('a grant taken away stops the channel and says who can help; a new token in the configuration revives it', async () => {
  await bench.send(lan, 'x');
  const renewed = bench.zalo.revokeGrant();
  expect(await bench.send(lan, 'x')).toEqual({ kind: 'rejected', code: 'zalo:grant-lost:-14012' });
  expect(bench.channel.health()).toEqual({ state: 'failing', problem: expect.stringContaining('cần quản trị OA cấp quyền lại') as string });
  const calls = refreshCalls(bench.zalo);
  await bench.send(lan, 'x');
  expect(refreshCalls(bench.zalo)).toBe(calls);
  const config = readConfig({ NODE_ENV: 'test', ...zaloEnv(bench.zalo, renewed) });
  const granted = bench.channelOn({ ...bench.ctx, config });
  expect(await granted.sender.send(lan, { text: 'lại' }, { key: 'k', signal: AbortSignal.timeout(5_000) })).toMatchObject({ kind: 'accepted' });
  await granted.stop?.();
  // The instance still running with the old setting neither goes back nor fails.
  expect(await bench.send(lan, 'x')).toMatchObject({ kind: 'accepted' });
});

test('killed between the answer and the store: noticed at the next start, and told', async () => {
  // The provider has spent the token; the database only knows that somebody was about to ask.
  await bench.send(lan, 'x');
  const spent = await grant();
  bench.zalo.revokeGrant();
  await bench.ctx.db.State.updateOne({ _id: grantId() }, { $set: { 'value.refreshingSince': bench.clock.now(), 'value.lease': { by: 'gone', until: new Date(bench.clock.now().getTime() + 30_000) }, 'value.accessToken': null } });
  expect(await bench.send(lan, 'x')).toMatchObject({ kind: 'retry', maybeSent: false });
  bench.clock.advance({ seconds: 31 });
  expect(await bench.send(lan, 'x')).toMatchObject({ kind: 'rejected', code: 'zalo:grant-lost:-14012' });
  expect((await grant()).lost).toMatchObject({ interrupted: true });
  expect((await grant()).refreshToken).toBe(spent.refreshToken);
  expect(bench.channel.health().problem).toContain('cấp quyền lại');
});

test('killed before the call went out: the next instance simply does it', async () => {
  await bench.channel.sender.send('1', { text: 'x' }, { key: 'k', signal: AbortSignal.timeout(5_000) });
  await bench.ctx.db.State.updateOne({ _id: grantId() }, { $set: { 'value.refreshingSince': bench.clock.now(), 'value.lease': { by: 'gone', until: bench.clock.now() }, 'value.accessToken': null } });
  expect(await bench.send(lan, 'x')).toMatchObject({ kind: 'accepted' });
  expect(await grant()).toMatchObject({ lost: null, refreshingSince: null, lease: null });
});

test('the database fails just when the new pair arrives: it is kept and stored as soon as possible, and not used before', async () => {
  const { zalo, ctx } = bench;
  const real = createGrantStore(ctx, zalo.appId, new Secret(zalo.refreshToken));
  let down = true;
  const store: GrantStore = { load: real.load, adopt: real.adopt, change: async (token, set, options) => (down && set.accessToken ? Promise.reject(new Error('no primary')) : real.change(token, set, options)) };
  const agent = openConnections();
  const tokens = createTokens(ctx, { oauthRoot: zalo.oauthRoot, appId: zalo.appId, appSecret: new Secret(zalo.appSecret), agent, store, instance: 'a' });
  expect(await tokens.current()).toMatchObject({ kind: 'later', code: 'pair-not-stored' });
  down = false;
  expect(await tokens.current()).toMatchObject({ kind: 'token' });
  expect(refreshCalls(zalo)).toBe(1);
  expect(await grant()).toMatchObject({ lost: null, lease: null, refreshingSince: null });
  await agent.close();
});
