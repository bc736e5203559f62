import { expect, test } from 'vitest';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { verifyLedger } from '../../src/delivery/ledger/verify-ledger.js';
import { markAcknowledged } from '../../src/delivery/receipts/mark-acknowledged.js';
import { deliveryOf, newPerson, plainRenderers } from '../support/delivery-world.js';
import { DOUBT, DOWN, outageStory } from '../support/outage-story.js';

// What was decided survives an outage: kept, told to the Office, sent when a way is back.
const story = outageStory();
const { put, seconds, states } = story;

test('an outage of two hours that leaves every call in doubt uses up nobody', async () => {
  const zalo = new story.MoodySender('zalo'); const off = new story.MoodySender('zalo-bot');
  await newPerson(story.ctx, 'Office', { chats: ['zalo-bot'], roles: ['office'] });
  for (let i = 0; i < 200; i++) { const p = await newPerson(story.ctx, `P${i}`); await put(`n${i}`, 'normal', p._id); }
  zalo.how = () => DOUBT;
  await seconds(7200, [zalo, off], 30);
  zalo.how = () => null;
  await seconds(1800, [zalo, off], 30);
  const s = await states(/^n\d/);
  expect(s).toEqual({ 'accepted:null': 200 });
}, 240_000);

test('fifty urgent ones with one way, three hours down: the Office is told of each', async () => {
  const zalo = new story.MoodySender('zalo'); const off = new story.MoodySender('zalo-bot');
  await newPerson(story.ctx, 'Office', { chats: ['zalo-bot'], roles: ['office'] });
  for (let i = 0; i < 50; i++) { const p = await newPerson(story.ctx, `P${i}`); await put(`n${i}`, 'urgent', p._id); }
  zalo.how = () => DOWN;
  await seconds(1800, [zalo, off], 30);
  // Within half an hour at the latest, and each once.
  expect(await story.ctx.db.Delivery.countDocuments({ kind: 'delivery-dead' })).toBe(50);
  await seconds(9000, [zalo, off], 30);
  const told = await story.ctx.db.Delivery.countDocuments({ kind: 'delivery-dead' });
  expect(told).toBe(50);
}, 240_000);

test('planned on Friday, due on Monday, an outage of an hour on Monday: nobody is given up', async () => {
  const zalo = new story.MoodySender('zalo'); const off = new story.MoodySender('zalo-bot');
  const due = new Date(story.clock.now().getTime() + 62 * 3_600_000);
  for (let i = 0; i < 10; i++) { const p = await newPerson(story.ctx, `P${i}`); await put(`n${i}`, i < 5 ? 'urgent' : 'normal', p._id, { notBefore: due }); }
  story.clock.set(due);
  zalo.how = () => DOWN;
  await seconds(3600, [zalo, off], 30);
  zalo.how = () => null;
  await seconds(1800, [zalo, off], 30);
  expect(await states(/^n\d/)).toEqual({ 'accepted:null': 10 });
}, 240_000);

test('a refused token for an hour: few calls, and nobody but the one that tried again and again is given up', async () => {
  const zalo = new story.MoodySender('zalo'); const off = new story.MoodySender('zalo-bot');
  await newPerson(story.ctx, 'Office', { chats: ['zalo-bot'], roles: ['office'] });
  for (let i = 0; i < 100; i++) { const p = await newPerson(story.ctx, `P${i}`); await put(`n${i}`, 'normal', p._id); }
  zalo.how = () => ({ kind: 'rejected', code: 'http-401' });
  await seconds(3600, [zalo, off], 30);
  const s = await states(/^n\d/);
  // The one that tried again and again may have been the trouble itself.
  expect(s['planned:null']).toBeGreaterThanOrEqual(99);
  expect(zalo.calls.length).toBeLessThan(40);
}, 240_000);

test('a provider that knows request ids hangs for two hours: nobody is used up, few calls each, the Office is told of the urgent one', async () => {
  const sms = new story.MoodySender('zalo', 'request-id'); const off = new story.MoodySender('zalo-bot');
  await newPerson(story.ctx, 'Office', { chats: ['zalo-bot'], roles: ['office'] });
  for (let i = 0; i < 20; i++) { const p = await newPerson(story.ctx, `P${i}`); await put(`n${i}`, i === 7 ? 'urgent' : 'normal', p._id); }
  sms.how = () => DOUBT;
  await seconds(7200, [sms, off], 30);
  const told = off.sent.length;
  expect(Math.max(...(await story.ctx.db.Delivery.find({ key: /^n/ }).lean<Delivery[]>()).map((d) => d.attempts.length))).toBeLessThan(12);
  // back, but the first call of each fails once more after somebody got through
  sms.how = () => null;
  let hiccup = 0;
  await seconds(60, [sms, off], 1);
  sms.how = () => (hiccup++ < 3 ? DOUBT : null);
  await seconds(1800, [sms, off], 5);
  expect(await states(/^n\d/)).toEqual({ 'accepted:null': 20 });
  expect(told).toBe(1);
}, 120_000);

test('two channels down for a day: an urgent message is kept, and its record stays small', async () => {
  const [zalo, tg] = [new story.MoodySender('zalo'), new story.MoodySender('telegram')];
  const p = await newPerson(story.ctx, 'Lan', { chats: ['zalo', 'telegram'] });
  await put('u', 'urgent', p._id);
  zalo.how = () => DOWN; tg.how = () => DOWN;
  await seconds(23 * 3600, [zalo, tg], 30);
  const { state, attempts } = await deliveryOf(story.ctx, 'u');
  expect(state).toBe('planned');
  expect(attempts.length).toBeLessThan(1_000);
}, 240_000);

test('an outage of five hours with digests, expiries and confirmations: each message once, and the ledger verifies', async () => {
  const zalo = new story.MoodySender('zalo'); const off = new story.MoodySender('zalo-bot');
  await newPerson(story.ctx, 'Office', { chats: ['zalo-bot'], roles: ['office'] });
  const people = []; for (let i = 0; i < 10; i++) people.push(await newPerson(story.ctx, `P${i}`));
  const renderers = { ...plainRenderers };
  zalo.how = () => DOWN;
  for (let r = 0; r < 5; r++) {
    for (const [i, p] of people.entries()) { await put(`n${r}-${i}`, 'normal', p._id, { taskCode: `T${r}` }); }
    await put(`u${r}`, 'urgent', people[r]?._id, { meetingCode: `H${r}`, expiresAt: r === 1 ? new Date(story.clock.now().getTime() + 30 * 60_000) : undefined });
    await seconds(3600, [zalo, off], 60, { renderers, whole: true });
  }
  await markAcknowledged(story.ctx, { meetingCode: 'H2', personId: String(people[2]?._id) });
  await markAcknowledged(story.ctx, { taskCode: 'T3', personId: String(people[3]?._id) });
  zalo.how = () => null;
  await seconds(1800, [zalo, off], 5, { renderers, whole: true });
  const texts = zalo.sent.map((s) => s.text);
  const open = await story.ctx.db.Delivery.find({ state: { $in: ['planned', 'claimed', 'sending', 'unknown'] }, reason: null }).lean<Delivery[]>();
  for (const key of ['n3-3', 'u2']) expect.soft(texts.filter((t) => t.includes(key)), key).toHaveLength(0);
  for (let r = 0; r < 5; r++) for (let i = 0; i < 10; i++) if (`${r}-${i}` !== '3-3') expect.soft(texts.filter((t) => new RegExp(`n${r}-${i}\\b`).test(t)).length, `n${r}-${i}`).toBe(1);
  expect(open).toEqual([]);
  expect((await verifyLedger(story.ctx)).breaches).toEqual([]);
}, 240_000);
