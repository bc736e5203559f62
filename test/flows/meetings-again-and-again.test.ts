import { afterEach, beforeEach, expect, test } from 'vitest';
import { meetingHistory } from '../../admin/details/meeting-history.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { answersOf } from '../../src/meetings/answers-of.js';
import { attachToMeeting } from '../../src/meetings/attach-to-meeting.js';
import { confirmByPhone } from '../../src/meetings/confirm-by-phone.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { noteUnclearAnswer } from '../../src/meetings/note-unclear-answer.js';
import { mortal } from '../support/mortal.js';
import { meetingOffice as office, openMeetingStory, type MeetingStory } from '../support/meeting-story.js';
import { pdf } from '../support/sample-files.js';

let s: MeetingStory;
beforeEach(async () => {
  s = await openMeetingStory();
});
afterEach(() => s.close());

const stored = (code: string): Promise<Meeting> => s.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>();
const answers = async (code: string) => answersOf(await stored(code)).filter(({ personId }) => personId === String(s.minh._id));
const minhGot = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('Minh'));

test('taken off and invited again before the first invitation was planned: one invitation', async () => {
  const { code } = await s.call();
  await advanceAlerts(s.ctx);
  await s.change(code, { remove: [s.minh] });
  await s.change(code, { add: [s.minh] });
  expect(minhGot(await s.settle())).toEqual([`Minh: 🔴 HỎA TỐC · Họp ${code}`]);
});

test('taken off, the process dies before any step of it, invited again: one invitation, and each file once', async () => {
  for (let lastStep = 0, survived = false; !survived; lastStep++) {
    const { code } = await s.call();
    await attachToMeeting(s.anew(), office, { code, name: 'phuong-an.pdf', bytes: pdf() });
    await advanceAlerts(s.ctx);
    await relayIntents(s.ctx);
    const one = mortal(s.anew(), lastStep);
    await one.live(() => s.change(code, { remove: [s.minh] }, one.ctx));
    survived = !one.died();
    // Where it died before anything was written, Minh is on the list still.
    await s.change(code, { add: [s.minh] }).catch(() => null);
    const lines = await s.settle();
    s.clock.advance({ seconds: 10 });
    expect(minhGot([...lines, ...(await s.settle())]).sort(), `died before step ${lastStep + 1}`).toEqual([`Minh: 📅 Tài liệu họp · ${code}`, `Minh: 🔴 HỎA TỐC · Họp ${code}`]);
  }
});

test('one phone answers back and forth: the first answer, the last twenty and the one in force stay, the others are counted', async () => {
  const { code } = await s.call();
  await s.settle();
  await s.answer(s.lan, code, 'attending');
  for (let i = 1; i <= 60; i++) await s.answer(s.minh, code, i % 2 === 1 ? 'attending' : 'absent', `lần ${i}`);
  const kept = await answers(code);
  expect(kept.map(({ note }) => note)).toEqual(['lần 1', ...Array.from({ length: 20 }, (_, i) => `lần ${41 + i}`)]);
  expect(kept[0]?.leftOut).toBe(39);
  expect(kept.filter(({ counts }) => counts).map(({ note }) => note)).toEqual(['lần 60']);
  expect(answersOf(await stored(code)).filter(({ personId }) => personId === String(s.lan._id))).toHaveLength(1);
  const shown = (await meetingHistory(s.ctx, await stored(code))).answers;
  expect(shown.filter(({ name }) => name === 'Minh').at(-1)?.note).toBe('lần 1 (… 39 lần trả lời khác)');
});

test('the answer in force stays, however often they confirm after it', async () => {
  const { code } = await s.call();
  await s.settle();
  await s.answer(s.minh, code, 'received', 'đã xem');
  await s.answer(s.minh, code, 'absent', 'bận họp Bộ');
  for (let i = 1; i <= 40; i++) await s.answer(s.minh, code, 'received', `lần ${i}`);
  expect((await answers(code)).filter(({ counts }) => counts).map(({ answer, note }) => [answer, note])).toEqual([['absent', 'bận họp Bộ']]);
  expect((await stored(code)).attendees.find(({ personId }) => personId.equals(s.minh._id))).toMatchObject({ answer: 'absent', answerNote: 'bận họp Bộ' });
  expect(await answers(code)).toHaveLength(22);
});

test('the same answer again in a row adds no line; after another one it does', async () => {
  const { code } = await s.call();
  await s.settle();
  for (const said of ['attending', 'attending', 'attending', 'absent', 'attending', 'attending'] as const) await s.answer(s.minh, code, said);
  expect((await answers(code)).map(({ answer }) => answer)).toEqual(['attending', 'absent', 'attending']);
});

test('by phone and from a shared number, many times: as bounded', async () => {
  const { code } = await s.call();
  await s.settle();
  for (let i = 1; i <= 40; i++) await noteUnclearAnswer(s.anew(), { code, places: [String(s.minh._id)], phone: '84912345678', answer: 'absent', note: `lần ${i}` });
  expect(await answers(code)).toHaveLength(21);
  for (let i = 1; i <= 40; i++) await confirmByPhone(s.anew(), office, { code, personId: String(s.minh._id), answer: 'attending', note: `lần ${i}` });
  const kept = await answers(code);
  expect(kept).toHaveLength(21);
  expect(kept[0]).toMatchObject({ unclear: true, leftOut: 59 });
});

test('many answer in the same second while one goes back and forth: nobody’s answer is lost', async () => {
  const { code } = await s.call({ attendeeIds: [s.lan, s.minh, s.ha, s.deputy].map(({ _id }) => String(_id)) });
  await s.settle();
  for (let i = 1; i <= 30; i++) await s.answer(s.minh, code, 'absent', `lần ${i}`);
  await Promise.all([s.answer(s.lan, code, 'attending'), s.answer(s.minh, code, 'attending', 'cuối'), s.answer(s.ha, code, 'absent', 'ốm'), s.answer(s.deputy, code, 'received')]);
  const inForce = answersOf(await stored(code)).filter(({ counts }) => counts).map(({ personId, answer }) => `${personId} ${answer}`).sort();
  expect(inForce).toEqual([`${String(s.lan._id)} attending`, `${String(s.minh._id)} attending`, `${String(s.ha._id)} absent`, `${String(s.deputy._id)} received`].sort());
});
