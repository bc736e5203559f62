import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { confirmByPhone } from '../../src/meetings/confirm-by-phone.js';
import { getMeeting } from '../../src/meetings/find-meetings.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { meetingOffice as office, openMeetingStory, type MeetingStory } from '../support/meeting-story.js';

let s: MeetingStory;
beforeEach(async () => {
  s = await openMeetingStory();
});
afterEach(() => s.close());

const FIRST = 'Chủ tịch UBND tỉnh';
const SECOND = 'Phó Chủ tịch Thường trực';
const notice = (name: string, code: string) => `${name}: 🔴 HỎA TỐC · Đổi người chủ trì họp ${code}`;
const told = async (): Promise<string> => {
  const { code } = await s.call({ chair: FIRST });
  await s.settle();
  return code;
};

test('another presides: everybody who was told hears it in one short notice, once; answers stay', async () => {
  const code = await told();
  await s.answer(s.minh, code, 'attending');
  const cause = s.anew();
  await s.change(code, { chair: SECOND }, cause);
  expect(await s.settle()).toEqual([notice('Lan', code), notice('Minh', code)]);
  expect(s.textTo(s.minh).split('\n')).toEqual([
    `🔴 HỎA TỐC · Đổi người chủ trì họp ${code}`,
    `Họp lúc 16:00 hôm nay, thứ Hai 23/11/2026, tại phòng họp tầng 3. Chủ trì: ${SECOND}.`,
    `Người chủ trì thay đổi (trước là ${FIRST}). Thời gian, địa điểm giữ nguyên; không phải xác nhận lại.`,
    'Kính gửi đồng chí Minh, Giám đốc Sở Tài chính.',
    'Nội dung: Ứng phó mưa lớn.',
  ]);
  await s.change(code, { chair: SECOND }, cause);
  expect(await s.settle()).toEqual([]);
  expect((await getMeeting(s.ctx, office, code)).confirmations.map(({ name, answer }) => [name, answer])).toEqual([['Lan', null], ['Minh', 'attending']]);
  s.clock.advance({ minutes: 5 });
  expect(await s.settle()).toEqual([`Lan: 🔴 HỎA TỐC · Nhắc họp ${code}`]);
});

test('somebody of the house who was not invited: they are invited to preside, the others hear of it', async () => {
  const code = await told();
  await s.change(code, { chairId: String(s.ha._id) });
  expect(await s.settle()).toEqual([`Hà: 🔴 HỎA TỐC · Họp ${code}`, notice('Lan', code), notice('Minh', code)]);
  expect(s.textTo(s.ha)).toContain('Kính mời đồng chí chủ trì cuộc họp.');
  expect(s.textTo(s.lan)).toContain('Chủ trì: Hà, Giám đốc Sở Tài chính.');
});

test('who presided and hears of it too late is told once; who was never told is invited like the others', async () => {
  const { code } = await s.call({ chairId: String(s.ha._id) });
  await s.change(code, { chairId: String(s.minh._id) });
  await s.settle();
  expect(s.textTo(s.ha)).toContain(`Họp ${code}`);
  expect(s.textTo(s.ha)).not.toContain('không phải chủ trì');
  await s.change(code, { chair: FIRST });
  await s.change(code, { chair: SECOND, reason: 'phân công lại' });
  expect(await s.settle()).toContain(notice('Minh', code));
  expect(s.textTo(s.minh)).toContain(`nữa; người chủ trì nay là ${SECOND}. Lý do: phân công lại.`);
  expect(s.zalo.sent.filter(({ text }) => text.includes('không phải chủ trì'))).toHaveLength(1);
});

test('nobody named before, and nobody any more', async () => {
  const { code } = await s.call({ chair: '' });
  await s.settle();
  await s.change(code, { chair: FIRST });
  expect(await s.settle()).toHaveLength(2);
  expect(s.textTo(s.lan)).toContain('Người chủ trì thay đổi. Thời gian');
  await s.change(code, { chair: '' });
  expect(await s.settle()).toHaveLength(2);
  expect(s.textTo(s.lan)).toContain(`Cuộc họp chưa ghi người chủ trì (trước là ${FIRST}).`);
});

test('changed before the invitation left: it names the new one, and nothing follows', async () => {
  const { code } = await s.call({ chair: FIRST });
  await advanceAlerts(s.ctx);
  await relayIntents(s.ctx);
  await s.change(code, { chair: SECOND });
  expect(await s.settle()).toEqual([`Lan: 🔴 HỎA TỐC · Họp ${code}`, `Minh: 🔴 HỎA TỐC · Họp ${code}`]);
  s.clock.advance({ seconds: 5 });
  expect(await s.settle()).toEqual([]);
  expect(s.textTo(s.lan)).toContain(`Chủ trì: ${SECOND}.`);
});

test('changed while the invitation is in the air: the notice follows it', async () => {
  const { code } = await s.call({ chair: FIRST, attendeeIds: [String(s.minh._id)] });
  s.zalo.answer(async () => {
    await s.change(code, { chair: SECOND });
    return { kind: 'accepted', providerId: 'p' };
  });
  await s.settle();
  s.clock.advance({ seconds: 3 });
  await s.settle();
  expect(s.zalo.sent.map(({ text }) => text.split('\n')[0])).toEqual([`🔴 HỎA TỐC · Họp ${code}`, `🔴 HỎA TỐC · Đổi người chủ trì họp ${code}`]);
});

test('changed and moved before anything left: the change of time names the new one, no notice besides; a cancelled meeting has no chair', async () => {
  const code = await told();
  await s.change(code, { chair: SECOND });
  await postponeMeeting(s.anew(), office, { code, startsAt: new Date('2026-11-23T10:00:00Z'), reason: 'chờ báo cáo' });
  expect(await s.settle()).toEqual([`Lan: 🔴 HỎA TỐC · Thay đổi lịch họp ${code}`, `Minh: 🔴 HỎA TỐC · Thay đổi lịch họp ${code}`]);
  expect(s.textTo(s.lan)).toContain(`Chủ trì: ${SECOND}.`);
  await s.change(code, { chair: FIRST });
  await cancelMeeting(s.anew(), office, { code, reason: 'mưa đã giảm' });
  expect((await s.settle()).every((line) => line.includes('Hủy họp'))).toBe(true);
});

test('who only knows by telephone, the deputy who was called in, and whoever acts for somebody on leave hear it too', async () => {
  const code = await told();
  s.clock.advance({ minutes: 5 });
  await s.settle();
  s.clock.advance({ minutes: 5 });
  await s.settle();
  await s.change(code, { add: [s.ha] });
  await confirmByPhone(s.anew(), office, { code, personId: String(s.ha._id), answer: 'attending' });
  await s.settle();
  await s.ctx.db.Person.updateOne({ _id: s.minh._id }, { deputyId: s.ha._id, leave: { from: new Date('2026-11-23T00:00:00Z'), until: new Date('2026-11-30T00:00:00Z') } });
  await s.change(code, { chair: SECOND });
  expect(await s.settle()).toEqual([notice('Hà', code), notice('Lan', code), notice('Minh', code), notice('Phó', code)]);
});

test('those taken off in the same change hear only that they need not come', async () => {
  const code = await told();
  await s.change(code, { chair: SECOND, remove: [s.minh] });
  expect(await s.settle()).toEqual([notice('Lan', code), `Minh: 🔴 HỎA TỐC · Không phải dự họp ${code}`]);
});

test('however often it changes and whenever messages leave: the last word each one has names who presides, and nobody hears the same twice', async () => {
  const chairs = ['Đồng chí A', 'Đồng chí B', 'Đồng chí C'];
  await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.constantFrom(...chairs), fc.constant('send')), { minLength: 1, maxLength: 7 }), async (steps) => {
    const { code } = await s.call({ chair: 'Đồng chí A' });
    const from = s.zalo.sent.length;
    for (const step of [...steps, 'send']) {
      s.clock.advance({ seconds: 4 });
      if (step === 'send') await s.settle();
      else await s.change(code, { chair: step }).catch(() => undefined);
    }
    s.clock.advance({ seconds: 4 });
    await s.settle();
    const { chair } = await s.ctx.db.Meeting.findOne({ code }).orFail().lean();
    for (const name of ['Lan', 'Minh']) {
      const named = s.zalo.sent.slice(from).filter(({ to, text }) => to.split('-')[1] === name && text.includes(code)).map(({ text }) => /Chủ trì: (.*)\./.exec(text)?.[1]);
      expect(named.at(-1)).toBe(chair);
      expect(named.some((one, i) => i > 0 && one === named[i - 1]), named.join(' | ')).toBe(false);
    }
    await cancelMeeting(s.anew(), office, { code, reason: 'xong' });
    await s.settle();
  }), { numRuns: 15 });
}, 60_000);
