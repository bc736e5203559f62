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

test.each<StoryChannel>(['telegram', 'zalo'])('one chat floods the webhook of %s: all is kept, worked on at sixty a minute, and others are heard as ever', async (channel) => {
  const wild = await world.person({ name: 'Hoàng Văn Dật', position: 'Giám đốc', agencyCode: 'STC', roles: ['leader'] }, channel);
  const calm = await world.person({ name: 'Nguyễn Tố Quyên', position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'] }, channel);
  world.clock.advance({ minutes: 2 });
  const before = await kept(wild);
  for (let i = 0; i < 150; i++) await world.networks[channel].say(wild.userId, `tin ${i}`);
  await world.networks[channel].say(calm.userId, '/nhiemvu');
  await world.telegram.settled();
  expect((await kept(wild)) - before).toBe(150);

  await world.settle();
  expect(world.heard(calm).map(({ text }) => text)).toEqual([expect.stringContaining('nhiệm vụ')]);
  const waiting = () => world.app.ctx.db.Inbound.countDocuments({ ...chatOf(wild), state: 'new' });
  expect(await waiting()).toBe(150 - MOST_A_MINUTE);
  // A machine, or somebody who types like one, hears five answers in a row.
  expect(world.heard(wild)).toHaveLength(5);
  for (let minute = 0; minute < 3; minute++) {
    world.clock.advance({ seconds: 61 });
    await world.settle();
  }
  expect(await waiting()).toBe(0);
  await world.say(wild, '/nhiemvu');
  expect(world.heard(wild).at(-1)?.text).toContain('nhiệm vụ');
}, 120_000);
