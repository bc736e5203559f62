import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { linkedChat } from '../support/chat-story.js';
import { assigned, office, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

const WORDS = 'xin vắng vì đưa mẹ đi viện';
/** Everything small that the house remembers, as text. */
const remembered = async () => JSON.stringify(await p.ctx.db.State.find().lean());

test.each(['/huylienket có', 'có'])('words kept for a choice go with the link (%s); those of other chats stay', async (yes) => {
  const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
  await callMeeting(because(p.ctx, 'm'), office, { title: 'Họp giải ngân', kind: 'regular', startsAt: new Date('2026-11-23T14:00:00+07:00'), place: 'phòng họp số 1', attendeeIds: [String(p.quyen._id), String(p.dat._id)] });
  const [mine, other] = [await linkedChat(p.ctx, p.quyen, '1'), await linkedChat(p.ctx, p.dat, '2')];
  for (const [chat, words] of [[mine, WORDS], [other, 'đi công tác Hà Nội']] as const) {
    await chat.say(`/capnhat ${task.code}`);
    expect(await chat.say(words)).toContain('chưa rõ là tiến độ nhiệm vụ');
  }
  expect(await remembered()).toContain(WORDS);
  await mine.say('/huylienket');
  // Asked, and nothing is erased yet.
  expect(await remembered()).toContain(WORDS);
  expect(await mine.say(yes)).toContain('Đã hủy liên kết');
  expect(await remembered()).not.toContain(WORDS);
  expect(await remembered()).toContain('đi công tác Hà Nội');
});
