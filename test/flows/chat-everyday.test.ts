import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import type { Person } from '../../src/people/person.model.js';
import { registerPerson } from '../../src/people/register-person.js';
import { chatOf, codeFor, linkedChat } from '../support/chat-story.js';
import { assigned, current, office, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
let n = 0;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

const linked = (person: Person, chatId: string) => linkedChat(p.ctx, person, chatId);
const owners = () => p.ctx.db.ChatLink.countDocuments();
const called = (at: string, people: Person[], title = 'Họp giải ngân') =>
  callMeeting(because(p.ctx, `admin:meeting:${++n}`), office, { title, kind: 'regular', startsAt: new Date(at), place: 'phòng họp số 1', attendeeIds: people.map(({ _id }) => _id.toString()) });
const attendee = async (code: string) => (await p.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>()).attendees[0];

describe('/huylienket asks before it does anything', () => {
  test('a typed "có" or the button ends the link; anything else keeps it', async () => {
    const chat = await linked(p.dat, '1');
    expect(await chat.say('/huylienket')).toContain('có chắc muốn hủy liên kết');
    expect(await owners()).toBe(1);
    expect(await chat.say('thôi')).toContain('Vẫn giữ liên kết');
    expect(await owners()).toBe(1);
    await chat.say('/huylienket');
    expect(await chat.say('Có ạ')).toContain('Đã hủy liên kết với đồng chí Hoàng Văn Dật');
    expect(await owners()).toBe(0);
    const other = await linked(p.quyen, '2');
    await other.say('/huylienket');
    expect(await other.say('/huylienket co')).toContain('Đã hủy liên kết');
  });

  test('a "có" that comes too late, or to nothing, ends nothing', async () => {
    const chat = await linked(p.dat, '1');
    expect(await chat.say('có')).toContain('Chưa rõ');
    await chat.say('/huylienket');
    p.clock.advance({ minutes: 11 });
    expect(await chat.say('có')).toContain('Chưa rõ');
    expect(await owners()).toBe(1);
  });
});

describe('a report without a command', () => {
  test('"NV-1 80% …", "nv1 85%" and "NV-1 xong" are written down, and the answer tells how to put a slip right', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    await assigned(p.ctx, { dueOn: '2026-11-27' });
    const chat = await linked(p.quyen, '1');
    expect(await chat.say('NV-1 80% đã họp')).toBe(
      '✅ Đã ghi nhận NV-2026-00001: 80% — “đã họp”. Văn phòng UBND tỉnh đã được báo.\nNếu chưa đúng, đề nghị gõ lại mã, số đúng và lý do, ví dụ: NV-1 85% nhập nhầm.',
    );
    expect(await chat.say('nv1 85%')).toContain('NV-2026-00001: 85%');
    expect(await chat.say('NV-2026-00001 50% nhập nhầm')).toContain('50% (trước đó 85%)');
    expect(await chat.say('nv 1 xong')).toContain('chờ Văn phòng UBND tỉnh xác nhận');
    expect(await current(p.ctx, task)).toMatchObject({ percent: 100, stage: 'submitted' });
  });

  test('a code alone shows the task; what could mean two things is asked back; others\' tasks are refused', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen, '1');
    expect(await chat.say('NV-1')).toContain('NV-2026-00001 · Mới giao 0%');
    expect(await chat.say('nv1 70 hộ đã di dời')).toContain('chưa ghi nhận');
    expect(await chat.say('12 70%')).toContain('Chưa rõ');
    expect(await (await linked(p.trieu, '2')).say('NV-1 90% xong')).toMatch(/không thuộc|không có quyền/);
    expect(await current(p.ctx, task)).toMatchObject({ percent: 0, progress: [] });
  });
});

describe('meetings', () => {
  test('words after the tap "Vắng" are the reason; a nod is not', async () => {
    const { code } = await called('2026-11-23T14:00:00+07:00', [p.dat]);
    const chat = await linked(p.dat, '1');
    expect(await chat.say(`/vang ${code}`)).toContain('gõ tiếp lý do trong 10 phút tới');
    expect(await attendee(code)).toMatchObject({ answer: 'absent', answerNote: '' });
    expect(await chat.say('vâng')).toContain('chưa được ghi là trả lời');
    for (const words of ['à nhầm', 'đến muộn 10 phút']) expect(await chat.say(words), words).toContain('chưa được ghi là trả lời');
    expect(await chat.say('đi công tác Hà Nội, cử đồng chí Phó Giám đốc dự thay')).toContain('báo vắng — “đi công tác Hà Nội, cử đồng chí Phó Giám đốc dự thay”');
    expect(await attendee(code)).toMatchObject({ answer: 'absent', answerNote: 'đi công tác Hà Nội, cử đồng chí Phó Giám đốc dự thay' });
    expect(await chat.say('cảm ơn đồng chí')).toBe('Trân trọng cảm ơn đồng chí.');
    expect(await attendee(code)).toMatchObject({ answerNote: 'đi công tác Hà Nội, cử đồng chí Phó Giám đốc dự thay' });
  });

  test('the same message worked on again after a crash gives the same answer', async () => {
    const { code } = await called('2026-11-23T14:00:00+07:00', [p.dat]);
    const chat = await linked(p.dat, '1');
    await chat.say(`/vang ${code}`);
    const first = await chat.tell({ text: 'bận tiếp dân', messageId: 'crash-1' });
    await p.ctx.db.Delivery.deleteMany({ kind: 'reply' });
    expect(await chat.tell({ text: 'bận tiếp dân', messageId: 'crash-1' })).toBe(first);
    expect((await p.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>()).history.filter(({ action }) => action === 'answered')).toHaveLength(2);
  });

  test('a report that names its task is a report even while a reason is awaited', async () => {
    await assigned(p.ctx, { dueOn: '2026-11-26' });
    const { code } = await called('2026-11-23T14:00:00+07:00', [p.dat]);
    const chat = await linked(p.dat, '1');
    await chat.say(`/vang ${code}`);
    expect(await chat.say('NV-1 30% đã giao các phòng')).toContain('NV-2026-00001: 30%');
    expect(await attendee(code)).toMatchObject({ answerNote: '' });
  });

  test('/hop lists what lies ahead for the reader, soonest first, with what was answered', async () => {
    const later = await called('2026-11-27T08:00:00+07:00', [p.dat], 'Giao ban tháng');
    const soon = await called('2026-11-23T14:00:00+07:00', [p.dat, p.trieu], 'Họp giải ngân');
    await called('2026-11-24T14:00:00+07:00', [p.trieu], 'Họp của người khác');
    const chat = await linked(p.dat, '1');
    await chat.say(`/thamdu ${soon.code}`);
    expect(await chat.say('/họp')).toBe([
      '📅 Lịch họp sắp tới: 2',
      'HOP-2 · 14:00 thứ Hai 23/11/2026', '   Họp giải ngân; phòng họp số 1 (đã báo tham dự)',
      'HOP-1 · 08:00 thứ Sáu 27/11/2026', '   Giao ban tháng; phòng họp số 1 (chưa xác nhận)',
      'Xem kỹ: /hop HOP-2. Trả lời: /thamdu HOP-2 hoặc /vang HOP-2 lý do.',
    ].join('\n'));
    expect(await chat.say('/hop 1')).toContain(`📅 ${later.code}`);
    expect(await (await linked(p.quyen, '2')).say('/hop')).toBe('📅 Đồng chí không có cuộc họp nào sắp tới.');
    p.clock.advance({ days: 30 });
    expect(await chat.say('/hop')).toContain('không có cuộc họp nào');
  });
});

describe('"Đã nhận" for a task', () => {
  test('moves a new task on, once per person, and what told of it counts as confirmed', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const personId = p.quyen._id.toString();
    await enqueue(p.ctx, { key: 'told:quyen', kind: 'task-assigned', lane: 'normal', personId, taskCode: task.code });
    await p.ctx.db.Delivery.updateOne({ key: 'told:quyen' }, { $set: { state: 'accepted', acceptedAt: p.clock.now() } });
    const chat = await linked(p.quyen, '1');
    expect(await chat.say(`/danhan ${task.code}`)).toContain('✅ Đã ghi nhận NV-2026-00001: cơ quan đã nhận nhiệm vụ');
    expect(await current(p.ctx, task)).toMatchObject({ stage: 'acknowledged', percent: 0, acknowledgements: [{ by: { name: 'Nguyễn Tố Quyên', channel: 'telegram' } }] });
    expect(await p.ctx.db.Delivery.findOne({ key: 'told:quyen' }).lean()).toMatchObject({ state: 'acknowledged' });
    await chat.say('/đã nhận nv1');
    const leader = await linked(p.dat, '2');
    await leader.say('/danhan NV-1');
    expect((await current(p.ctx, task)).acknowledgements?.map(({ by }) => by.name)).toEqual(['Nguyễn Tố Quyên', 'Hoàng Văn Dật']);
    expect(await (await linked(p.trieu, '3')).say('/danhan NV-1')).toContain('không thuộc đơn vị');
  });

  test('a task already in progress stays so; /danhan HOP-1 is still the meeting', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const { code } = await called('2026-11-23T14:00:00+07:00', [p.quyen]);
    const chat = await linked(p.quyen, '1');
    await chat.say('NV-1 10% đang làm');
    await chat.say('/danhan NV-1');
    expect(await current(p.ctx, task)).toMatchObject({ stage: 'in-progress', percent: 10 });
    expect(await chat.say('/danhan HOP-1')).toContain('đồng chí đã nhận lịch họp');
    expect((await attendee(code))?.acknowledgedAt).not.toBeNull();
  });
});

describe('lists and help', () => {
  test('a chairman sees whose task it is, and how many of each kind; what waits for the Office comes last', async () => {
    const chairman = await registerPerson(because(p.ctx, 'seed:chairman'), office, { name: 'Hà Minh Thụy', position: 'Chủ tịch UBND tỉnh', agencyCode: 'UBND', roles: ['leader'] });
    const leaderId = chairman._id.toString();
    await assigned(p.ctx, { dueOn: '2026-12-25', leaderId, content: 'Lập phương án' });
    await assigned(p.ctx, { dueOn: '2026-11-17', leaderId, leadAgencyCode: 'SXD', content: 'Báo cáo nhà ở' });
    await assigned(p.ctx, { dueOn: '2026-11-23', leaderId, content: 'Rà soát dự án' });
    await (await linked(p.quyen, '1')).say('NV-1 xong');
    expect((await (await linked(chairman, '2')).say('/nhiemvu'))?.split('\n')).toEqual([
      '🔔 Nhiệm vụ đang mở: 3',
      'quá hạn 1 · sắp đến hạn 1 · chờ xác nhận 1',
      'QUÁ HẠN (1)', 'NV-2 · hạn 17/11 · quá hạn 3 ngày, 0%', '   Sở Xây dựng: Báo cáo nhà ở',
      'SẮP ĐẾN HẠN (1)', 'NV-3 · hạn 23/11 · còn 1 ngày làm việc, 0%', '   Sở Tài chính: Rà soát dự án',
      'CHỜ XÁC NHẬN (1)', 'NV-1 · hạn 25/12 · chờ xác nhận', '   Sở Tài chính: Lập phương án',
      'Xem kỹ: /chitiet NV-2.',
    ]);
    expect(await (await linked(p.dat, '3')).say('/nhiemvu')).not.toContain('Sở Tài chính:');
  });

  test('the help and the greeting suit the reader', async () => {
    const officer = chatOf(p.ctx, '1');
    expect(await officer.say(`/lienket ${await codeFor(p.ctx, p.quyen)}`)).toContain('chọn Đã nhận');
    expect(await officer.say('/trogiup')).toContain('NV-12 70% nội dung');
    const clerk = chatOf(p.ctx, '2');
    expect(await clerk.say(`/lienket ${await codeFor(p.ctx, p.nhi)}`)).toContain('Các báo cáo của cơ quan');
    const help = await clerk.say('/trogiup');
    expect(help).toContain('trang quản lý');
    expect(help).not.toContain('/capnhat');
    expect(await chatOf(p.ctx, '3').say(`/lienket ${await codeFor(p.ctx, p.dat)}`)).toContain('/hop để xem lịch họp');
  });
});
