import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import type { MeetingKind } from '../../src/meetings/meeting.model.js';
import type { Person } from '../../src/people/person.model.js';
import { linkedChat } from '../support/chat-story.js';
import { assigned, current, office, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
let n = 0;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

const linked = (person: Person, chatId: string) => linkedChat(p.ctx, person, chatId);
const invited = async (kind: MeetingKind, at: string, people: Person[]): Promise<string> =>
  (await callMeeting(because(p.ctx, `m:${++n}`), office, { title: 'Họp giải ngân', kind, startsAt: new Date(at), place: 'phòng họp số 1', attendeeIds: people.map(({ _id }) => String(_id)) })).code;
const labels = async () => {
  const last = await p.ctx.db.Delivery.findOne({ kind: 'reply' }).sort({ _id: -1 }).orFail().lean();
  return (JSON.parse(String(last.data['buttons'] ?? '[]')) as { label: string }[]).map(({ label }) => label);
};

test('thanks get a short word, twice an hour at most; they are never a report', async () => {
  const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
  const chat = await linked(p.quyen, '1');
  expect(await chat.say('cảm ơn')).toBe('Trân trọng cảm ơn đồng chí.');
  expect(await chat.say('Xin trân trọng cảm ơn!')).toBeUndefined();
  p.clock.advance({ minutes: 11 });
  await chat.say(`/capnhat ${task.code}`);
  expect(await chat.say('dạ, cảm ơn đồng chí ạ')).toBe('Trân trọng cảm ơn đồng chí.');
  p.clock.advance({ minutes: 11 });
  expect(await chat.say('cảm ơn')).toBeUndefined();
  expect((await current(p.ctx, task)).progress.filter(({ note }) => note !== '')).toEqual([]);
});

test('"who follows it?": name and phone where one task can be meant, else the help; never a report', async () => {
  await p.ctx.db.Person.updateOne({ _id: p.nhi._id }, { $set: { phone: '84912000111' } });
  const task = await assigned(p.ctx, { dueOn: '2026-11-26', monitorId: String(p.nhi._id) });
  const chat = await linked(p.quyen, '1');
  const who = `Người theo dõi ${task.code}: đồng chí Trần Thục Nhi, điện thoại 0912 000 111.`;
  expect(await chat.say('ai là người theo dõi?')).toContain(who);
  expect(await chat.say('hạn có lùi được không?')).toContain(who);
  await assigned(p.ctx, { dueOn: '2026-11-27' });
  expect(await chat.say('ai là người theo dõi?')).toContain('/trogiup');
  await chat.say(`/capnhat ${task.code}`);
  expect(await chat.say('ai là người theo dõi?')).toContain(who);
  expect((await current(p.ctx, task)).progress.filter(({ note }) => note !== '')).toEqual([]);
  await chat.say('đã gửi văn bản, có lùi hạn được không?');
  expect((await current(p.ctx, task)).progress.at(-1)?.note).toBe('đã gửi văn bản, có lùi hạn được không?');
});

test('/hop: "Tham dự" and "Vắng" for the urgent meeting without an answer, then for the soonest one', async () => {
  const soon = await invited('regular', '2026-11-23T14:00:00+07:00', [p.dat]);
  const urgent = await invited('urgent', '2026-11-24T08:00:00+07:00', [p.dat]);
  const chat = await linked(p.dat, '1');
  await chat.say('/hop');
  expect(await labels()).toEqual(['Tham dự HOP-2', 'Vắng HOP-2', 'Đã nhận HOP-1', 'Đã nhận HOP-2']);
  await chat.say(`/xacnhan ${urgent}`);
  await chat.say('/hop');
  expect(await labels()).toEqual(['Tham dự HOP-2', 'Vắng HOP-2', 'Đã nhận HOP-1']);
  await chat.say(`/thamdu ${urgent}`);
  await chat.say('/hop');
  expect(await labels()).toEqual(['Tham dự HOP-1', 'Vắng HOP-1', 'Đã nhận HOP-1']);
  await chat.say(`/vang ${soon} ốm`);
  await chat.say('/hop');
  expect(await labels()).toEqual([]);
});

test('"Đã nhận" after the answer: what stands is told, not asked once more', async () => {
  const code = await invited('regular', '2026-11-23T14:00:00+07:00', [p.dat]);
  const chat = await linked(p.dat, '1');
  expect(await chat.say(`/xacnhan ${code}`)).toContain('cho biết có tham dự được không');
  await chat.say(`/thamdu ${code}`);
  const again = await chat.say(`/xacnhan ${code}`);
  expect(again).toContain('Đồng chí đã trả lời: Tham dự.');
  expect(again).not.toContain('cho biết');
  await chat.say(`/vang ${code} ốm`);
  expect(await chat.say(`/xacnhan ${code}`)).toContain('Đồng chí đã trả lời: Vắng.');
});
