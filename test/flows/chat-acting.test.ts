import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Person } from '../../src/people/person.model.js';
import { chatOf, codeFor } from '../support/chat-story.js';
import { assigned, current, province, saidTo } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

const linked = async (person: Person, chatId: string) => {
  const chat = chatOf(p.ctx, chatId);
  await chat.say(`/lienket ${await codeFor(p.ctx, person)}`);
  return chat;
};
const set = (person: Person, fields: object) => p.ctx.db.Person.updateOne({ _id: person._id }, { $set: fields });
/** Away until the end of 25/11/2026, as the form writes it. */
const LEAVE = { from: new Date('2026-11-18T00:00:00+07:00'), until: new Date('2026-11-26T00:00:00+07:00') };

test('whoever acts for a director on leave, from another agency, takes note, sees and reports; back again, no more', async () => {
  const task = await assigned(p.ctx, { dueOn: '2026-11-27', content: 'Báo cáo giải ngân' });
  const chat = await linked(p.trieu, '1');
  expect(await chat.say('/danhan NV-1')).toContain('không thuộc đơn vị của đồng chí');
  await set(p.dat, { leave: LEAVE, deputyId: p.trieu._id });
  const list = await chat.say('/nhiemvu');
  expect(list).toContain('   Sở Tài chính (nhận thay đồng chí Hoàng Văn Dật): Báo cáo giải ngân');
  expect(list).toContain('/capnhat NV-1 70%');
  expect(await chat.say('/danhan NV-1')).toContain('✅ Đã ghi nhận NV-2026-00001');
  expect(await chat.say('/chitiet NV-1')).toContain('Nội dung: Báo cáo giải ngân');
  expect(await chat.say('/capnhat 40% đã họp các phòng')).toContain('NV-2026-00001: 40%');
  const told = await saidTo(p.ctx, task, 'task-progress', p.nhi);
  expect('message' in told && told.message.text).toContain('đồng chí Cao Nhật Triều (nhận thay đồng chí Hoàng Văn Dật), qua Telegram');
  expect(await current(p.ctx, task)).toMatchObject({
    percent: 40, acknowledgements: [{ by: { name: 'Cao Nhật Triều (nhận thay đồng chí Hoàng Văn Dật)', personId: String(p.trieu._id) } }],
  });
  p.clock.set('2026-11-26T00:00:00+07:00');
  expect(await chat.say('NV-1 60% xong các phòng')).toContain('không thuộc đơn vị của đồng chí');
  expect(await chat.say('/nhiemvu')).toContain('không có nhiệm vụ nào đang mở');
  expect(await current(p.ctx, task)).toMatchObject({ percent: 40 });
});

test('of an officer on leave only the tasks that officer would be told of; in the own name where it is told to one anyway', async () => {
  const own = await assigned(p.ctx, { dueOn: '2026-11-27', officerId: String(p.quyen._id) });
  const other = await assigned(p.ctx, { dueOn: '2026-11-27', officerId: String(p.dat._id) });
  await set(p.quyen, { leave: LEAVE, deputyId: p.trieu._id });
  const chat = await linked(p.trieu, '1');
  expect(await chat.say('NV-1 20% đang làm')).toContain('NV-2026-00001: 20%');
  expect(await chat.say('NV-2 20% đang làm')).toContain('không thuộc đơn vị');
  expect(await current(p.ctx, other)).toMatchObject({ percent: 0 });
  await set(p.quyen, { deputyId: p.dat._id });
  await (await linked(p.dat, '2')).say('NV-1 30% đang làm');
  expect((await current(p.ctx, own)).progress.map(({ by }) => by.name)).toEqual(['Cao Nhật Triều (nhận thay đồng chí Nguyễn Tố Quyên)', 'Hoàng Văn Dật']);
});

test('somebody gone counts as away, and a deputy who is away hands on; then only the last one acts', async () => {
  await assigned(p.ctx, { dueOn: '2026-11-27' });
  await set(p.dat, { active: false, deputyId: p.trieu._id });
  const first = await linked(p.trieu, '1');
  expect(await first.say('/nhiemvu')).toContain('nhận thay đồng chí Hoàng Văn Dật');
  await set(p.trieu, { leave: LEAVE, deputyId: p.nhi._id });
  expect(await (await linked(p.nhi, '2')).say('NV-1 10% đang làm')).toContain('NV-2026-00001: 10%');
  expect(await first.say('NV-1 20% đang làm')).toContain('không thuộc đơn vị');
});

test('a secret task stays out of the chat for whoever acts, as for everybody', async () => {
  await assigned(p.ctx, { dueOn: '2026-11-27', content: 'rất kín' }, { secret: true });
  await set(p.dat, { leave: LEAVE, deputyId: p.trieu._id });
  const chat = await linked(p.trieu, '1');
  for (const words of ['/nhiemvu', '/chitiet NV-1', 'NV-1 50% xong', '/danhan NV-1']) expect(await chat.say(words)).not.toMatch(/rất kín|Đã ghi nhận/);
  expect(await p.ctx.db.Task.countDocuments({ percent: 0, stage: 'new' })).toBe(1);
});
