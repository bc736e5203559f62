import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import type { Person } from '../../src/people/person.model.js';
import { stripDiacritics } from '../../src/kernel/fold.js';
import { linkedChat } from '../support/chat-story.js';
import { assigned, current, office, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

/** A chat whose person takes half a minute to type. */
async function linked(person: Person) {
  const chat = await linkedChat(p.ctx, person, '1');
  return { say: (words: string) => (p.clock.advance({ seconds: 30 }), chat.say(words)) };
}
async function buttons(): Promise<{ label: string; command: string }[]> {
  const last = await p.ctx.db.Delivery.findOne({ kind: 'reply' }).sort({ _id: -1 }).orFail().lean();
  return JSON.parse(String(last.data['buttons'] ?? '[]')) as { label: string; command: string }[];
}
const labels = async () => (await buttons()).map(({ label }) => label);
const tap = async (label: string): Promise<string> => (await buttons()).find((button) => button.label === label)?.command ?? `no button ${label}`;
const reports = async (code: string) => (await current(p.ctx, { code })).progress.filter(({ by }) => by.channel === 'telegram').map(({ percent, note }) => ({ percent, note }));
const both = (words: string): string[] => [words, stripDiacritics(words)];
async function invited(): Promise<string> {
  const { code } = await callMeeting(because(p.ctx, 'm:1'), office, { title: 'Họp giao ban', kind: 'urgent', startsAt: new Date('2026-11-23T14:00:00+07:00'), place: 'phòng họp số 1', attendeeIds: [String(p.dat._id)] });
  return code;
}
const seat = async (code: string) => (await p.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>()).attendees[0];

describe('one percentage in words that are asked back', () => {
  test.each(['NV-1 xã đã làm được 40% rồi ạ', 'nv1 lam duoc 40 phan tram, con 3 xa chua nop', 'NV-1 tiến độ giải ngân đạt 40%', 'NV-1 tiêm phòng đạt 40%'])('%s: that number is the button, no other one and no "phần trăm nào"', async (words) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen);
    const answer = await chat.say(words);
    expect(answer).toContain(`có phải ${task.code} đạt 40%?`);
    expect(answer).not.toMatch(/phần trăm nào|70%/);
    expect(await labels()).toEqual(['Ghi 40% vào NV-1', 'Ghi nội dung vào NV-1, giữ 0%']);
    expect(await reports(task.code)).toEqual([]);
    await chat.say(await tap('Ghi 40% vào NV-1'));
    expect(await reports(task.code)).toEqual([{ percent: 40, note: words }]);
  });

  test('without a code: which task first, then that number', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    await assigned(p.ctx, { dueOn: '2026-11-27' });
    const chat = await linked(p.quyen);
    await chat.say('xã đã làm được 40% rồi ạ');
    await chat.say(await tap('NV-1'));
    expect(await labels()).toContain('Ghi 40% vào NV-1');
    expect(await reports(task.code)).toEqual([]);
  });

  test.each(['NV-1 không thể đạt 100%', 'NV-1 xong, còn chờ ký', 'NV-1 Hoàn thành: tháng 12'])('%s: only the words are offered, never the completion', async (words) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen);
    expect(await chat.say(words)).toContain(`chưa rõ ${task.code} đã hoàn thành toàn bộ hay chưa`);
    expect(await labels()).toEqual(['Ghi nội dung vào NV-1, giữ 0%']);
    expect(await current(p.ctx, task)).toMatchObject({ stage: 'new', progress: [] });
    await chat.say(await tap('Ghi nội dung vào NV-1, giữ 0%'));
    expect(await current(p.ctx, task)).toMatchObject({ stage: 'in-progress', percent: 0 });
  });
});

describe('"done" in everyday words', () => {
  test.each(['NV-1 đã xong ạ', 'nv 1 xong roi a', 'NV-1 đã hoàn thành rồi anh ơi', 'da hoan thanh roi anh oi'])('%s submits the task', async (words) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen);
    if (!/^nv/iu.test(words)) await chat.say(`/capnhat ${task.code}`);
    await chat.say(words);
    expect(await current(p.ctx, task)).toMatchObject({ percent: 100, stage: 'submitted' });
  });

  test.each(both('NV-1 các xã đã làm xong ạ'))('%s: asked back with the completion and the words alone', async (words) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen);
    expect(await chat.say(words)).toContain(`có phải đã hoàn thành toàn bộ ${task.code} (100%)?`);
    expect(await labels()).toEqual(['Báo hoàn thành NV-1', 'Ghi nội dung vào NV-1, giữ 0%']);
    expect(await current(p.ctx, task)).toMatchObject({ stage: 'new', progress: [] });
    await chat.say(await tap('Báo hoàn thành NV-1'));
    expect(await current(p.ctx, task)).toMatchObject({ percent: 100, stage: 'submitted' });
  });
});

describe('more time, in everyday words', () => {
  test.each(['NV-1 xin lùi thêm 3 hôm', 'NV-1 xin được nộp chậm 2 ngày'])('%s: whom to call; a tap puts the words on the task', async (words) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen);
    expect(await chat.say(words)).toContain(`Gia hạn ${task.code} do Văn phòng UBND tỉnh xem xét`);
    expect(await reports(task.code)).toEqual([]);
    await chat.say(await tap('Ghi nội dung vào NV-1'));
    expect(await reports(task.code)).toEqual([{ percent: 0, note: words }]);
  });

  test.each(['xin lui them 3 hom', 'cho em gia hạn đến 30/11'])('%s without a code: which task, each as a button; nothing is written before a tap', async (words) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const other = await assigned(p.ctx, { dueOn: '2026-11-27' });
    const chat = await linked(p.quyen);
    const answer = await chat.say(words);
    expect(answer).toContain('Chưa rõ đồng chí xin cho nhiệm vụ nào');
    expect(answer).not.toContain('/capnhat');
    expect(await labels()).toEqual(['NV-1', 'NV-2']);
    await chat.say(await tap('NV-2'));
    expect(await reports(other.code)).toEqual([{ percent: 0, note: words }]);
    expect(await reports(task.code)).toEqual([]);
  });

  test('after a tap on "Cập nhật" it is no report either', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen);
    await chat.say(`/capnhat ${task.code}`);
    expect(await chat.say('Dạ em xin lùi thêm 3 hôm ạ')).toContain(`Gia hạn ${task.code}`);
    expect(await reports(task.code)).toEqual([]);
  });
});

describe('a nod', () => {
  test.each(['ok anh', 'da nhan', 'vâng ạ'])('"%s": the task that waits for "Đã nhận" is offered', async (words) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen);
    expect(await chat.say(words)).not.toContain('/capnhat');
    expect(await labels()).toEqual(['Đã nhận NV-1']);
    expect(await current(p.ctx, task)).toMatchObject({ stage: 'new' });
    await chat.say(await tap('Đã nhận NV-1'));
    expect(await current(p.ctx, task)).toMatchObject({ stage: 'acknowledged' });
    p.clock.advance({ minutes: 11 });
    expect(await chat.say(words)).toBe('Hệ thống đã nhận tin của đồng chí. Hiện không có việc nào chờ đồng chí xác nhận đã nhận.');
    // Politeness is not answered each time.
    expect(await chat.say(words)).toBeUndefined();
  });

  test('"đã nhận" while a task and two invitations wait: each is offered', async () => {
    await assigned(p.ctx, { dueOn: '2026-11-26' });
    await invited();
    await callMeeting(because(p.ctx, 'm:2'), office, { title: 'Họp tổng kết', kind: 'regular', startsAt: new Date('2026-11-24T14:00:00+07:00'), place: 'phòng họp số 2', attendeeIds: [String(p.dat._id)] });
    const chat = await linked(p.dat);
    expect(await chat.say('đã nhận')).toContain('chưa ghi nhận gì');
    expect(await labels()).toEqual(['Đã nhận NV-1', 'Đã nhận HOP-1', 'Đã nhận HOP-2']);
    expect(await seat('HOP-2026-00001')).toMatchObject({ acknowledgedAt: null });
  });
});

describe('words typed where a report is awaited that are none', () => {
  test.each(['từ chối', 'không phải việc của tôi', 'chuyển Sở Xây dựng', 'xin lỗi tôi gửi nhầm', 'đã nhận lương', '1. Đã họp', '12 xong'])('"%s" begins no task', async (words) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.dat);
    await chat.say(`/capnhat ${task.code}`);
    await chat.say(words);
    expect(await current(p.ctx, task)).toMatchObject({ stage: 'new', progress: [] });
  });

  test.each(['đang chờ Sở trả lời', 'không nhận được báo cáo của xã A', 'chuyển văn bản cho các xã', 'chưa có kinh phí'])('"%s" is a report', async (words) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.dat);
    await chat.say(`/capnhat ${task.code}`);
    await chat.say(words);
    expect(await current(p.ctx, task)).toMatchObject({ stage: 'in-progress', progress: [{ note: words }] });
  });
});

describe('after a tap on "Vắng"', () => {
  test.each(['tôi dự được rồi', 'bấm sai', '70% đã họp với Sở', 'họp lúc mấy giờ?', '1'])('"%s" is not written down as the reason', async (words) => {
    const code = await invited();
    const chat = await linked(p.dat);
    await chat.say(`/vang ${code}`);
    await chat.say(words);
    expect((await seat(code))?.answerNote ?? '').toBe('');
  });

  test.each(['bận họp', 'cử phó chủ tịch dự thay', 'có tang'])('"%s" is', async (words) => {
    const code = await invited();
    const chat = await linked(p.dat);
    await chat.say(`/vang ${code}`);
    await chat.say(words);
    expect((await seat(code))?.answerNote).toBe(words);
  });

  test('the question back shows no record id; "/vang HOP-1 bận" takes the reason with the code', async () => {
    const code = await invited();
    const chat = await linked(p.dat);
    await chat.say(`/vang ${code}`);
    expect(await chat.say('à nhầm')).not.toMatch(/@[0-9a-f]{24}/);
    await chat.say('/vang HOP-1 bận');
    expect(await seat(code)).toMatchObject({ answer: 'absent', answerNote: 'bận' });
  });
});

test('how to put a slip right is shown with another number near the one written', async () => {
  await assigned(p.ctx, { dueOn: '2026-11-26' });
  const chat = await linked(p.quyen);
  expect(await chat.say('cn nv1 40')).toContain('ví dụ: NV-1 45% nhập nhầm.');
  expect(await chat.say('NV-1 50% nhập nhầm')).toContain('50%');
  expect(await chat.say('NV-1 98%')).toContain('ví dụ: NV-1 93% nhập nhầm.');
});
