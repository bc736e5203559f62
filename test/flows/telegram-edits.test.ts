import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { confirmTask } from '../../src/directives/confirm-task.js';
import { moveDeadline } from '../../src/directives/move-deadline.js';
import { returnTask } from '../../src/directives/return-task.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { office } from '../support/task-story.js';
import { openWorld, type StoryPerson, type World } from '../support/world.js';

let world: World;
let dat: StoryPerson;
let nhi: StoryPerson;

beforeEach(async () => {
  world = await openWorld('2026-11-19T02:00:00Z'); // Thursday 09:00 in Vietnam
  await world.agency('UBND', 'UBND tỉnh Lào Cai', 'province');
  await world.agency('VP', 'Văn phòng UBND tỉnh', 'office');
  await world.agency('STC', 'Sở Tài chính');
  dat = await world.person({ name: 'Hoàng Văn Dật', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'] });
  nhi = await world.person({ name: 'Trần Thục Nhi', position: 'Chuyên viên Văn phòng UBND tỉnh', agencyCode: 'VP', roles: ['office'] });
});
afterEach(() => world.close());

let causes = 0;
const ctx = () => because(world.app.ctx, `test:${++causes}`);
const screen = (person: StoryPerson) => world.networks[person.channel].messagesOf(person.userId).filter((m) => m.from === 'bot');
const about = (person: StoryPerson, words: string) => screen(person).find((m) => m.text.includes(words));
const labels = (person: StoryPerson, words: string) => about(person, words)?.buttons.map((b) => b.label);
const later = async (minutes = 1) => {
  world.clock.advance({ minutes });
  await world.settle();
};
const edits = () => world.networks.telegram.calls().filter(({ method }) => /^edit/i.test(method)).length;

async function assign(more: Record<string, unknown> = {}): Promise<string> {
  const answer = await world.api('POST', '/api/v1/directives', {
    symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Hà Minh Thụy', urgency: 'normal', summary: 'Đẩy nhanh giải ngân', ...more,
    tasks: [{ content: 'Báo cáo tiến độ giải ngân', leadAgencyCode: 'STC', dueOn: '2026-12-04' }],
  });
  await world.settle();
  return (answer.body as { tasks: { code: string }[] }).tasks[0]?.code ?? '';
}

test('a report, a new deadline, a return and a confirmation follow on the messages that are there', async () => {
  const code = await assign();
  await later();
  await world.say(dat, `/capnhat ${code} 70% đã họp`);
  expect(about(dat, 'Nhiệm vụ mới')?.text).toMatch(/\n✅ Đã báo cáo 70% lúc 19\/11\/2026 09:01$/);
  expect(labels(dat, 'Nhiệm vụ mới')).toEqual(['Cập nhật', 'Chi tiết']);
  await later();
  await moveDeadline(ctx(), office, { code, dueOn: '2026-12-11', reason: 'chờ số liệu' });
  await world.settle();
  expect(about(dat, 'Nhiệm vụ mới')?.text).toMatch(/\nHạn mới: 11\/12\/2026 \(đổi lúc 19\/11\/2026 09:02\)$/);
  // The newer message has the buttons now.
  expect(labels(dat, 'Nhiệm vụ mới')).toEqual([]);
  expect(labels(dat, 'Gia hạn')).toContain('Cập nhật');
  await later();
  await world.say(dat, `/capnhat ${code} 100% xong`);
  expect(labels(dat, 'Gia hạn')).toEqual(['Chi tiết']);
  expect(about(nhi, 'Báo cáo tiến độ')?.text).toContain('Đã báo cáo hoàn thành lúc 19/11/2026 09:03');
  await later();
  await returnTask(ctx(), office, { code, reason: 'thiếu phụ lục' });
  await world.settle();
  expect(about(dat, 'Gia hạn')?.text).toMatch(/trả lại để làm lại lúc 19\/11\/2026 09:04$/);
  await later();
  await world.say(dat, `/capnhat ${code} 100% đã bổ sung`);
  await later();
  await confirmTask(ctx(), office, { code });
  await world.settle();
  for (const words of ['Nhiệm vụ mới', 'Gia hạn', 'Trả lại kết quả']) expect(about(dat, words)?.text, words).toMatch(/✅ Đã xác nhận hoàn thành lúc 19\/11\/2026 09:06$/);
  // The original words stay.
  expect(about(dat, 'Nhiệm vụ mới')?.text).toContain('Hạn: thứ Sáu 04/12/2026');
});

test('nothing new: no call; a person who deletes the message or a busy Telegram raises no alarm', async () => {
  const code = await assign();
  await later();
  const before = edits();
  await later(10);
  expect(edits()).toBe(before);
  const problems = () => world.app.ctx.db.Delivery.countDocuments({ kind: { $in: ['chat-dead', 'delivery-dead', 'channel-stopped'] } });
  // Deleted on the phone: Telegram says "message to edit not found".
  await world.app.ctx.db.Delivery.updateMany({ kind: 'task-assigned' }, { $set: { providerId: '99999' } });
  await world.say(dat, `/capnhat ${code} 20% đã nhận`);
  await later();
  expect(await world.app.ctx.db.Task.countDocuments({ unshown: true })).toBe(0);
  const after = edits();
  await later();
  expect(edits(), 'asked once').toBe(after);
  expect(await problems()).toBe(0);
  // The story itself changed a provider's id behind the ledger's back: its chain begins anew.
  const { AuditEntry, Delivery, LedgerEntry } = world.app.ctx.db;
  await LedgerEntry.deleteMany({});
  await Promise.all([Delivery.updateMany({}, { $set: { unsealed: true } }), AuditEntry.updateMany({}, { $set: { unsealed: true } })]);
});

test('Telegram does not answer for a while: the messages are brought up to date afterwards', async () => {
  const code = await assign();
  await later();
  const before = about(dat, 'Nhiệm vụ mới')?.text;
  await confirmWithoutTalk(code);
  world.networks.telegram.misbehave('server-500', 1);
  await world.settle();
  expect(about(dat, 'Nhiệm vụ mới')?.text).toBe(before);
  await later();
  expect(about(dat, 'Nhiệm vụ mới')?.text).toContain('Nhiệm vụ đã kết thúc');
});

/** The task ends without a message of its own, so that the only call is the edit. */
const confirmWithoutTalk = (code: string) => world.app.ctx.db.Task.updateOne({ code }, { $set: { stage: 'revoked', unshown: true }, $inc: { version: 1 } });

test('a meeting: answered, moved, cancelled', async () => {
  const { code } = await callMeeting(ctx(), office, { title: 'Giao ban', kind: 'regular', startsAt: new Date('2026-11-27T01:00:00Z'), place: 'phòng họp tầng 3', attendeeIds: [dat.id, nhi.id] });
  await world.settle();
  await later();
  const invitation = about(dat, 'Mời họp');
  if (!invitation) throw new Error('not invited');
  await world.tap(dat, invitation, 'Tham dự');
  expect(about(dat, 'Mời họp')?.text).toMatch(/\n✅ Đã ghi nhận: tham dự, lúc 19\/11\/2026 09:01$/);
  expect(labels(dat, 'Mời họp')).toEqual(['Vắng']);
  expect(labels(nhi, 'Mời họp')).toEqual(['Đã nhận', 'Tham dự', 'Vắng']);
  await later();
  await postponeMeeting(ctx(), office, { code, startsAt: new Date('2026-11-27T07:00:00Z'), place: 'phòng họp tầng 3', reason: 'trùng lịch' });
  await world.settle();
  for (const person of [dat, nhi]) {
    expect(about(person, 'Mời họp')?.text).toMatch(/\nLịch đã thay đổi: họp lúc 14:00 thứ Sáu 27\/11\/2026$/);
    expect(labels(person, 'Mời họp')).toEqual([]);
    expect(labels(person, 'Thay đổi lịch họp')).toEqual(['Đã nhận', 'Tham dự', 'Vắng']);
  }
  await later();
  await cancelMeeting(ctx(), office, { code, reason: 'hoãn' });
  await world.settle();
  for (const words of ['Mời họp', 'Thay đổi lịch họp']) {
    expect(about(nhi, words)?.text).toMatch(/\nCuộc họp đã hủy lúc 19\/11\/2026 09:03$/);
    expect(labels(nhi, words)).toEqual([]);
  }
});

test('a secret task: its neutral sentence is never edited', async () => {
  const code = await assign({ secret: true });
  await later();
  await moveDeadline(ctx(), office, { code, dueOn: '2026-12-11', reason: 'theo chỉ đạo' });
  await later();
  expect(edits()).toBe(0);
  expect(screen(dat).filter((m) => m.edited)).toEqual([]);
});

test('what was edited stands in the ledger', async () => {
  const code = await assign();
  await later();
  await world.say(dat, `/capnhat ${code} 70% đã họp`);
  const row = await world.app.ctx.db.Delivery.findOne({ kind: 'task-assigned' }).lean();
  expect(row?.shown).toContain('Đã báo cáo 70%');
  expect(row?.rev).toBeGreaterThan(1);
});

test('a group that became a supergroup: the link and the waiting answer go with it', async () => {
  const { ctx: app } = world.app;
  await app.db.ChatLink.updateOne({ personId: dat.id }, { $set: { chatId: '-100', senderId: dat.userId } });
  world.telegram.upgradeGroup('-100', '-1009000000001');
  await assign();
  expect(await app.db.ChatLink.findOne({ personId: dat.id }).lean()).toMatchObject({ chatId: '-1009000000001', deadAt: null });
  expect(world.networks.telegram.messagesOf('-1009000000001').map((m) => m.text.split('\n')[0])).toEqual(['🔔 Nhiệm vụ mới · NV-2026-00001']);
  expect(await app.db.Delivery.findOne({ kind: 'task-assigned' }).lean()).toMatchObject({ state: 'accepted', to: '-1009000000001' });
});
