import ICAL from 'ical.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMail } from '../../src/mail/index.js';
import { messageIdOf } from '../../src/mail/addresses.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { house as addresses } from '../support/mail.js';
import { answerTo, mailHouse, type Received } from '../support/mail-house.js';
import { assigned, current, office } from '../support/task-story.js';

const DAT = 'dat@stc.laocai.example';
const NHI = 'nhi@vp.laocai.example';
let house: Awaited<ReturnType<typeof mailHouse>>;
beforeEach(async () => {
  house = await mailHouse();
  await house.ctx.db.Person.updateOne({ _id: house.dat._id }, { $set: { email: DAT } });
  await house.ctx.db.Person.updateOne({ _id: house.quyen._id }, { $set: { active: false } });
  await house.ctx.db.Person.updateOne({ _id: house.nhi._id }, { $set: { email: NHI } });
});
afterEach(() => house.close());

const to = (letters: Received[], address: string) => letters.filter(({ envelopeTo }) => envelopeTo === address);
const only = (letters: Received[], address: string): Received => {
  const found = to(letters, address);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} letters to ${address}: ${letters.map((l) => `${l.envelopeTo}: ${l.subject}`).join('; ')}`);
  return found[0];
};
const quoting = (words: string) => `${words}\r\n\r\nVào Th 6, 20 thg 11, 2026 lúc 08:00 Nhắc Việc <nhacviec@laocai.example> đã viết:\r\n> Đang ghi nhận: 40%`;

async function taskAssigned(): Promise<{ code: string; letter: Received }> {
  const { code } = await assigned(house.ctx, { dueOn: '2026-11-27' });
  await house.settle();
  return { code, letter: only(await house.letters(), DAT) };
}

test('assigned by mail, answered by mail, the office hears, and all of it is one thread', async () => {
  const { code, letter } = await taskAssigned();
  expect(letter.subject).toContain(`[${code}]`);
  await house.write({ from: `Dat <${DAT.toUpperCase()}>`, to: answerTo(letter), body: quoting('70% đã họp với các chủ đầu tư') });
  expect(await current(house.ctx, { code })).toMatchObject({ percent: 70, stage: 'in-progress', progress: [{ note: 'đã họp với các chủ đầu tư', by: { name: 'Hoàng Văn Dật', channel: 'email' } }] });
  const letters = await house.letters();
  const answer = only(letters, DAT);
  expect(answer.text).toContain(`Đã ghi nhận ${code}: 70%`);
  expect([answer.inReplyTo, answerTo(answer)]).toEqual([letter.inReplyTo, answerTo(letter)]);
  expect(only(letters, NHI).text).toContain('đồng chí Hoàng Văn Dật, qua thư điện tử');
  expect(letters).toHaveLength(2);
});

test('the same letter twice is one answer, whatever crashes between storing it and marking it', async () => {
  const { code, letter } = await taskAssigned();
  for (let i = 0; i < 2; i++) await house.write({ from: DAT, to: answerTo(letter), body: '50% đang làm', id: '<same@stc.example>' });
  expect((await current(house.ctx, { code })).progress).toHaveLength(1);
  expect(to(await house.letters(), DAT)).toHaveLength(1);
});

test('commands are understood as in a chat, and what is not clear is asked back into the thread', async () => {
  const { code, letter } = await taskAssigned();
  await house.write({ from: DAT, to: answerTo(letter), body: '/nhiemvu' });
  expect(only(await house.letters(), DAT).text).toContain(code.replace(/-0+/, '-').replace('2026-', ''));
  await house.write({ from: DAT, to: answerTo(letter), body: 'khoảng 50-60%' });
  const asked = only(await house.letters(), DAT);
  expect(asked.inReplyTo).toBe(letter.inReplyTo);
  expect((await current(house.ctx, { code })).progress).toEqual([]);
});

test('of a secret task the letter offers no answer by mail, nor does the refusal of one', async () => {
  const { code } = await assigned(house.ctx, { dueOn: '2026-11-27' }, { secret: true });
  await house.settle();
  const letter = only(await house.letters(), DAT);
  await house.write({ from: DAT, to: answerTo(letter), body: `/capnhat ${code} 70% đã họp` });
  const refusal = only(await house.letters(), DAT);
  expect(refusal.text).toContain('Việc này chỉ xem và cập nhật trên hệ thống');
  expect((await current(house.ctx, { code })).progress).toEqual([]);
  for (const { text } of [letter, refusal]) {
    expect(text).toContain('Việc này không trả lời bằng thư; đề nghị đăng nhập hệ thống Nhắc Việc để xem và cập nhật.');
    expect(text).not.toMatch(/Có thể trả lời|\/nhiemvu|\/capnhat kèm/);
  }
});

test('a forged or missing token is nobody: nothing is written, nobody is answered, and the letter is not read again', async () => {
  const { code, letter } = await taskAssigned();
  const forged = answerTo(letter).replace(/.(?=@)/, (c) => (c === 'a' ? 'b' : 'a'));
  for (const address of [forged, 'tra-loi@laocai.example', `tra-loi+${code}@laocai.example`]) await house.write({ from: DAT, to: address, body: `/capnhat ${code} 100%` });
  expect((await current(house.ctx, { code })).progress).toEqual([]);
  expect(await house.letters()).toEqual([]);
  expect(await house.ctx.db.Inbound.countDocuments({})).toBe(0);
  expect(await house.module.poll?.()).toBe(0);
});

test('the right token from another address: not written, and only the address on record hears of it, once', async () => {
  const { code, letter } = await taskAssigned();
  for (let i = 0; i < 3; i++) await house.write({ from: 'ke-gian@outside.example', to: answerTo(letter), body: '100%' });
  expect((await current(house.ctx, { code })).progress).toEqual([]);
  const letters = await house.letters();
  expect(letters.map(({ envelopeTo }) => envelopeTo)).toEqual([DAT]);
  expect(letters[0]?.text).toContain('chưa ghi nhận nội dung');
});

test('a file with the answer is kept with the report; a letter of files alone is a report on its task', async () => {
  const { code, letter } = await taskAssigned();
  const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF');
  const part = (headers: string[], body: string) => ['--x', ...headers, '', body].join('\r\n');
  const file = (name: string) => part(['Content-Type: application/pdf', `Content-Disposition: attachment; filename="${name}"`, 'Content-Transfer-Encoding: base64'], pdf.toString('base64'));
  const headers = ['Content-Type: multipart/mixed; boundary="x"'];
  await house.write({ from: DAT, to: answerTo(letter), headers, body: [part(['Content-Type: text/plain; charset=utf-8'], '60% kem bao cao'), file('bao-cao.pdf'), '--x--'].join('\r\n') });
  await house.write({ from: DAT, to: answerTo(letter), headers, body: [file('phu-luc.pdf'), '--x--'].join('\r\n') });
  const { progress } = await current(house.ctx, { code });
  expect(progress).toHaveLength(2);
  const kept = await house.ctx.db.StoredFile.find({}).sort({ at: 1, name: 1 }).lean();
  expect(kept.map(({ name, size, owner }) => [name, size, owner])).toEqual(['bao-cao.pdf', 'phu-luc.pdf'].map((name, i) => [name, pdf.length, { kind: 'progress', code, cause: progress[i]?.cause }]));
  expect(to(await house.letters(), DAT).map(({ text }) => /Đã lưu kèm|Đã bổ sung/.test(text ?? ''))).toEqual([true, true]);
});

test('an answer that cannot be read is not lost: its writer is asked again, once; somebody else with the address is not', async () => {
  const { code, letter } = await taskAssigned();
  const page = { headers: ['Content-Type: text/html; charset=utf-8'], body: `${'<div>'.repeat(3_000)}70% da hop` };
  for (let i = 0; i < 2; i++) await house.write({ from: DAT, to: answerTo(letter), id: '<nang@stc.example>', ...page });
  await house.write({ from: 'ke-gian@outside.example', to: answerTo(letter), ...page });
  await house.write({ from: DAT, to: answerTo(letter), body: '-- \r\nHoàng Văn Dật, 95%' });
  const asked = await house.letters();
  expect(asked.map(({ envelopeTo, inReplyTo }) => [envelopeTo, inReplyTo])).toEqual([[DAT, letter.inReplyTo], [DAT, letter.inReplyTo]]);
  expect(asked[0]?.text).toMatch(/không đọc được nội dung trả lời[^]*trả lời lại ngắn gọn/);
  expect((await current(house.ctx, { code })).progress).toEqual([]);
});

test('a letter that can never be stored stops no other mail, and the channel says that it was set aside', async () => {
  const { ctx, box } = house;
  const { letter } = await taskAssigned();
  const got: string[] = [];
  const receive = async (message: { messageId: string }): Promise<void> => {
    if (message.messageId === '<doc@stc.example>') throw new RangeError('too large');
    got.push(message.messageId);
  };
  const module = createMail(ctx, { receive, receipt: async () => {} });
  for (const id of ['doc', 'tot']) box.appendMessage('INBOX', [], false, `From: ${DAT}\r\nTo: ${answerTo(letter)}\r\nMessage-ID: <${id}@stc.example>\r\n\r\n70%`);
  for (let i = 0; i < 4; i++) await module.poll?.();
  expect(got).toEqual(['<tot@stc.example>']);
  expect(module.health()).toEqual({ state: 'ok', problem: expect.stringContaining('Có 1 thư đến không lưu được sau 3 lần thử') });
  house.clock.advance({ days: 8 });
  await module.poll?.();
  expect(module.health()).toEqual({ state: 'ok' });
  await module.stop?.();
});

test('an out-of-office note is neither written nor answered', async () => {
  const { code, letter } = await taskAssigned();
  await house.write({ from: DAT, to: answerTo(letter), body: 'Tôi đi công tác đến 100%', headers: ['Auto-Submitted: auto-replied', 'Content-Type: text/plain; charset=utf-8'] });
  expect((await current(house.ctx, { code })).progress).toEqual([]);
  expect(await house.letters()).toEqual([]);
});

test('invited, moved, cancelled: one entry in the calendar; words and calendars answer, an old invitation does not', async () => {
  const { ctx, at, dat } = house;
  const eventOf = (letter: Received) => {
    const part = letter.attachments.find(({ contentType }) => contentType === 'text/calendar');
    const calendar = new ICAL.Component(ICAL.parse(part?.content.toString('utf8') ?? '') as never);
    return { method: calendar.getFirstPropertyValue('method'), event: new ICAL.Event(calendar.getFirstSubcomponent('vevent') as never) };
  };
  const { code } = await callMeeting(at('call'), office, { title: 'Ứng phó mưa lớn', kind: 'regular', startsAt: new Date('2026-11-20T09:00:00Z'), place: 'Phòng họp tầng 3', attendeeIds: [String(dat._id)] });
  await house.settle();
  const invitation = only(await house.letters(), DAT);
  expect(invitation.subject).toMatch(/^\[HOP-2026-\d{5}\] Mời họp: \p{L}/u);
  const first = eventOf(invitation);
  expect([first.method, first.event.sequence]).toEqual(['REQUEST', 1]);

  await house.write({ from: DAT, to: answerTo(invitation), body: quoting('Tôi sẽ tham dự') });
  expect((await ctx.db.Meeting.findOne({ code }).orFail().lean()).attendees[0]).toMatchObject({ answer: 'attending', via: 'email' });
  expect(only(await house.letters(), DAT).text).toContain('sẽ tham dự');

  await postponeMeeting(at('move'), office, { code, startsAt: new Date('2026-11-20T10:30:00Z'), reason: 'trùng lịch' });
  await house.settle();
  const moved = only(await house.letters(), DAT);
  const second = eventOf(moved);
  expect([second.method, second.event.sequence, second.event.uid]).toEqual(['REQUEST', 2, first.event.uid]);
  expect(moved.inReplyTo).toBe(invitation.inReplyTo);

  const calendarSays = (sequence: number, partstat: string) => ['BEGIN:VCALENDAR', 'METHOD:REPLY', 'BEGIN:VEVENT', `UID:${first.event.uid}`, `SEQUENCE:${sequence}`, `ATTENDEE;PARTSTAT=${partstat}:mailto:${DAT}`, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');
  const ics = ['Content-Type: text/calendar; charset=utf-8; method=REPLY'];
  await house.write({ from: DAT, to: answerTo(invitation), headers: ics, body: calendarSays(1, 'ACCEPTED') });
  expect((await ctx.db.Meeting.findOne({ code }).orFail().lean()).attendees[0]?.answer).toBeNull();
  await house.write({ from: DAT, to: answerTo(invitation), headers: ['In-Reply-To: ' + String(invitation.messageId), 'Content-Type: text/plain; charset=utf-8'], body: 'OK' });
  expect((await ctx.db.Meeting.findOne({ code }).orFail().lean()).attendees[0]?.acknowledgedAt).toBeNull();
  await house.letters();
  await house.write({ from: DAT, to: answerTo(moved), headers: ics, body: calendarSays(2, 'DECLINED') });
  expect((await ctx.db.Meeting.findOne({ code }).orFail().lean()).attendees[0]).toMatchObject({ answer: 'absent', via: 'email' });
  await house.letters();

  await cancelMeeting(at('cancel'), office, { code, reason: 'hoãn đến tuần sau' });
  await house.settle();
  const gone = eventOf(only(await house.letters(), DAT));
  expect([gone.method, gone.event.sequence, gone.event.uid]).toEqual(['CANCEL', 3, first.event.uid]);
});

const bounce = (letter: Received) => ({
  from: 'MAILER-DAEMON@mx.example', to: letter.envelopeFrom,
  headers: ['Return-Path: <>', 'Content-Type: multipart/report; report-type=delivery-status; boundary="x"'],
  body: ['--x', 'Content-Type: text/plain', '', 'gone', '--x', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example', '', `Final-Recipient: rfc822; ${DAT}`, 'Action: failed', 'Status: 5.1.1', '', '--x--'].join('\r\n'),
});

test('what bounces goes by the next channel; the address is not used again until it is edited or its owner writes', async () => {
  const { ctx, dat, telegram } = house;
  await ctx.db.Person.updateOne({ _id: dat._id }, { $set: { channelOrder: ['email', 'telegram'] } });
  await ctx.db.ChatLink.create({ channel: 'telegram', chatId: 'dat-phone', senderId: 'dat-phone', personId: dat._id, linkedAt: ctx.clock.now(), linkedBy: 'code', lastInboundAt: ctx.clock.now() });
  const { code, letter } = await taskAssigned();
  await house.write(bounce(letter));
  expect(telegram.sent.map(({ to: chat }) => chat)).toEqual(['dat-phone']);
  expect(telegram.sent[0]?.text).toContain(code);
  const told = await house.letters();
  expect(only(told, NHI).text).toContain(`${DAT} bị trả lại`);
  await house.write(bounce(letter));
  expect([telegram.sent.length, (await house.letters()).length]).toEqual([1, 0]);

  await assigned(ctx, {});
  await house.settle();
  expect([telegram.sent.length, (await house.letters()).length]).toEqual([2, 0]);
  // Written from there: it lives.
  await house.write({ from: DAT, to: answerTo(letter), body: '10% đã nhận việc' });
  await assigned(ctx, {});
  await house.settle();
  expect(to(await house.letters(), DAT)).toHaveLength(2);
  house.clock.advance({ seconds: 10 });
  await ctx.db.Person.updateOne({ _id: dat._id }, { $set: { emailDead: { address: 'cu@stc.laocai.example', at: ctx.clock.now(), code: '5.1.1' } } });
  await assigned(ctx, {});
  await house.settle();
  expect(to(await house.letters(), DAT)).toHaveLength(1);
});

test('a made-up failure changes nothing', async () => {
  const { letter } = await taskAssigned();
  await house.write({ ...bounce(letter), to: letter.envelopeFrom.replace(/.(?=@)/, (c) => (c === 'a' ? 'b' : 'a')) });
  const delivery = await house.ctx.db.Delivery.findOne({ providerId: letter.messageId as string }).orFail().lean();
  expect([delivery.state, (await house.ctx.db.Person.findById(house.dat._id).orFail().lean()).emailDead]).toEqual(['accepted', null]);
  expect(letter.messageId).toBe(messageIdOf(addresses, delivery.key));
});
