import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { openWorld, type StoryPerson, type World } from '../support/world.js';

let world: World;
let dat: StoryPerson;
let nhi: StoryPerson;

beforeEach(async () => {
  world = await openWorld('2026-11-19T02:00:00Z'); // Thursday, 09:00 in Vietnam
  await world.agency('UBND', 'UBND tỉnh Lào Cai', 'province');
  await world.agency('VP', 'Văn phòng UBND tỉnh', 'office');
  await world.agency('STC', 'Sở Tài chính');
  dat = await world.person({ name: 'Hoàng Văn Dật', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'] }, 'zalo');
  nhi = await world.person({ name: 'Trần Thục Nhi', position: 'Chuyên viên', agencyCode: 'VP', roles: ['office'] }, 'zalo');
});
afterEach(() => world.close());

async function assign(): Promise<string> {
  const { status, body } = await world.api('POST', '/api/v1/directives', {
    symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-18', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal',
    tasks: [{ content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode: 'STC', monitorId: nhi.id, dueOn: '2026-11-23' }],
  });
  expect(status).toBe(201);
  await world.settle();
  return (body as { tasks: { code: string }[] }).tasks[0]?.code ?? '';
}

const deliveries = (kind: string): Promise<Delivery[]> => world.app.ctx.db.Delivery.find({ kind }).sort({ createdAt: 1 }).lean<Delivery[]>().exec();

test('on Zalo: linked, assigned, reminded, answered by a tap, and the office sees it', async () => {
  const code = await assign();
  expect(world.heard(dat).map((m) => m.text)).toEqual([expect.stringContaining(code)]);

  world.clock.set('2026-11-20T01:00:30Z'); // 08:00 on the last working day before
  await world.settle();
  const [reminder] = world.heard(dat);
  expect(reminder?.text).toContain('Nhắc việc');
  expect(reminder?.text).toContain('còn 1 ngày làm việc');

  if (!reminder) throw new Error('no reminder');
  await world.tap(dat, reminder, 'Cập nhật');
  expect(world.heard(dat)).toHaveLength(1); // asks for the report
  await world.say(dat, '70% đã họp với các chủ đầu tư'.normalize('NFD'));
  expect(world.heard(dat).map((m) => m.text)).toEqual([expect.stringContaining('70%')]);
  expect(world.heard(nhi).map((m) => m.text)).toEqual([expect.stringMatching(/70%[\s\S]*đã họp với các chủ đầu tư/)]);
  world.expectSilence();
});

test('the ledger knows what reached the phone and what was read', async () => {
  await assign();
  world.heard(dat);
  await expect.poll(async () => (await deliveries('task-assigned'))[0]?.state).toBe('delivered');
  await world.networks.zalo.look?.(dat.userId);
  await expect.poll(async () => (await deliveries('task-assigned'))[0]?.state).toBe('seen');
});

test('typed with a full-width slash, with "#", or as a reply to the reminder: the same thing', async () => {
  const code = await assign();
  const [assigned] = world.heard(dat);
  for (const [text, percent] of [[`／capnhat ${code} 10% bắt đầu`, '10%'], [`#capnhat ${code} 20% tiếp`, '20%'], ['30% trả lời tin', '30%']] as const) {
    await world.say(dat, text, text.startsWith('30') && assigned ? { replyTo: assigned.id } : {});
    expect(world.heard(dat).map((m) => m.text)).toEqual([expect.stringContaining(percent)]);
    expect(world.heard(nhi).map((m) => m.text)).toEqual([expect.stringContaining(percent)]);
  }
});

test('a leader silent for more than seven days is not called in vain', async () => {
  await assign();
  world.heard(dat);
  world.clock.set('2026-11-27T03:00:00Z');
  const calls = () => world.networks.zalo.calls().filter((call) => /message/.test(call.method)).length;
  const before = calls();
  await world.settle();
  expect(world.heard(dat)).toEqual([]);
  expect(calls()).toBe(before);
  const reminders = await deliveries('task-reminder');
  expect(reminders.flatMap((d) => d.attempts.map((a) => a.code))).toContain('window-closed');
});
