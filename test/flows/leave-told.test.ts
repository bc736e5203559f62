import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { deliveryRenderers } from '../../src/delivery/renderers.js';
import type { PersonFields } from '../../src/people/persons/person-fields.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { confirmByPhone } from '../../src/meetings/confirm-by-phone.js';
import { changePerson } from '../../src/people/persons/change-person.js';
import type { Person } from '../../src/people/person.model.js';
import { office, province } from '../support/task-story.js';
import { drain, ScriptedSender } from '../support/delivery-world.js';

let p: Awaited<ReturnType<typeof province>>;
let zalo: ScriptedSender;
let n = 0;
beforeEach(async () => {
  // Thursday 19/11/2026, 09:00.
  p = await province('2026-11-19T02:00:00Z');
  zalo = new ScriptedSender('zalo');
  for (const person of [p.dat, p.quyen, p.trieu]) await p.ctx.db.ChatLink.create({ channel: 'zalo', chatId: person.name, senderId: person.name, personId: person._id, linkedAt: p.clock.now(), linkedBy: 'code', lastInboundAt: p.clock.now() });
});
afterEach(() => p.close());

const change = (person: Person, changes: Partial<PersonFields>) => changePerson(because(p.ctx, `press:${++n}`), office, { id: String(person._id), changes });
const week = { from: new Date('2026-11-22T17:00:00Z'), until: new Date('2026-11-25T17:00:00Z') };
/** What was said since, by whom. */
const said = async () => {
  await relayIntents(p.ctx);
  await drain(p.ctx, [zalo], { renderers: deliveryRenderers });
  return Object.fromEntries(zalo.sent.splice(0).map(({ to, text }) => [to, text]));
};

test('a leave is told to the person and to whoever stands in, once, each in their own words', async () => {
  await change(p.dat, { leave: week, deputyId: String(p.quyen._id) });
  const texts = await said();
  expect(Object.keys(texts).sort()).toEqual(['Hoàng Văn Dật', 'Nguyễn Tố Quyên']);
  expect(texts['Hoàng Văn Dật']).toContain('Đồng chí nghỉ từ 23/11/2026 đến hết 25/11/2026. Tin gửi đồng chí trong thời gian này chuyển đến đồng chí Nguyễn Tố Quyên, Chuyên viên Sở Tài chính.');
  expect(texts['Nguyễn Tố Quyên']).toContain('Đồng chí Hoàng Văn Dật, Giám đốc Sở Tài chính, nghỉ từ 23/11/2026 đến hết 25/11/2026. Trong thời gian này tin gửi đồng chí ấy chuyển đến đồng chí.');
  expect(await said()).toEqual({});
  expect((await p.ctx.db.Person.findById(p.dat._id).lean())?.leaveNews).toBeUndefined();
});

test('whoever stands in reads which meetings of that time are not confirmed yet, and no others', async () => {
  const call = (title: string, startsAt: string) => callMeeting(because(p.ctx, `call:${++n}`), office, { title, kind: 'regular', startsAt: new Date(startsAt), place: 'phòng họp tầng 3', chair: '', attendeeIds: [String(p.dat._id), String(p.trieu._id)] });
  const open = await call('Rà soát tiến độ Cầu Kiều', '2026-11-24T01:00:00Z');
  const confirmed = await call('Đã xác nhận', '2026-11-25T01:00:00Z');
  const after = await call('Sau ngày nghỉ', '2026-11-27T01:00:00Z');
  await confirmByPhone(because(p.ctx, 'phone:1'), office, { code: confirmed.code, personId: String(p.dat._id), answer: 'attending' });
  await change(p.dat, { leave: week, deputyId: String(p.quyen._id) });
  const text = (await said())['Nguyễn Tố Quyên'];
  expect(text).toContain(`Cuộc họp trong thời gian này đồng chí ấy chưa xác nhận, đề nghị đồng chí thống nhất người dự:\n- ${open.code}, 08:00 thứ Ba 24/11/2026, tại phòng họp tầng 3: Rà soát tiến độ Cầu Kiều.`);
  expect(text).not.toContain(confirmed.code);
  expect(text).not.toContain(after.code);
});

test('nobody to stand in: the person is told that messages still come to them', async () => {
  await change(p.dat, { leave: week });
  expect((await said())['Hoàng Văn Dật']).toContain('Chưa có người nhận thay: tin vẫn gửi đến đồng chí.');
});

test('another deputy: all three are told; a leave taken back: both are; the same once more, or another field: nobody', async () => {
  await change(p.dat, { leave: week, deputyId: String(p.quyen._id) });
  await said();
  await change(p.dat, { deputyId: String(p.trieu._id) });
  const moved = await said();
  expect(moved['Nguyễn Tố Quyên']).toContain('Đồng chí không phải nhận tin thay đồng chí Hoàng Văn Dật');
  expect(moved['Cao Nhật Triều']).toContain('chuyển đến đồng chí');
  expect(moved['Hoàng Văn Dật']).toContain('chuyển đến đồng chí Cao Nhật Triều');
  await change(p.dat, { leave: week, email: 'dat@laocai.invalid' });
  expect(await said()).toEqual({});
  await change(p.dat, { leave: null });
  const back = await said();
  expect(Object.keys(back).sort()).toEqual(['Cao Nhật Triều', 'Hoàng Văn Dật']);
  expect(back['Hoàng Văn Dật']).toContain('Văn phòng đã bỏ lịch nghỉ của đồng chí');
});

test('away already: it still goes to the person themselves, and the deputy hears it once', async () => {
  await change(p.dat, { leave: { from: new Date('2026-11-18T17:00:00Z'), until: week.until }, deputyId: String(p.quyen._id) });
  const texts = await said();
  expect(Object.keys(texts).sort()).toEqual(['Hoàng Văn Dật', 'Nguyễn Tố Quyên']);
  expect(await p.ctx.db.Delivery.countDocuments({ kind: 'leave-noted' })).toBe(2);
});

test('changed again before it was said: only the latest is said', async () => {
  await change(p.dat, { leave: week, deputyId: String(p.quyen._id) });
  await relayIntents(p.ctx);
  await change(p.dat, { leave: { ...week, until: new Date('2026-11-26T17:00:00Z') } });
  const texts = await said();
  expect(texts['Hoàng Văn Dật']).toContain('đến hết 26/11/2026');
  const rows = await p.ctx.db.Delivery.find({ kind: 'leave-noted' }).lean<Delivery[]>();
  expect(rows.map(({ state, reason }) => `${state} ${reason ?? ''}`.trim()).sort()).toEqual(['accepted', 'accepted', 'suppressed superseded', 'suppressed superseded']);
});

test('a leave of former times and a deputy without a leave are no news', async () => {
  await change(p.dat, { deputyId: String(p.quyen._id) });
  await change(p.dat, { leave: week });
  await said();
  p.clock.set('2026-12-01T02:00:00Z');
  await change(p.dat, { leave: null });
  expect(await said()).toEqual({});
});

test('a crash before the mark is taken away says nothing twice', async () => {
  await change(p.dat, { leave: week, deputyId: String(p.quyen._id) });
  const { leaveNews } = await p.ctx.db.Person.findById(p.dat._id).orFail().lean<Person>();
  await relayIntents(p.ctx);
  await p.ctx.db.Person.updateOne({ _id: p.dat._id }, { $set: { leaveNews } });
  await relayIntents(p.ctx);
  expect(Object.keys(await said())).toHaveLength(2);
  expect(await p.ctx.db.Delivery.countDocuments({ kind: 'leave-noted' })).toBe(2);
});
