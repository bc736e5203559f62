import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { unreadAbout } from '../../src/inbox/keep-unread.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import type { Person } from '../../src/people/person.model.js';
import { registerPerson } from '../../src/people/register-person.js';
import { linkedChat } from '../support/chat-story.js';
import { assigned, current, office, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
let n = 0;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

const linked = (person: Person, chatId: string) => linkedChat(p.ctx, person, chatId);
/** A message the person was sent just now. */
async function told(person: Person, kind: string, about: { taskCode?: string; meetingCode?: string }): Promise<void> {
  p.clock.advance({ minutes: 1 });
  const key = `told:${++n}`;
  await enqueue(p.ctx, { key, kind, lane: 'normal', personId: String(person._id), data: { version: 1 }, ...about });
  await p.ctx.db.Delivery.updateOne({ key }, { $set: { state: 'accepted', acceptedAt: p.clock.now() } });
}
async function invited(people: Person[], title = 'Họp giải ngân'): Promise<string> {
  const { code } = await callMeeting(because(p.ctx, `m:${++n}`), office, { title, kind: 'regular', startsAt: new Date('2026-11-23T14:00:00+07:00'), place: 'phòng họp số 1', attendeeIds: people.map(({ _id }) => String(_id)) });
  for (const person of people) await told(person, 'meeting-alert', { meetingCode: code });
  return code;
}
const attendee = async (code: string) => (await p.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>()).attendees[0];
const buttonsOf = async () => {
  const last = await p.ctx.db.Delivery.findOne({ kind: 'reply' }).sort({ _id: -1 }).orFail().lean();
  return (JSON.parse(String(last.data['buttons'] ?? '[]')) as { command: string }[]).map(({ command }) => command);
};

describe('words without a reply to the invitation', () => {
  test.each(['tham dự', 'Đồng ý dự', 'tôi sẽ dự', 'Xin phép vắng', 'vâng, tôi sẽ tham dự ạ'])('%s: the meeting is named and its buttons offered; nothing is written', async (words) => {
    const code = await invited([p.dat]);
    const chat = await linked(p.dat, '1');
    const answer = await chat.say(words);
    expect(answer).toContain(`Có phải đồng chí trả lời lịch họp ${code}?`);
    expect(answer).toContain('Họp giải ngân: 14:00 thứ Hai 23/11/2026, phòng họp số 1.');
    expect(await buttonsOf()).toEqual([`/xacnhan ${code}`, `/thamdu ${code}`, `/vang ${code}`]);
    expect(await attendee(code)).toMatchObject({ acknowledgedAt: null, answer: null });
  });

  test('"Đã nhận", the label of the button, is the tap; worked on again after a crash it says the same', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-27' });
    await told(p.dat, 'task-assigned', { taskCode: task.code });
    const code = await invited([p.dat]);
    const chat = await linked(p.dat, '1');
    const answer = await chat.tell({ text: 'Đã nhận', messageId: 'crash-2' });
    expect(answer).toContain(`✅ Đã ghi nhận ${code}: đồng chí đã nhận lịch họp`);
    expect(answer).toContain('Họp giải ngân');
    expect((await attendee(code))?.acknowledgedAt).toEqual(p.clock.now());
    await p.ctx.db.Delivery.deleteMany({ kind: 'reply' });
    expect(await chat.tell({ text: 'Đã nhận', messageId: 'crash-2' })).toBe(answer);
    expect(await attendee(code)).toMatchObject({ answer: null });
  });

  test('"Đã nhận" with a task told later, with two invitations or none: nothing is taken for a yes', async () => {
    const code = await invited([p.dat]);
    const chat = await linked(p.dat, '1');
    const task = await assigned(p.ctx, { dueOn: '2026-11-27' });
    await told(p.dat, 'task-assigned', { taskCode: task.code });
    expect(await chat.say('Đã nhận')).toContain('Chưa rõ');
    await invited([p.dat], 'Giao ban');
    expect(await chat.say('Đã nhận')).toContain('Chưa rõ');
    expect(await attendee(code)).toMatchObject({ acknowledgedAt: null });
    expect(await (await linked(p.quyen, '2')).say('tôi sẽ dự')).toContain('Chưa rõ');
  });

  test.each([
    'Tôi không kịp dự', 'Khó dự được', 'Ai dự vậy', 'Anh Nam dự', 'dự thảo đã gửi', 'Tôi không thể vắng mặt', 'Không vắng mặt', 'Tôi không nhận được giấy mời kèm theo', 'k du', 'vang toi den dung gio', '2 dong y', 'Tôi sẽ dự', 'Vắng: bận họp',
  ])('%s: whether quoted from the invitation or not, nothing is written', async (words) => {
    const code = await invited([p.dat]);
    await p.ctx.db.Delivery.updateMany({ meetingCode: code }, { $set: { channel: 'telegram', to: '1', providerId: 'm-1' } });
    const chat = await linked(p.dat, '1');
    expect(await chat.tell({ text: words, replyTo: 'm-1' })).toContain(`Nội dung trên chưa được ghi là trả lời lịch họp ${code}`);
    await chat.say(words);
    expect(await attendee(code)).toMatchObject({ acknowledgedAt: null, answer: null });
  });

  test('words about work stay words about work', async () => {
    await invited([p.dat]);
    const chat = await linked(p.dat, '1');
    for (const words of ['dự kiến tuần sau xong', 'đã nhận hồ sơ của 3 xã, đang thẩm định', 'vâng']) expect(await chat.say(words), words).not.toContain('HOP-');
  });
});

describe('examples and help', () => {
  const chairman = () => registerPerson(because(p.ctx, 'seed:chairman'), office, { name: 'Hà Minh Thụy', position: 'Chủ tịch UBND tỉnh', agencyCode: 'UBND', roles: ['leader'] });

  test('examples use the own latest codes', async () => {
    const chat = await linked(p.quyen, '1');
    expect(await chat.say('/trogiup')).toContain('/capnhat NV-12 70% nội dung');
    await assigned(p.ctx, { dueOn: '2026-11-27' });
    await assigned(p.ctx, { dueOn: '2026-11-25' });
    await invited([p.quyen]);
    const help = await chat.say('/trogiup');
    expect(help).toContain('/capnhat NV-2 70% nội dung');
    expect(help).toContain('/thamdu HOP-1');
    expect(help).not.toMatch(/NV-12|HOP-31/);
  });

  test('a leader of the province reads of tasks given, meetings and answers; a report on a given task is explained', async () => {
    const leader = await chairman();
    await assigned(p.ctx, { dueOn: '2026-11-27', leaderId: String(leader._id) });
    const chat = await linked(leader, '1');
    const help = await chat.say('/trogiup');
    for (const form of ['/nhiemvu — nhiệm vụ đồng chí đã giao', '/hop', '/thamdu']) expect(help).toContain(form);
    expect([help, await chat.say('/nhiemvu'), await chat.say('chưa rõ việc này')].join('\n')).not.toMatch(/capnhat|danhan/);
    expect(await chat.say('NV-1 50% xong một nửa')).toContain('Đồng chí là người giao nhiệm vụ này (NV-2026-00001); đơn vị chủ trì Sở Tài chính báo cáo.');
    expect(await chat.say('/danhan NV-1')).toContain('Đồng chí là người giao nhiệm vụ này');
  });

  test('a leader\'s order that names a task: says that it went nowhere and whom to call, and stands with the task for the Office', async () => {
    const leader = await chairman();
    const nhi = await p.ctx.db.Person.findOneAndUpdate({ _id: p.nhi._id }, { $set: { phone: '84912345678' } }, { returnDocument: 'after' }).orFail().lean();
    const task = await assigned(p.ctx, { dueOn: '2026-11-27', leaderId: String(leader._id), monitorId: String(nhi._id) });
    const other = await assigned(p.ctx, { dueOn: '2026-11-27' });
    const chat = await linked(leader, '1');
    for (const words of ['nhắc Sở Tài chính làm gấp NV-1', 'NV-2 phải xong trong tuần này']) {
      const answer = await chat.say(words);
      expect(answer, words).toMatch(/không được tự động chuyển đến đơn vị; hệ thống giữ lại ở diễn biến nhiệm vụ[\s\S]*đề nghị gọi (đồng chí Trần Thục Nhi \(người theo dõi\), điện thoại 0912|Văn phòng UBND tỉnh)/);
    }
    expect((await unreadAbout(p.ctx, task.code)).map(({ text }) => text)).toEqual(['nhắc Sở Tài chính làm gấp NV-1']);
    expect((await unreadAbout(p.ctx, other.code)).map(({ text }) => text)).toEqual(['NV-2 phải xong trong tuần này']);
    expect((await current(p.ctx, task)).progress).toEqual([]);
    // Whoever may not read it hears no more than before, and nothing is kept.
    expect(await chat.say('NV-1')).not.toContain('không được tự động');
  });
});
