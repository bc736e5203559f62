import { afterEach, beforeEach, expect, test } from 'vitest';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { answerTo, mailHouse, type Received } from '../support/mail-house.js';
import { office } from '../support/task-story.js';

const QUYEN = 'quyen@stc.laocai.example';
let house: Awaited<ReturnType<typeof mailHouse>>;
let n = 0;
beforeEach(async () => {
  house = await mailHouse();
  await house.ctx.db.Person.updateOne({ _id: house.quyen._id }, { $set: { email: QUYEN } });
});
afterEach(() => house.close());

async function invited(title: string, startsAt: string): Promise<{ code: string; letter: Received }> {
  const { code } = await callMeeting(house.at(`call:${title}`), office, { kind: 'regular', place: 'P3', attendeeIds: [String(house.quyen._id)], title, startsAt: new Date(startsAt) });
  return { code, letter: await newest() };
}
async function newest(): Promise<Received> {
  await house.settle();
  const letter = (await house.letters()).findLast(({ envelopeTo }) => envelopeTo === QUYEN);
  if (!letter) throw new Error('no letter');
  return letter;
}
const answerOf = async (code: string) => (await house.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>()).attendees[0]?.answer;
async function write(to: string, body: string, headers: string[] = []): Promise<string[]> {
  house.clock.advance({ minutes: 2 });
  await house.write({ from: QUYEN, to, id: `<m${++n}@x.example>`, headers: [...headers, 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'], body: Buffer.from(body).toString('base64') });
  return (await house.letters()).filter(({ envelopeTo }) => envelopeTo === QUYEN).map(({ text }) => text ?? '');
}

test('a mail program that names the thread only: an answer to the old invitation does not count for the new time', async () => {
  const { code, letter: old } = await invited('Ứng phó', '2026-11-20T09:00:00Z');
  await postponeMeeting(house.at('move'), office, { code, startsAt: new Date('2026-11-21T02:00:00Z'), reason: 'x' } as never);
  const moved = await newest();
  const before = await answerOf(code);

  expect((await write(answerTo(old), 'Tôi xin vắng', [`References: ${old.inReplyTo} ${old.messageId}`])).join()).toContain('Nội dung vừa được người khác thay đổi');
  expect(await answerOf(code)).toBe(before);
  // The newest of ours in the thread is the one answered, whatever else stands there.
  await write(answerTo(moved), 'Tôi sẽ dự họp', [`In-Reply-To: <la@x.example>`, `References: ${old.messageId} <la@x.example> ${moved.messageId} <khac@x.example>`]);
  expect(await answerOf(code)).toBe('attending');
});

test('a letter to the addresses of two meetings is an answer to both, and both are confirmed', async () => {
  const one = await invited('Ứng phó', '2026-11-20T09:00:00Z');
  const two = await invited('Ngân sách', '2026-11-21T09:00:00Z');
  const heard = await write(`${answerTo(one.letter)}, ${answerTo(two.letter)}`, 'Tôi sẽ dự họp');
  expect([await answerOf(one.code), await answerOf(two.code)]).toEqual(['attending', 'attending']);
  expect(heard).toHaveLength(2);
  for (const { code } of [one, two]) expect(heard.some((text) => text.includes(code) || text.includes(code.replace('2026-0000', '')))).toBe(true);
});
