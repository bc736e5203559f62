import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import { drainOutbox } from '../../src/delivery/outbox/drain-outbox.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { deliveryRenderers } from '../../src/delivery/renderers.js';
import { planReminders } from '../../src/directives/plan-reminders.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import { changeAgency, type AgencyChange } from '../../src/people/agencies/change-agency.js';
import { mailHouse } from '../support/mail-house.js';
import { assigned, office } from '../support/task-story.js';

const renderers = { ...deliveryRenderers, ...taskRenderers };
let house: Awaited<ReturnType<typeof mailHouse>>;
let n = 0;
beforeEach(async () => {
  house = await mailHouse();
  for (const code of ['STC', 'SXD']) await change(code, { email: `vanthu@${code.toLowerCase()}.laocai.example` });
  await house.ctx.db.Person.updateOne({ _id: house.quyen._id }, { $set: { active: false } });
});
afterEach(() => house.close());

const change = async (code: string, changes: AgencyChange['changes']): Promise<unknown> =>
  changeAgency(house.at(`change:${++n}`), office, { id: String((await house.ctx.db.Agency.findOne({ code }).orFail().lean())._id), changes });

/** Which agencies' mailboxes get a letter when everything due at `at` is done, with the office's ordinary hours. */
const told = async (at: string): Promise<string[]> => {
  house.clock.set(`${at}:00+07:00`);
  for (let round = 0; round < 4; round++) {
    await planReminders(house.ctx);
    await relayIntents(house.ctx);
    await gatherDigests(house.ctx, {});
    await drainOutbox(house.ctx, { senders: [house.module.sender], renderers, instance: 'test' });
  }
  return (await house.letters()).map(({ envelopeTo }) => envelopeTo.replace(/vanthu@|\.laocai\.example/g, '').toUpperCase()).sort();
};

test('an agency with a digest hour of its own gets its reminders then, the others at the office\'s; taken away, it is the office\'s again', async () => {
  await change('STC', { digestAt: '13:15' });
  for (const leadAgencyCode of ['STC', 'STC', 'SXD', 'SXD']) await assigned(house.ctx, { leadAgencyCode, dueOn: '2026-11-25' });
  expect(await told('2026-11-20T08:00')).toEqual(['STC', 'STC', 'SXD', 'SXD']);
  expect(await told('2026-11-23T07:36')).toEqual(['SXD']);
  expect(await told('2026-11-23T13:14')).toEqual([]);
  expect(await told('2026-11-23T13:21')).toEqual(['STC']);
  await change('STC', { digestAt: null });
  expect(await told('2026-11-25T07:36')).toEqual(['STC', 'SXD']);
});

test('an agency\'s own quiet hours hold for its mailbox, shorter or longer than the office\'s; urgent matters pass them', async () => {
  await change('STC', { quiet: { from: '17:00', to: '08:00' } });
  await change('SXD', { quiet: { from: '23:00', to: '05:00' } });
  house.clock.set('2026-11-19T22:00:00+07:00');
  for (const leadAgencyCode of ['STC', 'SXD']) await assigned(house.ctx, { leadAgencyCode, dueOn: '2026-12-10' });
  expect(await told('2026-11-19T22:01')).toEqual(['SXD']);
  await assigned(house.ctx, { leadAgencyCode: 'STC', dueOn: '2026-12-10' }, { urgency: 'express' });
  expect(await told('2026-11-20T06:59')).toEqual(['STC']);
  expect(await told('2026-11-20T07:59')).toEqual([]);
  expect(await told('2026-11-20T08:11')).toEqual(['STC']);
  await assigned(house.ctx, { leadAgencyCode: 'STC', dueOn: '2026-12-10' });
  expect(await told('2026-11-20T17:30')).toEqual([]);
});

test('whoever changed the hours stands in the record, with what they were', async () => {
  await change('STC', { quiet: { from: '17:00', to: '08:00' }, digestAt: '09:00' });
  await change('STC', { quiet: { from: '17:00', to: '08:00' }, digestAt: null });
  const entries = await house.ctx.db.AuditEntry.find({ action: 'agency.change', entityKey: 'STC' }).sort({ _id: 1 }).lean();
  expect(entries.slice(-2).map(({ before, after }) => ({ before, after }))).toEqual([
    { before: { quiet: null, digestAt: null }, after: { quiet: { from: '17:00', to: '08:00' }, digestAt: '09:00', name: 'Sở Tài chính' } },
    { before: { digestAt: '09:00' }, after: { digestAt: null, name: 'Sở Tài chính' } },
  ]);
});
