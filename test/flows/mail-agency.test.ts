import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMail } from '../../src/mail/index.js';
import { mailQuotas } from '../../src/mail/quota.js';
import { readConfig } from '../../src/config.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { mailEnv } from '../support/mail.js';
import { answerTo, mailHouse } from '../support/mail-house.js';
import { assigned, current, office } from '../support/task-story.js';

const STC = 'vanthu@stc.laocai.example';
const NHI = 'nhi@vp.laocai.example';
let house: Awaited<ReturnType<typeof mailHouse>>;
beforeEach(async () => {
  house = await mailHouse();
  const { ctx, quyen, nhi } = house;
  await ctx.db.Agency.updateOne({ code: 'STC' }, { $set: { email: STC } });
  await ctx.db.Person.updateOne({ _id: quyen._id }, { $set: { active: false } });
  await ctx.db.Person.updateOne({ _id: nhi._id }, { $set: { email: NHI } });
});
afterEach(() => house.close());

const withoutLeader = () => house.ctx.db.Person.updateOne({ _id: house.dat._id }, { $set: { active: false } });
const lettersTo = async (address: string) => (await house.letters()).filter(({ envelopeTo }) => envelopeTo === address);

test('an agency without a leader hears through its mailbox, and its answer is recorded as the mailbox\'s', async () => {
  await withoutLeader();
  const { code } = await assigned(house.ctx, {});
  await house.settle();
  const [letter] = await lettersTo(STC);
  expect(letter?.text).toContain('Kính gửi Sở Tài chính.');
  await house.write({ from: STC, to: answerTo(letter), body: '40% đã giao phòng Đầu tư' });
  expect(await current(house.ctx, { code })).toMatchObject({ percent: 40, progress: [{ note: 'đã giao phòng Đầu tư', by: { name: 'Sở Tài chính', channel: 'email' } }] });
  const letters = await house.letters();
  expect(letters.find(({ envelopeTo }) => envelopeTo === NHI)?.text).toContain('Sở Tài chính: qua hộp thư của cơ quan');
  expect(letters.find(({ envelopeTo }) => envelopeTo === STC)?.text).toContain('Đã ghi nhận');
});

test('the mailbox answers for no other agency\'s task, and a person\'s address is not enough', async () => {
  const mine = await assigned(house.ctx, {});
  const others = await assigned(house.ctx, { leadAgencyCode: 'SXD' });
  await house.settle();
  const letter = (await lettersTo(STC)).at(-1);
  await house.write({ from: STC, to: answerTo(letter), body: `/capnhat ${others.code} 90%` });
  await house.write({ from: 'ai-do@outside.example', to: answerTo(letter), body: '90%' });
  expect([(await current(house.ctx, others)).progress, (await current(house.ctx, mine)).progress]).toEqual([[], []]);
});

test('a leader whose address is the agency\'s gets one letter', async () => {
  await house.ctx.db.Person.updateOne({ _id: house.dat._id }, { $set: { email: STC.toUpperCase() } });
  await assigned(house.ctx, {});
  await house.settle();
  expect(await house.letters()).toHaveLength(1);
});

test('an agency whose people are invited hears of the meeting and of its end; only people can say who comes', async () => {
  const { ctx, at, dat } = house;
  const { code } = await callMeeting(at('call'), office, { title: 'Ứng phó mưa lớn', kind: 'regular', startsAt: new Date('2026-11-20T09:00:00Z'), place: 'Phòng họp tầng 3', attendeeIds: [String(dat._id)] });
  await house.settle();
  const [letter] = await lettersTo(STC);
  expect(letter?.text).toContain('Thành phần được mời của cơ quan: đồng chí Hoàng Văn Dật');
  await house.write({ from: STC, to: answerTo(letter), body: 'Tham dự' });
  expect((await ctx.db.Meeting.findOne({ code }).orFail().lean()).attendees[0]?.answer).toBeNull();
  expect((await lettersTo(STC))[0]?.text).toContain('hộp thư cơ quan không trả lời thay');
  await cancelMeeting(at('cancel'), office, { code, reason: 'hoãn' });
  await house.settle();
  expect((await lettersTo(STC)).map(({ subject }) => subject)).toEqual([`[${code}] Hủy họp: Ứng phó mưa lớn`]);
});

test('secret tasks: neither the code nor a word of it in subject, headers or text', async () => {
  await assigned(house.ctx, { content: 'Nội dung tuyệt mật' }, { secret: true });
  await house.settle();
  const [letter] = await lettersTo(STC);
  expect(letter?.subject).toBe('Có việc mới');
  expect(JSON.stringify([letter?.headerLines, letter?.text, letter?.html])).not.toMatch(/NV-2026|tuyệt mật|UBND-KT/);
});

test('the day\'s letters are counted; when they are used up the channel rests till midnight and says so', async () => {
  const config = readConfig({ ...mailEnv, LOG_LEVEL: 'silent', SMTP_URL: house.ctx.config.SMTP_URL?.reveal(), MAIL_PER_DAY: '2' });
  const ctx = { ...house.ctx, config };
  const module = createMail(ctx, { receive: async () => {}, receipt: async () => {} });
  const send = (key: string) => module.sender.send(STC, { text: 'x' }, { key, signal: AbortSignal.timeout(5_000) });
  expect([(await send('1')).kind, (await send('2')).kind]).toEqual(['accepted', 'accepted']);
  expect(await send('3')).toEqual({ kind: 'retry', code: 'smtp-daily-limit', afterMs: 16 * 3_600_000, maybeSent: false, pauseChannel: true });
  expect(module.health()).toEqual({ state: 'failing', problem: expect.stringContaining('MAIL_PER_DAY') });
  expect(await mailQuotas(ctx)).toEqual([{ label: 'Thư trong ngày 20/11/2026', left: 0, total: 2 }]);
  house.clock.advance({ hours: 17 });
  expect((await send('3')).kind).toBe('accepted');
  await module.stop?.();
});

test('health is honest: a door that is closed, a mailbox that cannot be read, a part half set up', async () => {
  const healthAfter = async (env: Record<string, string | undefined>) => {
    const config = readConfig({ ...mailEnv, LOG_LEVEL: 'silent', SMTP_URL: house.ctx.config.SMTP_URL?.reveal(), IMAP_URL: house.ctx.config.IMAP_URL?.reveal(), ...env });
    const module = createMail({ ...house.ctx, config }, { receive: async () => {}, receipt: async () => {} });
    await module.poll?.();
    await module.stop?.();
    return module.health();
  };
  expect(await healthAfter({})).toEqual({ state: 'ok' });
  expect(await healthAfter({ SMTP_URL: 'smtp://nguoi:mat-khau-kin@127.0.0.1:1' })).toEqual({ state: 'failing', problem: expect.stringMatching(/^Máy chủ thư báo lỗi \(smtp-(econnection|esocket)\)\.$/) });
  expect(await healthAfter({ IMAP_URL: `imap://testuser:mat-khau-kin@127.0.0.1:${house.box.port}` })).toEqual({ state: 'failing', problem: expect.stringContaining('IMAP_URL') });
  expect(await healthAfter({ IMAP_URL: undefined })).toEqual({ state: 'ok', problem: 'Chưa nhận trả lời bằng thư: còn thiếu IMAP_URL. Chưa nhận thư báo không gửi được: còn thiếu IMAP_URL.' });
});
