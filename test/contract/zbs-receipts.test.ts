import { afterEach, beforeEach, expect, test } from 'vitest';
import { zbsQuota } from '../../bots/zalo/zbs/quota.js';
import { LAN, zbsBench, type ZbsBench } from '../support/zbs.js';

let bench: ZbsBench;
beforeEach(async () => {
  bench = await zbsBench();
});
afterEach(() => bench.close());

/** A message on its way, as the ledger knows it; returns its id at Zalo. */
async function onItsWay(): Promise<string> {
  const outcome = await bench.send();
  const providerId = outcome.kind === 'accepted' ? outcome.providerId : '';
  const now = bench.clock.now();
  await bench.ctx.db.Delivery.create({ key: 'k', kind: 'task-reminder', lane: 'normal', state: 'accepted', channel: 'zbs', to: LAN, providerId, acceptedAt: now, notBefore: now, createdAt: now, cause: 'test' });
  return providerId;
}
const asked = () => bench.zbs.calls().filter(({ method }) => method === 'GET /message/status').length;
/** What the timetable does, so many times with a minute between. */
async function minutes(n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    bench.clock.advance({ minutes: 1 });
    await bench.channel.poll?.();
  }
}

test('without a receipt Zalo is asked every minute, later every ten, and given up after two days', async () => {
  const providerId = await onItsWay();
  await bench.channel.poll?.();
  expect(asked()).toBe(0);
  await minutes(3);
  expect([asked(), bench.receipts]).toEqual([3, []]);
  bench.clock.advance({ hours: 1 });
  await minutes(20);
  expect(asked()).toBeLessThanOrEqual(3 + 3);
  await bench.zbs.deliver(providerId, { silently: true });
  await minutes(10);
  expect(bench.receipts).toEqual([[providerId, 'delivered', '2026-11-20T02:23:00.000Z', undefined]]);
  const before = asked();
  bench.clock.advance({ days: 2 });
  await minutes(1);
  expect(asked()).toBe(before);
});

test('Zalo took it and does not know it any more: failed, but not in the first minutes', async () => {
  const providerId = await onItsWay();
  bench.zbs.lose(providerId);
  await minutes(9);
  expect(bench.receipts).toEqual([]);
  await minutes(1);
  expect(bench.receipts).toEqual([[providerId, 'failed', '2026-11-20T01:10:00.000Z', 'zbs:not-known']]);
});

test('two instances ask once a minute together', async () => {
  await onItsWay();
  bench.clock.advance({ minutes: 1 });
  const other = bench.channelAt(bench.zbs.apiRoot);
  await Promise.all([bench.channel.poll?.(), other.poll?.()]);
  expect(asked()).toBe(1);
  await other.stop?.();
});

test('the quota is known before the first message of the day', async () => {
  bench.zbs.setQuota(77);
  await bench.channel.poll?.();
  expect(await zbsQuota(bench.ctx)).toMatchObject({ daily: 20_000, remaining: 77 });
});
