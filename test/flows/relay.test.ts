import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { deliveriesFor } from '../../src/delivery/ledger/ledger.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { newPerson } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';

let ctx: Ctx;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ ctx, close } = await testCtx());
});
afterEach(() => close());

/** A meeting whose first alerts are written as intents and not relayed yet. */
async function factWithIntents(): Promise<string> {
  const people = await Promise.all(['Lan', 'Minh'].map((name) => newPerson(ctx, name)));
  const meeting = await callMeeting(because(ctx, 'admin:1'), { kind: 'api', name: 'VP' }, { title: 'Giao ban', kind: 'regular', startsAt: new Date('2026-12-01T02:00:00Z'), place: 'tầng 2', attendeeIds: people.map((p) => String(p._id)) });
  await advanceAlerts(ctx);
  return meeting.code;
}

test('a crash between planning and clearing: relayed again, nothing is planned twice', async () => {
  const code = await factWithIntents();
  const before = await ctx.db.Meeting.findOne({ code }).lean();
  expect(await relayIntents(ctx)).toBe(1);
  // The crash: deliveries are there, the clearing never happened.
  await ctx.db.Meeting.updateOne({ code }, { intents: before?.intents ?? [] });
  expect(await relayIntents(ctx)).toBe(1);
  expect(await relayIntents(ctx)).toBe(0);
  expect(await ctx.db.Delivery.countDocuments()).toBe(2);
});

test('two instances relay at once: each delivery once', async () => {
  await factWithIntents();
  await Promise.all([relayIntents(ctx), relayIntents(ctx), relayIntents(ctx)]);
  expect(await ctx.db.Delivery.countDocuments()).toBe(2);
  expect(await ctx.db.Meeting.countDocuments({ 'intents.key': { $gt: '' } })).toBe(0);
});

test('the office is the monitoring officer where one is named and active, else all its staff', async () => {
  const [one, two] = [await newPerson(ctx, 'Một', { roles: ['office'] }), await newPerson(ctx, 'Hai', { roles: ['office', 'leader'] })];
  const code = await factWithIntents();
  const said = (key: string, monitorId?: string) => ({ key, kind: 'note', lane: 'normal', to: [{ office: true, ...(monitorId ? { monitorId } : {}) }, { personId: String(two._id) }], data: {} });
  await ctx.db.Meeting.updateOne({ code }, { intents: [said('all'), said('named', String(one._id))] });
  await relayIntents(ctx);
  const keys = (await ctx.db.Delivery.find({ kind: 'note' }).sort({ key: 1 }).lean()).map((d) => d.key);
  expect(keys).toEqual([`all:${String(one._id)}`, `all:${String(two._id)}`, `named:${String(one._id)}`, `named:${String(two._id)}`].sort());
});

test('one document that cannot be relayed does not hold back the others', async () => {
  const code = await factWithIntents();
  await callMeeting(because(ctx, 'admin:2'), { kind: 'api', name: 'VP' }, { title: 'Hỏng', kind: 'regular', startsAt: new Date('2026-12-02T02:00:00Z'), place: 'x', attendeeIds: [String((await newPerson(ctx, 'Ba'))._id)] });
  await ctx.db.Meeting.updateOne({ code: { $ne: code } }, { intents: [{ key: 'bad', kind: 'note', lane: 'normal', to: [{ personId: 'not-an-id' }], data: {} }] });
  expect(await relayIntents(ctx)).toBe(1);
  expect(await ctx.db.Delivery.countDocuments()).toBe(2);
});

test('the ledger answers by task, meeting and person, and only to those who may read it', async () => {
  const lan = await newPerson(ctx, 'Lan');
  for (let i = 0; i < 3; i++) await enqueue(ctx, { key: `t${i}`, kind: 'note', lane: 'normal', personId: String(lan._id), data: { taskCode: 'NV-2026-00001' } });
  await enqueue(ctx, { key: 'm', kind: 'note', lane: 'normal', personId: String(lan._id), data: { meetingCode: 'HOP-2026-00001' } });
  expect(await deliveriesFor(ctx, null, { taskCode: 'NV-2026-00001', pageSize: 2, page: 2 })).toMatchObject({ total: 3, deliveries: [{ key: 't0' }] });
  expect((await deliveriesFor(ctx, { kind: 'api', name: 'VP' }, { personId: String(lan._id) })).total).toBe(4);
  const agency = { kind: 'account', accountId: 'x', name: 'Sở', role: 'agency', agencyCode: 'STC', personId: null } as const;
  await expect(deliveriesFor(ctx, agency, { meetingCode: 'HOP-2026-00001' })).rejects.toMatchObject({ code: 'forbidden' });
});
