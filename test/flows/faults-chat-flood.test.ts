import { afterEach, beforeEach, expect, test } from 'vitest';
import { MOST_A_MINUTE } from '../../src/inbox/chat-gate.js';
import { openWorld, type StoryChannel, type StoryPerson, type World } from '../support/world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld('2026-11-19T02:00:00Z');
  await world.agency('STC', 'Sở Tài chính');
});
afterEach(() => world.close());

const chatOf = ({ channel, userId }: StoryPerson) => ({ channel, chatId: userId });
const kept = (person: StoryPerson) => world.app.ctx.db.Inbound.countDocuments(chatOf(person));

test.each<StoryChannel>(['telegram', 'zalo'])('one chat floods the webhook of %s: sixty a minute get in, others are heard as ever, and a minute later the chat is too', async (channel) => {
  const wild = await world.person({ name: 'Hoàng Văn Dật', position: 'Giám đốc', agencyCode: 'STC', roles: ['leader'] }, channel);
  const calm = await world.person({ name: 'Nguyễn Tố Quyên', position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'] }, channel);
  world.clock.advance({ minutes: 2 });
  const before = await kept(wild);
  for (let i = 0; i < 300; i++) await world.networks[channel].say(wild.userId, `tin ${i}`);
  await world.networks[channel].say(calm.userId, '/nhiemvu');
  await world.telegram.settled();
  expect((await kept(wild)) - before).toBe(MOST_A_MINUTE);

  // The provider was answered each time: it repeats nothing once the minute is over.
  await world.settle();
  expect(world.heard(calm).map(({ text }) => text)).toEqual([expect.stringContaining('nhiệm vụ')]);
  world.clock.advance({ minutes: 2 });
  await world.settle();
  expect((await kept(wild)) - before).toBe(MOST_A_MINUTE);
  await world.say(wild, '/nhiemvu');
  expect((await kept(wild)) - before).toBe(MOST_A_MINUTE + 1);
}, 120_000);
