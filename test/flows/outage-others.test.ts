import { expect, test } from 'vitest';
import { enqueue } from '../../src/delivery/enqueue.js';
import { newPerson, plainRenderers } from '../support/delivery-world.js';
import { DOUBT, DOWN, outageStory } from '../support/outage-story.js';

// One message, or an outage, does not keep the others from leaving.
const story = outageStory();
const { put, seconds, states } = story;

test('one message whose calls always hang keeps nobody from leaving', async () => {
  const sms = new story.MoodySender('zalo', 'request-id'); const off = new story.MoodySender('zalo-bot');
  const p = await newPerson(story.ctx, 'Lan');
  await put('poison', 'normal', p._id);
  sms.how = (k) => (k === 'poison' ? DOUBT : null);
  await seconds(3600, [sms, off], 30);
  await put('good', 'normal', p._id);
  await seconds(1800, [sms, off], 30);
  expect(await states(/^good$/)).toEqual({ 'accepted:null': 1 });
}, 240_000);

test('messages whose matter is over cost no trial of whether the provider is back', async () => {
  const zalo = new story.MoodySender('zalo');
  const renderers = { ...plainRenderers, gone: async () => ({ suppress: 'task-completed' }) };
  for (let i = 0; i < 30; i++) { const p = await newPerson(story.ctx, `G${i}`); await enqueue(story.ctx, { key: `g${i}`, kind: 'note', lane: 'normal', personId: String(p._id) }); }
  const p = await newPerson(story.ctx, 'Lan'); 
  zalo.how = () => DOWN;
  await seconds(600, [zalo], 30, { renderers });
  await story.ctx.db.Delivery.updateMany({ key: /^g/ }, { $set: { kind: 'gone' } });
  story.clock.advance({ seconds: 1 });
  await put('good', 'normal', p._id);
  zalo.how = () => null;
  const from = story.clock.now().getTime();
  for (let i = 0; i < 200 && zalo.sent.length === 0; i++) await seconds(30, [zalo], 30, { renderers });
  const minutes = (story.clock.now().getTime() - from) / 60_000;
  expect(minutes).toBeLessThanOrEqual(3);
}, 240_000);

test('ten urgent messages that always fail, with one way, do not keep the channel shut for the others', async () => {
  const zalo = new story.MoodySender('zalo');
  for (let i = 0; i < 10; i++) { const p = await newPerson(story.ctx, `P${i}`); await put(`poison${i}`, 'urgent', p._id); }
  zalo.how = (k) => (k.startsWith('poison') ? DOWN : null);
  await seconds(300, [zalo], 30);
  const p = await newPerson(story.ctx, 'Lan');
  await put('good', 'normal', p._id);
  await put('good2', 'urgent', p._id);
  let min = 0;
  for (; min < 120 && zalo.sent.length < 2; min++) await seconds(60, [zalo], 30);
  expect(min).toBeLessThanOrEqual(10);
}, 240_000);

test('after an outage urgent ones first, each once', async () => {
  const zalo = new story.MoodySender('zalo');
  const people = [];
  for (let i = 0; i < 200; i++) { people.push(await newPerson(story.ctx, `P${i}`)); }
  for (let i = 0; i < 200; i++) { story.clock.advance({ ms: 10 }); await put(`n${i}`, 'normal', people[i]?._id); }
  for (let i = 0; i < 10; i++) { story.clock.advance({ ms: 10 }); await put(`u${i}`, 'urgent', people[i]?._id); }
  zalo.how = () => DOWN;
  await seconds(7200, [zalo], 30);
  zalo.how = () => null;
  const n = zalo.calls.length;
  await seconds(1800, [zalo], 30);
  const back = zalo.calls.slice(n);
  expect(new Set(back.map((c) => c.key)).size).toBe(210);
  expect(back).toHaveLength(210);
  const urgent = back.filter((c) => c.key.startsWith('u')).map((c) => c.at - (back[0]?.at ?? 0));
  expect(Math.max(...urgent)).toBeLessThanOrEqual(30_000);
}, 240_000);

test('answers in a chat and letters to a mailbox through an outage: kept, bounded, in order', async () => {
  const zalo = new story.MoodySender('zalo'); 
  for (let i = 0; i < 40; i++) { story.clock.advance({ ms: 5 }); await enqueue(story.ctx, { key: `a${String(i).padStart(2, '0')}`, kind: 'note', lane: 'urgent', chat: { channel: 'zalo', to: 'c1' }, data: { n: i } }); }
  zalo.how = () => DOWN;
  await seconds(3600, [zalo], 30);
  zalo.how = () => null;
  const from = zalo.calls.length; 
  await seconds(900, [zalo], 5);
  const back = zalo.calls.slice(from);
  // But for those that were just trying.
  const keys = back.map((c) => c.key);
  expect(new Set(keys).size).toBe(40);
  expect(keys.filter((key, i) => i > 0 && key < (keys[i - 1] ?? '')).length).toBeLessThanOrEqual(2);
}, 120_000);

test('five messages that always fail do not delay an urgent one to somebody else', async () => {
  const zalo = new story.MoodySender('zalo');
  const people = []; for (let i = 0; i < 6; i++) people.push(await newPerson(story.ctx, `P${i}`));
  zalo.how = (k) => (k.startsWith('bad') ? DOWN : null);
  for (let i = 0; i < 5; i++) await put(`bad${i}`, 'normal', people[i]?._id);
  await seconds(30, [zalo], 1);
  await put('u', 'urgent', people[5]?._id);
  const t0 = story.clock.now().getTime();
  await seconds(180, [zalo], 1);
  const at = zalo.calls.find((c) => c.key === 'u')?.at ?? Infinity;
  expect(at - t0).toBeLessThanOrEqual(61_000);
}, 60_000);
