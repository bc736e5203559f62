import { afterEach, beforeEach, expect, test } from 'vitest';
import { LAN } from '../support/sms.js';
import { openSmsStory, type SmsStory } from '../support/sms-story.js';

let story: SmsStory;
beforeEach(async () => void (story = await openSmsStory()));
afterEach(() => story.close());

const answers = async (code: string): Promise<[string, string][]> => (await story.detail(code)).answers.reverse().map(({ answer, note }): [string, string] => [answer, note]);

test('a mind changed twice within seconds: every statement is confirmed, the newest one counts', async () => {
  const code = await story.call();
  expect(await story.write('CO HOP-1', {}, 5)).toEqual([expect.stringContaining('dong chi co du.')]);
  expect(await story.write('VANG HOP-1 ban', {}, 5)).toEqual([expect.stringContaining('dong chi vang: ban.')]);
  expect(await story.write('CO HOP-1', {}, 5)).toEqual([expect.stringContaining('dong chi co du.')]);
  expect(await story.seat(code)).toMatchObject({ answer: 'attending' });
  expect(await answers(code)).toEqual([['Tham dự', ''], ['Vắng', 'ban'], ['Tham dự', '']]);
});

test('delivered again by the carrier, nothing in between: one statement and one answer; a minute later it is said anew', async () => {
  const task = await story.assign();
  expect(await story.write('NV-1 40 da giao phong', {}, 20)).toHaveLength(1);
  expect(await story.write('NV-1 40 da giao phong', {}, 60)).toEqual([]);
  const reports = async () => (await story.world.app.ctx.db.Task.findOne({ code: task }).orFail().lean()).progress.length;
  expect(await reports()).toBe(1);
  expect(await story.write('NV-1 40 da giao phong')).toHaveLength(1);
  expect(await reports()).toBe(2);
});

test('the carrier names its messages: the same name is a repetition even after another message, another name is none even at once', async () => {
  const code = await story.call();
  await story.write('CO HOP-1', { user_message_reference: 17 }, 5);
  await story.write('VANG HOP-1 om', { user_message_reference: 18 }, 5);
  expect(await story.write('CO HOP-1', { user_message_reference: 17 }, 5)).toEqual([]);
  expect(await story.seat(code)).toMatchObject({ answer: 'absent', answerNote: 'om' });
  expect(await story.write('VANG HOP-1 om', { user_message_reference: 19 }, 5)).toEqual([expect.stringContaining('dong chi vang: om.')]);
});

test('another reason for the same answer is kept beside the first one', async () => {
  const code = await story.call();
  await story.write('VANG HOP-1 om');
  expect(await story.write('VANG HOP-1 met')).toEqual([expect.stringContaining('dong chi vang: met.')]);
  expect(await answers(code)).toEqual([['Vắng', 'om'], ['Vắng', 'met']]);
});

test('many changes in one hour: each is confirmed; of hints there are five, and the fifth says so', async () => {
  const code = await story.call();
  for (let i = 0; i < 8; i++) expect(await story.write(i % 2 ? 'CO HOP-1' : `VANG HOP-1 om lan ${i}`, {}, 90), String(i)).toEqual([expect.stringContaining('Da ghi HOP-1')]);
  const hints: string[][] = [];
  for (let i = 0; i < 7; i++) hints.push(await story.write(`goi lai cho toi ${i}`));
  expect(hints.map((one) => one.length)).toEqual([1, 1, 1, 1, 1, 0, 0]);
  expect(hints[4]?.[0]).toContain('Trong 1 gio toi chi tin ghi duoc moi co tra loi "Da ghi".');
  expect(hints[3]?.[0]).not.toContain('Trong 1 gio toi');
  expect(await story.write('VANG HOP-1 om nang')).toEqual([expect.stringContaining('dong chi vang: om nang.')]);
  expect(await story.seat(code)).toMatchObject({ answer: 'absent', answerNote: 'om nang' });
});

test('a machine that answers every SMS with "Da nhan" is confirmed once, not for ever', async () => {
  await story.call();
  const heard: string[] = [];
  for (let i = 0; i < 10; i++) heard.push(...(await story.write('Da nhan')));
  expect(heard.length).toBeLessThanOrEqual(6);
});

test('a hint names the own invitations and an own task, never a strange code', async () => {
  expect(await story.write('goi lai cho toi')).toEqual(['Chua ghi: chua ro dong chi tra loi viec nao. De nghi soan kem ma ghi trong tin nhan duoc.']);
  await story.call();
  expect(await story.write('Toi se goi lai sau')).toEqual(['Chua ghi. Co du: soan 1. Vang: soan 2 va ly do.']);
  await story.assign();
  expect(await story.write('Toi se goi lai nhe')).toEqual(['Chua ghi. Co du: soan 1. Vang: soan 2 va ly do. Nhiem vu: DA NHAN NV-1, hoac NV-1 70 noi dung.']);
  await story.call({ startsAt: '2026-11-19T17:30:00+07:00' });
  expect(await story.write('Toi dang hop')).toEqual([expect.stringMatching(/^Chua ghi. Dong chi co 2 giay moi: HOP-1, HOP-2. Soan CO HOP-1 hoac VANG HOP-1 ly do./)]);
  expect(story.smsc.messagesOf(LAN).map(({ text }) => text).join('\n')).not.toMatch(/NV-12|HOP-31/);
});
