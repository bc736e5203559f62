import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import type { Person } from '../../src/people/person.model.js';
import { linkedChat } from '../support/chat-story.js';
import { assigned, current, office, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
let n = 0;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

const linked = (person: Person, chatId: string) => linkedChat(p.ctx, person, chatId);
async function invited(people: Person[], title = 'Họp giải ngân', at = '2026-11-23T14:00:00+07:00'): Promise<string> {
  const { code } = await callMeeting(because(p.ctx, `m:${++n}`), office, { title, kind: 'regular', startsAt: new Date(at), place: 'phòng họp số 1', attendeeIds: people.map(({ _id }) => String(_id)) });
  return code;
}
const attendee = async (code: string) => (await p.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>()).attendees[0];
const buttons = async () => {
  const last = await p.ctx.db.Delivery.findOne({ kind: 'reply' }).sort({ _id: -1 }).orFail().lean();
  return JSON.parse(String(last.data['buttons'] ?? '[]')) as { label: string; command: string }[];
};
const labels = async () => (await buttons()).map(({ label }) => label);
const commandOf = async (label: string): Promise<string> => {
  const command = (await buttons()).find((button) => button.label === label)?.command;
  if (!command) throw new Error(`no button ${label}`);
  expect(Buffer.byteLength(command)).toBeLessThanOrEqual(60);
  return command;
};
const reports = async (code: string) => (await current(p.ctx, { code })).progress.filter(({ note }) => note !== '').map(({ percent, note }) => ({ percent, note }));

describe('words about a meeting while a report is awaited', () => {
  const EXAMPLE = 'đi công tác, cử đồng chí Phó Chủ tịch dự thay';

  test.each([EXAMPLE, 'xin vắng vì bận', 'Vắng, có việc đột xuất', 'cử đồng chí An đi dự', 'em không dự được ạ'])('%s: asked, nothing written; a tap on "Vắng" keeps the words as the reason', async (words) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const meeting = await invited([p.quyen]);
    const chat = await linked(p.quyen, '1');
    await chat.say(`/capnhat ${task.code}`);
    expect(await chat.say(words)).toContain('chưa rõ là tiến độ nhiệm vụ NV-1 hay trả lời lịch họp HOP-1 (Họp giải ngân)');
    expect(await labels()).toEqual(['Ghi vào NV-1', 'Vắng HOP-1']);
    expect([await reports(task.code), (await attendee(meeting))?.answer]).toEqual([[], null]);
    const tap = await commandOf('Vắng HOP-1');
    expect(await chat.tell({ text: tap, messageId: `tap-${words}` })).toContain(`báo vắng — “${words}”`);
    await p.ctx.db.Delivery.deleteMany({ key: `reply:telegram:tap-${words}` });
    expect(await chat.tell({ text: tap, messageId: `tap-${words}` })).toContain(`báo vắng — “${words}”`);
    expect(await attendee(meeting)).toMatchObject({ answer: 'absent', answerNote: words });
    expect(await reports(task.code)).toEqual([]);
  });

  test('a tap on "Ghi vào" writes the report; "sẽ tham dự" offers to attend', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const meeting = await invited([p.quyen]);
    const chat = await linked(p.quyen, '1');
    await chat.say(`/capnhat ${task.code}`);
    await chat.say(EXAMPLE);
    expect(await chat.say(await commandOf('Ghi vào NV-1'))).toContain(`Đã ghi nhận nội dung ${task.code}`);
    expect(await reports(task.code)).toEqual([{ percent: 0, note: EXAMPLE }]);
    await chat.say(`/capnhat ${task.code}`);
    await chat.say('tôi sẽ tham dự');
    expect(await labels()).toEqual(['Ghi vào NV-1', 'Tham dự HOP-1']);
    await chat.say(await commandOf('Tham dự HOP-1'));
    expect(await attendee(meeting)).toMatchObject({ answer: 'attending' });
  });

  test('a percent, other words, nobody inviting, a reason already given: the report is written as before', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen, '1');
    const reported = async (words: string) => {
      await chat.say(`/capnhat ${task.code}`);
      return chat.say(words);
    };
    expect(await reported(EXAMPLE)).toContain('Đã ghi nhận nội dung');
    const meeting = await invited([p.quyen]);
    expect(await reported('40% đã tham dự họp với Sở')).toContain('40%');
    expect(await reported('đã gửi công văn cho các xã')).toContain('Đã ghi nhận nội dung');
    await chat.say(`/vang ${meeting} ốm`);
    expect(await reported(EXAMPLE)).toContain('Đã ghi nhận nội dung');
  });
});

describe('a number behind "họp" names the meeting', () => {
  test('"vắng họp 2 vì bận" is about HOP-2, and "Vắng" takes the reason along', async () => {
    await invited([p.dat], 'Họp khác');
    const code = await invited([p.dat], 'Giao ban', '2026-11-27T08:00:00+07:00');
    const chat = await linked(p.dat, '1');
    for (const words of ['tham dự họp 2', 'vắng cuộc họp số 2', 'vắng HOP-2026-00002', 'vắng họp 2 vì bận']) expect(await chat.say(words), words).toContain(`Có phải đồng chí trả lời lịch họp ${code}?`);
    expect((await attendee(code))?.answer).toBeNull();
    await chat.say(await commandOf('Vắng'));
    expect(await attendee(code)).toMatchObject({ answer: 'absent', answerNote: 'vì bận' });
  });

  test("somebody else's meeting or none: said so; also while a report or a reason is awaited", async () => {
    const own = await invited([p.quyen]);
    const theirs = await invited([p.trieu]);
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen, '1');
    expect(await chat.say('vắng họp 2 vì bận')).toContain(`Đồng chí không có trong thành phần dự cuộc họp ${theirs}`);
    expect(await chat.say('vắng họp 9 vì bận')).toContain('HOP-2026-00009');
    await chat.say(`/capnhat ${task.code}`);
    expect(await chat.say('vắng họp 1 vì bận')).toContain(`Có phải đồng chí trả lời lịch họp ${own}?`);
    await chat.say(`/vang ${own}`);
    await chat.say('vắng họp 9 vì bận');
    expect(await attendee(own)).toMatchObject({ answer: 'absent', answerNote: '' });
    expect(await reports(task.code)).toEqual([]);
  });

  test('times and numbers of other things name no meeting', async () => {
    await invited([p.dat]);
    const chat = await linked(p.dat, '1');
    for (const words of ['vắng họp 9h', 'vắng họp 9/11', 'vắng họp 14:00 vì bận', 'đã dự họp 3 xã']) expect(await chat.say(words), words).not.toMatch(/HOP-2026-0000[39]|HOP-2026-00014/);
  });
});

describe('a report that names no task', () => {
  test.each(['/capnhat 60% đã xóa 3/5 điểm', '60% đã xóa 3/5 điểm'])('%s: the open tasks as buttons; one tap writes the words down, once', async (typed) => {
    const first = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const second = await assigned(p.ctx, { dueOn: '2026-11-27' });
    const chat = await linked(p.quyen, '1');
    await chat.say('/capnhat');
    expect(await chat.say(typed)).toContain('“60% đã xóa 3/5 điểm”');
    expect(await labels()).toEqual(['NV-1', 'NV-2']);
    const [tap, other] = [await commandOf('NV-2'), await commandOf('NV-1')];
    expect([await reports(first.code), await reports(second.code)]).toEqual([[], []]);
    const messageId = `pick-${typed}`;
    const answer = await chat.tell({ text: tap, messageId });
    expect(answer).toContain(`Đã ghi nhận ${second.code}: 60% — “đã xóa 3/5 điểm”`);
    await p.ctx.db.Delivery.deleteMany({ key: `reply:telegram:${messageId}` });
    expect(await chat.tell({ text: tap, messageId })).toBe(answer);
    expect(await chat.say(tap)).toContain(`Cập nhật ${second.code}`);
    expect(await chat.say(other)).toContain(`Cập nhật ${first.code}`);
    expect([await reports(first.code), await reports(second.code)]).toEqual([[], [{ percent: 60, note: 'đã xóa 3/5 điểm' }]]);
  });

  test('words without a percent are offered only after "/capnhat"; a new owner of the chat cannot use the old words', async () => {
    await assigned(p.ctx, { dueOn: '2026-11-26' });
    const second = await assigned(p.ctx, { dueOn: '2026-11-27' });
    const chat = await linked(p.quyen, '1');
    expect(await chat.say('đã xóa 3 điểm')).not.toContain('“đã xóa 3 điểm”');
    await chat.say('/capnhat');
    expect(await chat.say('đã xóa 3 điểm')).toContain('“đã xóa 3 điểm”');
    const tap = await commandOf('NV-2');
    await p.ctx.db.ChatLink.updateOne({ chatId: '1' }, { $set: { personId: p.dat._id } });
    expect(await chat.say(tap)).toContain(`Cập nhật ${second.code}`);
    expect(await reports(second.code)).toEqual([]);
  });
});
