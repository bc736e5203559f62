import { afterEach, beforeEach, expect, test } from 'vitest';
import { WINDOW_MS } from '../../bots/zalo/oa/sender.js';
import { saveZbsTemplate } from '../../src/delivery/zbs/save-zbs-template.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { startZbsStandIn, type ZbsStandIn } from '../../src/demo/providers/zbs.js';
import { TestClock } from '../support/test-clock.js';
import { openWorld, type StoryPerson, type World } from '../support/world.js';

const PHONE = '84912345678';
let world: World;
let zbs: ZbsStandIn;
let dat: StoryPerson;
let accessToken: () => Promise<string | undefined>;

beforeEach(async () => {
  zbs = await startZbsStandIn({ clock: new TestClock('2026-11-12T02:00:00Z'), isToken: async (token) => token === (await accessToken()) });
  world = await openWorld('2026-11-12T02:00:00Z', { ZALO_ZBS_MODE: 'live', ZALO_ZBS_API_ROOT: zbs.apiRoot }); // Thursday, 09:00 in Vietnam
  const { ctx } = world.app;
  accessToken = async () => ((await ctx.db.State.findOne({ _id: /^zalo-oa-grant:/ } as never).lean())?.value as { accessToken?: string } | undefined)?.accessToken;
  await world.agency('VP', 'Văn phòng UBND tỉnh', 'office');
  await world.agency('STC', 'Sở Tài chính');
  dat = await world.person({ name: 'Hoàng Văn Dật', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'] }, 'zalo');
  await ctx.db.Person.updateOne({ name: dat.name }, { $set: { phone: PHONE, phoneVerifiedAt: world.clock.now() } });
  zbs.introduce(PHONE);
  zbs.approve('1001', { params: { ma: { type: 'STRING', maxLength: 30 }, han: { type: 'DATE', maxLength: 20 } } });
  await saveZbsTemplate(ctx, { kind: 'system', name: 'test' }, {
    templateId: '1001', kind: 'task-reminder', sample: 'Nhiệm vụ <ma> đến hạn ngày <han>.', enabled: true,
    params: [{ name: 'ma', type: 'STRING', maxLength: 30, from: 'code' }, { name: 'han', type: 'DATE', maxLength: 20, from: 'dueOn' }],
  });
});
afterEach(async () => {
  await world.close();
  await zbs.stop();
});

async function silentForAWeek(secret = false): Promise<string> {
  const { body } = await world.api('POST', '/api/v1/directives', {
    symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-11', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal', ...(secret ? { secret } : {}),
    tasks: [{ content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode: 'STC', dueOn: '2026-11-23' }],
  });
  await world.settle();
  world.heard(dat);
  await world.app.ctx.db.ChatLink.updateOne({ channel: 'zalo' }, { $set: { lastInboundAt: new Date(world.clock.now().getTime() - WINDOW_MS) } });
  world.clock.set('2026-11-20T01:00:30Z'); // 08:00 on the working day before
  await world.settle();
  return (body as { tasks: { code: string }[] }).tasks[0]?.code ?? '';
}

const reminder = () => world.app.ctx.db.Delivery.findOne({ kind: 'task-reminder', channel: 'zbs' }).lean<Delivery>();

test('silent for a week on Zalo: reminded by an approved template on the same phone, and the receipt comes back', async () => {
  const code = await silentForAWeek();
  expect(world.heard(dat)).toEqual([]);
  const [shown] = zbs.messagesOf(PHONE);
  expect(shown?.data).toEqual({ ma: code, han: '23/11/2026' });
  expect(await reminder()).toMatchObject({ state: 'accepted', providerId: shown?.msgId, to: expect.stringMatching(/^uid:/) as string });
  expect((await reminder())?.attempts.map((a) => [a.channel, a.code])).toContainEqual(['zalo', 'window-closed']);

  // The OA's webhook brings it: one webhook per app, recipient is the phone, the tracking id comes along.
  const time = String(world.clock.now().getTime());
  await world.zalo.webhook.tell({ app_id: world.zalo.appId, event_name: 'user_received_message', timestamp: time, sender: { id: '1' }, recipient: { id: PHONE }, message: { delivery_time: time, msg_id: shown?.msgId, tracking_id: shown?.trackingId } });
  await expect.poll(async () => (await reminder())?.state).toBe('delivered');
});

test('of a secret matter no template speaks', async () => {
  await silentForAWeek(true);
  expect(zbs.messagesOf(PHONE)).toEqual([]);
});
