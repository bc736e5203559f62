import { afterEach, expect, test } from 'vitest';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { esmsEnv, LAN, smppEnv, startEsms, startSmpp, CALLBACK_SECRET } from '../support/sms.js';
import { TestClock } from '../support/test-clock.js';
import { openWorld, type World } from '../support/world.js';

const MORNING = '2026-11-19T02:00:00Z'; // Thursday, 09:00 in Vietnam
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A director with a telephone and no chat at all is given a task. */
async function assignToLan(env: Record<string, string>): Promise<World> {
  const world = await openWorld(MORNING, env);
  closing.push(() => world.close());
  await world.agency('STC', 'Sở Tài chính');
  const { body } = await world.api('POST', '/api/v1/people', { name: 'Nguyễn Thị Lan', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'], phone: '0912 345 678' });
  expect(body).toHaveProperty('id');
  await world.app.ctx.db.Person.updateOne({ phone: LAN }, { $set: { phoneVerifiedAt: world.clock.now() } });
  await world.api('POST', '/api/v1/directives', {
    symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-18', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal',
    tasks: [{ content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode: 'STC', dueOn: '2026-11-23' }],
  });
  await world.settle();
  return world;
}

const sms = async (world: World): Promise<Delivery | null> => world.app.ctx.db.Delivery.findOne({ kind: 'task-assigned' }).lean<Delivery>().exec();

test('no chat: the task comes by SMS without diacritics; eSMS taking it is not yet a delivery, its callback is', async () => {
  const esms = await startEsms(new TestClock(MORNING));
  closing.push(() => esms.stop());
  const world = await assignToLan(esmsEnv(esms));
  const [message] = esms.messagesOf(LAN);
  expect(message?.text).toMatch(/^[\x20-\x7e\n]*NV-2026-00001[\x20-\x7e\n]*$/);
  expect(await sms(world)).toMatchObject({ state: 'accepted', channel: 'sms', providerId: message?.requestId });

  const callback = new URL(message?.callbackUrl ?? '');
  expect(callback.pathname).toBe(`/webhooks/sms/${CALLBACK_SECRET}`);
  if (message) await esms.deliver(message);
  expect(await sms(world)).toMatchObject({ state: 'delivered' });
  expect(esms.messagesOf(LAN)).toHaveLength(1);
  expect(world.app.channels()).toMatchObject({ sms: { state: 'ok' } });
});

test('the answer of eSMS is lost: eSMS is asked what it sent, nothing goes out twice', async () => {
  const esms = await startEsms(new TestClock(MORNING));
  closing.push(() => esms.stop());
  esms.failNext({ kind: 'reset-after' });
  const world = await assignToLan(esmsEnv(esms));
  expect(await sms(world)).toMatchObject({ state: 'unknown', reason: null });
  world.clock.advance({ seconds: 10 });
  await world.settle();
  expect(await sms(world)).toMatchObject({ state: 'accepted' });
  expect(esms.messagesOf(LAN)).toHaveLength(1);
  expect(esms.calls().map(({ method }) => method)).toEqual(['send', 'list']);
});

test('over an operator\'s SMPP: accepted, then the receipt from the phone', async () => {
  const smsc = await startSmpp(new TestClock(MORNING), { ids: { response: 'hex', receipt: 'decimal' }, receipts: 'text' });
  closing.push(() => smsc.stop());
  const world = await assignToLan(smppEnv(smsc));
  const [message] = smsc.messagesOf(LAN);
  expect(message?.text).toContain('NV-2026-00001');
  expect(await sms(world)).toMatchObject({ state: 'accepted', channel: 'sms', providerId: message?.id });
  expect(message && (await smsc.receipt(message))).toBe(0);
  expect(await sms(world)).toMatchObject({ state: 'delivered' });
});
