import { expect, test } from 'vitest';
import { newPerson } from '../support/delivery-world.js';
import { DOWN, outageStory } from '../support/outage-story.js';

// Urgent means now, whatever a provider does.
const story = outageStory();
const { put, seconds } = story;

test('an urgent one told "not before 06:00" goes another way at once', async () => {
  const [zalo, telegram] = [new story.MoodySender('zalo'), new story.MoodySender('telegram')];
  const p = await newPerson(story.ctx, 'Lan', { chats: ['zalo', 'telegram'] });
  await put('u', 'urgent', p._id);
  zalo.how = () => ({ kind: 'retry', code: 'zalo:-234', afterMs: 8 * 3_600_000, maybeSent: false });
  await seconds(60, [zalo, telegram]);
  expect(telegram.calls.map((c) => c.key)).toEqual(['u']);
});

test('an urgent one that fails on its way while others succeed there takes another way within a minute', async () => {
  const [zalo, telegram] = [new story.MoodySender('zalo'), new story.MoodySender('telegram')];
  const p = await newPerson(story.ctx, 'Lan', { chats: ['zalo', 'telegram'] });
  const q = await newPerson(story.ctx, 'Q', { chats: ['zalo'] });
  await put('u', 'urgent', p._id);
  const t0 = story.clock.now().getTime();
  zalo.how = (k) => (k === 'u' ? { kind: 'retry', code: 'x', maybeSent: false } : null);
  let n = 0;
  for (let i = 0; i < 400 && telegram.calls.length === 0; i++) await seconds(1, [zalo, telegram], 1, { each: () => put(`o${++n}`, 'normal', q._id) });
  expect((telegram.calls[0]?.at ?? Infinity) - t0).toBeLessThanOrEqual(60_000);
}, 120_000);

test('one of two channels is down: ten urgent ones leave by the other at once', async () => {
  const [zalo, tg] = [new story.MoodySender('zalo'), new story.MoodySender('telegram')];
  const people = []; for (let i = 0; i < 10; i++) people.push(await newPerson(story.ctx, `P${i}`, { chats: ['zalo', 'telegram'] }));
  zalo.how = () => DOWN;
  for (const [i, p] of people.entries()) await put(`u${i}`, 'urgent', p._id);
  const t0 = story.clock.now().getTime();
  await seconds(300, [zalo, tg], 1);
  expect(Math.max(...tg.calls.map((c) => c.at - t0))).toBeLessThanOrEqual(60_000);
}, 120_000);

test('one urgent alone, its first channel down: leaves by the other within a minute', async () => {
  const [zalo, tg] = [new story.MoodySender('zalo'), new story.MoodySender('telegram')];
  const p = await newPerson(story.ctx, `P`, { chats: ['zalo', 'telegram'] });
  zalo.how = () => DOWN;
  await put(`u`, 'urgent', p._id);
  const t0 = story.clock.now().getTime();
  await seconds(300, [zalo, tg], 1);
  expect(Math.max(...tg.calls.map((c) => c.at - t0))).toBeLessThanOrEqual(60_000);
}, 120_000);

test('429 with an hour of rest, urgent with no other way: the Office hears whom to call', async () => {
  const zalo = new story.MoodySender('zalo'); const off = new story.MoodySender('zalo-bot');
  await newPerson(story.ctx, 'Office', { chats: ['zalo-bot'], roles: ['office'] });
  const p = await newPerson(story.ctx, 'Lan');
  zalo.how = () => ({ kind: 'retry', code: 'flood', afterMs: 3_600_000, maybeSent: false, pauseChannel: true });
  await put('u', 'urgent', p._id);
  await seconds(6 * 3600, [zalo, off], 60);
  expect(off.sent.length).toBe(1);
}, 120_000);

test('an urgent message planned while the clock was two hours ahead leaves when it is put right', async () => {
  const zalo = new story.MoodySender('zalo');
  const p = await newPerson(story.ctx, 'Lan');
  story.clock.advance({ hours: 2 });
  await put('u', 'urgent', p._id);
  story.clock.advance({ hours: -2 });
  let min = 0;
  for (; min < 130 && zalo.sent.length === 0; min++) await seconds(60, [zalo], 30);
  expect(min).toBeLessThan(5);
}, 60_000);

test('the clock jumps two hours ahead and back during an outage: five minutes at most', async () => {
  const zalo = new story.MoodySender('zalo'); 
  const p = await newPerson(story.ctx, 'Lan');
  await put('u', 'urgent', p._id); await put('n', 'normal', p._id);
  zalo.how = () => DOWN;
  await seconds(600, [zalo], 10);
  story.clock.advance({ hours: 2 });
  await seconds(120, [zalo], 10);
  story.clock.advance({ hours: -2 });
  await seconds(60, [zalo], 10);
  zalo.how = () => null;
  const t0 = story.clock.now().getTime();
  for (let i = 0; i < 100 && zalo.sent.length < 2; i++) await seconds(60, [zalo], 10);
  const m = (story.clock.now().getTime() - t0) / 60_000;
  expect(m).toBeLessThanOrEqual(5);
}, 120_000);
