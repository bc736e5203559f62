import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { noticeRenderers } from '../../src/delivery/notices/notice-renderers.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { answerMeeting } from '../../src/meetings/answer-meeting.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { personActor } from '../../src/people/receivers.js';
import { drain, plainRenderers } from '../support/delivery-world.js';
import { meetingOffice, openMeetingStory, type MeetingStory } from '../support/meeting-story.js';

const TOLD = '⚠️ Người chủ trì báo vắng · HOP-2026-00001';
let story: MeetingStory;
let meeting: Meeting;
beforeEach(async () => {
  story = await openMeetingStory();
  meeting = await story.call({ chair: '', chairId: String(story.minh._id) });
  await told();
});
afterEach(() => story.close());

/** What reached the Office since the last look. */
async function told(): Promise<string[]> {
  const { ctx, zalo } = story;
  const from = zalo.sent.length;
  while ((await advanceAlerts(ctx)) + (await relayIntents(ctx)) + (await drain(ctx, [zalo], { renderers: { ...plainRenderers, ...meetingRenderers, ...noticeRenderers } })) > 0);
  return zalo.sent.slice(from).filter(({ text }) => text.startsWith(TOLD)).map(({ text }) => text);
}

test('the chair answers "Vắng": the Office hears of it at once, with the reason and what can be done; another attendee\'s absence tells nobody', async () => {
  await story.answer(story.lan, meeting.code, 'absent', 'ốm');
  expect(await told()).toEqual([]);
  await story.answer(story.minh, meeting.code, 'absent', 'đi công tác Hà Nội');
  const [text] = await told();
  expect(text).toContain('Đồng chí Minh');
  expect(text).toContain('báo vắng: đi công tác Hà Nội.');
  expect(text).toContain('Đề nghị đổi người chủ trì, đổi lịch hoặc hủy họp.');
});

test('once: neither the same message worked on again nor another reason tells twice; coming after all and then not is a new absence', async () => {
  const once = because(story.ctx, 'zalo:1');
  for (let i = 0; i < 3; i++) await answerMeeting(once, personActor(story.minh, 'zalo'), { code: meeting.code, answer: 'absent', note: 'bận' });
  expect(await told()).toHaveLength(1);
  await story.answer(story.minh, meeting.code, 'received');
  await story.answer(story.minh, meeting.code, 'absent', 'đi công tác');
  expect(await told()).toEqual([]);
  await story.answer(story.minh, meeting.code, 'attending');
  expect(await told()).toEqual([]);
  await story.answer(story.minh, meeting.code, 'absent', 'ốm');
  expect(await told()).toHaveLength(1);
});

test('a crash between the answer and the notice is made up for by the same message worked on again', async () => {
  const once = because(story.ctx, 'zalo:2');
  const dying = { ...once, db: { ...once.db, Delivery: new Proxy(once.db.Delivery, { get: (target, name) => (/^(insertMany|bulkWrite|create)$/.test(String(name)) ? () => { throw new Error('died'); } : (Reflect.get(target, name) as unknown)) }) } };
  await expect(answerMeeting(dying, personActor(story.minh, 'zalo'), { code: meeting.code, answer: 'absent' })).rejects.toThrow();
  expect(await told()).toEqual([]);
  await answerMeeting(once, personActor(story.minh, 'zalo'), { code: meeting.code, answer: 'absent' });
  expect(await told()).toHaveLength(1);
});

test('changed before it left, the Office reads nothing that is no longer so; after another time an absence is told anew', async () => {
  await story.answer(story.minh, meeting.code, 'absent');
  await story.answer(story.minh, meeting.code, 'attending');
  expect(await told()).toEqual([]);
  await postponeMeeting(story.anew(), meetingOffice, { code: meeting.code, startsAt: new Date('2026-11-23T10:00:00Z'), reason: 'chờ báo cáo' });
  await told();
  await story.answer(story.minh, meeting.code, 'absent');
  expect(await told()).toHaveLength(1);
});
