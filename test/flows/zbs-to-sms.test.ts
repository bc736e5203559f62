import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveZbsTemplate } from '../../src/delivery/zbs/save-zbs-template.js';
import type { EsmsStandIn } from '../../src/demo/providers/esms.js';
import { startZbsStandIn, type ZbsStandIn } from '../../src/demo/providers/zbs.js';
import { esmsEnv, LAN, startEsms } from '../support/sms.js';
import { TestClock } from '../support/test-clock.js';
import { openWorld, type World } from '../support/world.js';

const MORNING = '2026-11-19T02:00:00Z'; // Thursday, 09:00 in Vietnam
let world: World;
let zbs: ZbsStandIn;
let esms: EsmsStandIn;
let accessToken: () => Promise<string | undefined>;

beforeEach(async () => {
  const clock = new TestClock(MORNING);
  esms = await startEsms(clock);
  zbs = await startZbsStandIn({ clock, isToken: async (token) => token === (await accessToken()) });
  world = await openWorld(MORNING, { ...esmsEnv(esms), ZALO_ZBS_MODE: 'live', ZALO_ZBS_API_ROOT: zbs.apiRoot });
  const { ctx } = world.app;
  accessToken = async () => ((await ctx.db.State.findOne({ _id: /^zalo-oa-grant:/ } as never).lean())?.value as { accessToken?: string } | undefined)?.accessToken;
  await world.agency('VP', 'Văn phòng UBND tỉnh', 'office');
  await world.agency('STC', 'Sở Tài chính');
  zbs.introduce(LAN);
  zbs.approve('1001', { params: { ma: { type: 'STRING', maxLength: 30 }, han: { type: 'DATE', maxLength: 20 } } });
  await enter();
  // No chat at all, but a number she has confirmed.
  await world.api('POST', '/api/v1/people', { name: 'Nguyễn Thị Lan', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'], phone: LAN });
  await ctx.db.Person.updateOne({ phone: LAN }, { $set: { phoneVerifiedAt: world.clock.now() } });
});
afterEach(async () => {
  await world.close();
  await zbs.stop();
  await esms.stop();
});

/** The template in the catalogue; `fallbackMinutes`: null as long as the office has not set it. */
const enter = (fallbackMinutes: number | null = null) =>
  saveZbsTemplate(world.app.ctx, { kind: 'system', name: 'test' }, {
    templateId: '1001', kind: 'task-assigned', sample: 'Nhiệm vụ <ma>, hạn <han>.', enabled: true, fallbackMinutes,
    params: [{ name: 'ma', type: 'STRING', maxLength: 30, from: 'code' }, { name: 'han', type: 'DATE', maxLength: 20, from: 'dueOn' }],
  });

async function assign(): Promise<void> {
  await world.api('POST', '/api/v1/directives', {
    symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-18', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal',
    tasks: [{ content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode: 'STC', dueOn: '2026-12-23' }],
  });
  await world.settle();
}
/** The timetable, minute by minute: statuses are asked, silence is noticed. */
async function minutes(n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    world.clock.advance({ minutes: 1 });
    await world.app.poll();
    await world.settle();
  }
}
const ledger = async () =>
  (await world.app.ctx.db.Delivery.find({ kind: 'task-assigned' }).sort({ createdAt: 1, _id: 1 }).lean()).map(({ channel, state }) => `${channel ?? ''} ${state}`);

test('Zalo takes it and the phone never shows it: after its time the SMS goes out, and the office sees both', async () => {
  await assign();
  expect(zbs.messagesOf(LAN)).toHaveLength(1);
  expect(await ledger()).toEqual(['zbs accepted']);
  await minutes(29);
  expect(await ledger()).toEqual(['zbs accepted']);
  await minutes(1);
  expect(esms.messagesOf(LAN)).toHaveLength(1);
  expect(esms.messagesOf(LAN)[0]?.text).toContain('NV-2026-00001');
  expect(await ledger()).toEqual(['zbs accepted', 'sms accepted']);
  await minutes(5);
  expect(esms.messagesOf(LAN)).toHaveLength(1);
});

test('the office has set another time for this template: that one counts', async () => {
  await enter(5);
  await assign();
  await minutes(4);
  expect(await ledger()).toEqual(['zbs accepted']);
  await minutes(1);
  expect(await ledger()).toEqual(['zbs accepted', 'sms accepted']);
  await expect(enter(1)).rejects.toMatchObject({ code: 'input-invalid' });
  await expect(enter(1441)).rejects.toMatchObject({ code: 'input-invalid' });
});

test('Zalo says it was shown: no SMS', async () => {
  await assign();
  await zbs.deliver(zbs.messagesOf(LAN)[0]?.msgId ?? '', { silently: true });
  await minutes(2);
  expect(await ledger()).toEqual(['zbs delivered']);
  world.clock.advance({ hours: 12 });
  await minutes(2);
  expect(esms.messagesOf(LAN)).toEqual([]);
});

test('Zalo took it and knows nothing of it any more: the SMS goes out as soon as that is known', async () => {
  await assign();
  zbs.lose(zbs.messagesOf(LAN)[0]?.msgId ?? '');
  await minutes(11);
  expect(esms.messagesOf(LAN)).toHaveLength(1);
  expect((await ledger())[1]).toBe('sms accepted');
});

test('Zalo refuses this number: the SMS goes out at once, on the same line of the ledger', async () => {
  zbs.failNext({ kind: 'error', code: -118 });
  await assign();
  expect(esms.messagesOf(LAN)).toHaveLength(1);
  expect(await ledger()).toEqual(['sms accepted']);
  expect((await world.app.ctx.db.Delivery.findOne({ kind: 'task-assigned' }).lean())?.attempts.map((a) => [a.channel, a.outcome, a.code])).toEqual([['zbs', 'unreachable', 'zbs:-118'], ['sms', 'accepted', '']]);
});

test('the network gives the SMS up: told as failed, and nobody pretends it arrived', async () => {
  zbs.failNext({ kind: 'error', code: -118 });
  await assign();
  const [sms] = esms.messagesOf(LAN);
  if (sms) await esms.fail(sms);
  await world.settle();
  const row = await world.app.ctx.db.Delivery.findOne({ kind: 'task-assigned' }).lean();
  expect(row?.deliveredAt).toBeNull();
  expect(row?.state).toBe('dead');
});
