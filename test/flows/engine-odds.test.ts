import { expect, test } from 'vitest';
import { outcomeOf } from '../../bots/telegram/outcome.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import { recordReceipt } from '../../src/delivery/receipts/record-receipt.js';
import { deliveryOf, drain, newPerson } from '../support/delivery-world.js';
import { DOUBT, DOWN, outageStory } from '../support/outage-story.js';

// Odd things providers, clocks and settings do.
const story = outageStory();
const { put, seconds, states } = story;

test('250 receipts for unknown ids do not keep an early one from being applied', async () => {
  const zalo = new story.MoodySender('zalo');
  for (let i = 0; i < 250; i++) await recordReceipt(story.ctx, { channel: 'zalo', providerId: `a-staff-${i}`, what: 'delivered', at: story.clock.now() });
  const p = await newPerson(story.ctx, 'Lan');
  await recordReceipt(story.ctx, { channel: 'zalo', providerId: 'zalo-1', what: 'failed', code: 'x', at: story.clock.now() });
  await put('m', 'urgent', p._id);
  await seconds(60, [zalo]);
  expect((await deliveryOf(story.ctx, 'm')).state).toBe('dead');
}, 60_000);

test('a huge retry_after does not shut the channel for ever, nor break the engine', async () => {
  const telegram = new story.MoodySender('telegram');
  const p = await newPerson(story.ctx, 'Lan', { chats: ['telegram'] });
  for (const s of [1e9, 1e13]) {
    let once = true;
    telegram.how = () => (once ? ((once = false), outcomeOf({ kind: 'refused', status: 429, description: '', retryAfterS: s })) : null);
    await put(`m${s}`, 'urgent', p._id);
    await seconds(7200, [telegram], 60);
    expect.soft((await deliveryOf(story.ctx, `m${s}`)).state).toBe('accepted');
    await story.ctx.db.State.deleteMany({}); 
  }
}, 60_000);

test('a pause beyond any date holds up nobody else', async () => {
  const telegram = new story.MoodySender('telegram');
  const p = await newPerson(story.ctx, 'Lan', { chats: ['telegram'] });
  telegram.how = (k) => (k === 'bad' ? { kind: 'retry', code: 'x', afterMs: 1e16, maybeSent: false } : null);
  await put('bad', 'normal', p._id);
  await put('good', 'normal', p._id);
  await seconds(120, [telegram]);
  expect((await deliveryOf(story.ctx, 'good')).state).toBe('accepted');
}, 60_000);

test('a provider counts from the beginning again: the receipt is the newest message’s', async () => {
  const sms = new story.MoodySender('zalo');
  const p = await newPerson(story.ctx, 'Lan');
  sms.answer({ kind: 'accepted', providerId: '17' });
  await put('old', 'normal', p._id); await seconds(5, [sms]);
  story.clock.advance({ days: 20 });
  sms.answer({ kind: 'accepted', providerId: '17' });
  await put('new', 'normal', p._id); await seconds(5, [sms]);
  await recordReceipt(story.ctx, { channel: 'zalo', providerId: '17', what: 'failed', code: 'x', at: story.clock.now() });
  expect((await deliveryOf(story.ctx, 'new')).state).toBe('dead');
}, 60_000);

test('"too many" to all calls of five instances at once: nothing is in doubt', async () => {
  const s = [0, 1, 2, 3, 4].map(() => new story.MoodySender('zalo-bot'));
  let n = 0;
  let go: () => void = () => {};
  const all = new Promise<void>((r) => { go = r; });
  for (const one of s) one.send = async () => { if (++n >= 80) go(); await Promise.race([all, new Promise((r) => setTimeout(r, 3000))]); return { kind: 'retry', code: 'flood', afterMs: 5_000 + n++, maybeSent: false, pauseChannel: true }; };
  for (let i = 0; i < 100; i++) { const p = await newPerson(story.ctx, `P${i}`, { chats: ['zalo-bot'] }); await put(`n${i}`, 'normal', p._id); }
  const limits = { ...defaultPolicy.limits, 'zalo-bot': { max: 200, windowMs: 1000, urgentShare: 0.1 } };
  await Promise.all(s.map((one, i) => drain(story.ctx, [one], { policy: { ...story.policy, limits }, instance: `i${i}` })));
  expect(await states(/^n\d/)).toEqual({ 'planned:null': 100 });
}, 120_000);

test('accepted while the channel’s state cannot be written: recorded all the same, and not repeated', async () => {
  const zalo = new story.MoodySender('zalo');
  const p = await newPerson(story.ctx, 'Lan');
  zalo.how = () => DOWN;
  await put('a', 'normal', p._id);
  await drain(story.ctx, [zalo], { policy: story.policy });
  zalo.how = () => null;
  story.clock.advance({ seconds: 5 });
  const real = story.ctx.db.State.updateOne.bind(story.ctx.db.State);
  let fails = 0;
  (story.ctx.db.State as unknown as { updateOne: unknown }).updateOne = (...args: Parameters<typeof real>) => { if (zalo.sent.length > 0 && fails === 0) { fails++; throw new Error('State is not writable for a moment'); } return real(...args); };
  await drain(story.ctx, [zalo], { policy: story.policy });
  (story.ctx.db.State as unknown as { updateOne: unknown }).updateOne = real;
  await seconds(300, [zalo], 5);
  expect((await deliveryOf(story.ctx, 'a')).state).toBe('accepted');
  expect(zalo.sent.length).toBe(1);
}, 60_000);

test('two instances through an outage: three hundred messages, each once', async () => {
  const zalo = new story.MoodySender('zalo'); const two = new story.MoodySender('zalo');
  const people = []; for (let i = 0; i < 300; i++) people.push(await newPerson(story.ctx, `P${i}`));
  for (const [i, p] of people.entries()) await put(`n${i}`, i % 30 === 0 ? 'urgent' : 'normal', p._id);
  zalo.how = () => DOWN; two.how = () => DOWN;
  for (let i = 0; i < 60; i++) { story.clock.advance({ seconds: 30 }); await Promise.all([drain(story.ctx, [zalo], { policy: story.policy }), drain(story.ctx, [two], { policy: story.policy, instance: 'two' })]); }
  zalo.how = () => null; two.how = () => null;
  for (let i = 0; i < 600 && zalo.sent.length + two.sent.length < 300; i++) { story.clock.advance({ seconds: 1 }); await Promise.all([drain(story.ctx, [zalo], { policy: story.policy }), drain(story.ctx, [two], { policy: story.policy, instance: 'two' })]); }
  const all = [...zalo.sent, ...two.sent].map((s) => s.key);
  expect(new Set(all).size).toBe(300); expect(all.length).toBe(300);
}, 240_000);

test('Zalo is taken out of the configuration while messages wait behind it: they leave by Telegram', async () => {
  const [zalo, tg] = [new story.MoodySender('zalo'), new story.MoodySender('telegram')];
  const people = []; for (let i = 0; i < 10; i++) people.push(await newPerson(story.ctx, `P${i}`, { chats: ['zalo', 'telegram'] }));
  zalo.how = () => DOWN;
  for (const [i, p] of people.entries()) await put(`n${i}`, 'normal', p._id);
  await seconds(120, [zalo, tg], 5);
  await seconds(1800, [tg], 30);
  expect(tg.sent.length).toBe(10);
}, 60_000);

test('the same, with no other way: the Office is told', async () => {
  const [zalo, off] = [new story.MoodySender('zalo'), new story.MoodySender('zalo-bot')];
  await newPerson(story.ctx, 'Office', { chats: ['zalo-bot'], roles: ['office'] });
  const p = await newPerson(story.ctx, 'Lan');
  zalo.how = () => DOWN;
  for (let i = 0; i < 8; i++) await put(`n${i}`, i % 2 ? 'normal' : 'urgent', p._id);
  await seconds(120, [zalo, off], 5);
  await seconds(3600, [off], 30);
  expect(await story.ctx.db.Delivery.countDocuments({ key: /^n/, state: 'planned' })).toBe(0);
}, 60_000);

test('a digest that may have been lost is not lost in silence', async () => {
  const zalo = new story.MoodySender('zalo'); const off = new story.MoodySender('zalo-bot');
  await newPerson(story.ctx, 'Office', { chats: ['zalo-bot'], roles: ['office'] });
  const p = await newPerson(story.ctx, 'Lan');
  zalo.answer(DOUBT);
  await put('d', 'digest', p._id, { asked: 'now' });
  await seconds(3600, [zalo, off], 60);
  const d = await deliveryOf(story.ctx, 'd');
  expect(d.state === 'accepted' || off.sent.length > 0).toBe(true);
}, 60_000);
