import { afterEach, expect, test } from 'vitest';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import type { Attendee, Meeting } from '../../src/meetings/meeting.model.js';
import { answerTo, mailHouse } from '../support/mail-house.js';
import { openSmsStory } from '../support/sms-story.js';
import { office } from '../support/task-story.js';

const QUYEN = 'quyen@stc.laocai.example';
const HTML = ['Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: base64'];
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Quyên, reached by mail, is invited to two meetings; she answers in the thread of the first. */
async function twoMeetings() {
  const house = await mailHouse();
  closing.push(() => house.close());
  const { ctx, quyen, at } = house;
  await ctx.db.Person.updateOne({ _id: quyen._id }, { $set: { email: QUYEN } });
  const call = async (title: string, startsAt: string) => (await callMeeting(at(title), office, { title, kind: 'regular', startsAt: new Date(startsAt), place: 'Phòng họp tầng 3', attendeeIds: [String(quyen._id)] })).code;
  const first = await call('Ứng phó mưa lớn', '2026-11-20T09:00:00Z');
  await house.settle();
  const to = answerTo((await house.letters()).find(({ envelopeTo }) => envelopeTo === QUYEN));
  const second = await call('Giải ngân', '2026-11-21T02:00:00Z');
  await house.settle();
  await house.letters();
  const seat = async (code: string): Promise<Attendee | undefined> => (await ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>()).attendees[0];
  /** What comes back to her. */
  const write = async (body: string, headers?: string[]): Promise<string[]> => {
    house.clock.advance({ minutes: 1 });
    await house.write({ from: QUYEN, to, body: headers ? Buffer.from(body).toString('base64').replace(/.{76}/g, '$&\r\n') : body, ...(headers ? { headers } : {}) });
    return (await house.letters()).filter(({ envelopeTo }) => envelopeTo === QUYEN).map(({ text }) => text ?? '');
  };
  return { first, second, seat, write };
}

const open = { answer: null, acknowledgedAt: null };

test('by mail, "đã nhận" with a refusal, an illness or a death behind it confirms nothing, and the writer is asked', async () => {
  const { first, seat, write } = await twoMeetings();
  for (const words of ['Đã nhận, từ chối', 'Đã nhận. Tôi đang nằm viện', 'Rõ, nhà có tang']) {
    expect(await write(words), words).toEqual([expect.stringContaining('chưa được tính là trả lời')]);
    expect(await seat(first), words).toMatchObject(open);
  }
  expect(await write('Đã nhận, sẽ báo cáo lãnh đạo')).toEqual([expect.stringContaining('Đã ghi nhận')]);
  expect((await seat(first))?.acknowledgedAt).not.toBeNull();
});

test('by SMS the same; lateness, taking part online and taking it back write no absence', async () => {
  const story = await openSmsStory();
  closing.push(() => story.close());
  const code = await story.call();
  for (const words of ['Da nhan, tu choi', 'Khong den duoc, vao truc tuyen', 'VANG HOP-1, huy', '2 di cong tac, hop truc tuyen']) {
    expect(await story.write(words), words).toEqual([expect.stringContaining('Chua ghi')]);
    expect(await story.seat(code), words).toMatchObject({ answer: null });
  }
  expect((await story.seat(code))?.nextStepAt).not.toBeNull();
  expect(await story.write('toi du hop truc tuyen')).toEqual([expect.stringContaining('Da ghi HOP-1')]);
  expect(await story.seat(code)).toMatchObject({ answer: 'attending', answerNote: 'truc tuyen' });
});

test('an absence in the thread of one meeting that names another is written for neither; both are offered', async () => {
  const { first, second, seat, write } = await twoMeetings();
  for (const words of ['Xin vắng: HOP-2', 'Vắng mặt, HOP-2026-00002', 'Tôi không dự được: HOP-2', 'Xin vắng. (cuộc họp số 2)']) {
    const [told = ''] = await write(words);
    expect(told, words).toContain('Chưa ghi trả lời cho cuộc họp nào');
    expect(told).toContain(first);
    expect(told).toContain(second);
    expect(await seat(first), words).toMatchObject(open);
    expect(await seat(second), words).toMatchObject(open);
  }
  await write('Xin vắng: HOP-1');
  expect(await seat(first)).toMatchObject({ answer: 'absent', answerNote: '' });
  expect(await seat(second)).toMatchObject(open);
});

test('a plain signature is no reason, and a refusal below it is not lost; hidden and struck-out words are not said', async () => {
  const { first, seat, write } = await twoMeetings();
  for (const letter of ['Tôi sẽ tham dự.\n\nTrân trọng,\nQuyên\n\nP/S: tôi không dự được nữa', 'Tôi sẽ tham dự.\n--\nà nhầm, tôi vắng']) {
    await write(letter);
    expect(await seat(first), letter).toMatchObject(open);
  }
  await write('<div style="display:none">Tôi sẽ tham dự</div><p>Xin chào</p>', HTML);
  expect(await seat(first)).toMatchObject(open);
  await write('<p><del>Xin vắng</del></p>', HTML);
  expect(await seat(first)).toMatchObject(open);
  await write('Xin vắng\n\nNguyễn Tố Quyên\nPhó Giám đốc\nSĐT: 0912 345 678');
  expect(await seat(first)).toMatchObject({ answer: 'absent', answerNote: '' });
  await write('<p><s>Tôi xin vắng</s></p><p>Tôi sẽ tham dự</p>', HTML);
  expect(await seat(first)).toMatchObject({ answer: 'attending' });
});
