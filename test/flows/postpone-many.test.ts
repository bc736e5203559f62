import { expect, test } from 'vitest';
import { seedCalendar } from '../../src/calendar/seed-calendar.js';
import { because, type Ctx } from '../../src/context.js';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { openDb } from '../../src/models.js';
import { cuttingWire } from '../support/cutting-wire.js';
import { drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import { testCtx, testUri } from '../support/test-ctx.js';

const OFFICE = { kind: 'api', name: 'VP' } as const;

/** So many people without any channel are invited, and the meeting is postponed: what the house asks the database from then on until all is settled and the Office knows. */
async function operationsFor(people: number): Promise<number> {
  const { ctx: base, clock, close } = await testCtx('2026-11-23T02:00:00Z');
  const wire = await cuttingWire(testUri());
  const db = await openDb(wire.uri, base.db.conn.name);
  const ctx: Ctx = { ...base, db };
  await seedCalendar(base);
  for (const name of ['Nhi', 'Hà']) await newPerson(base, name, { roles: ['office'] });
  const invited = await base.db.Person.insertMany(Array.from({ length: people }, (_, i) => ({ name: `Người ${i}`, nameFold: `nguoi ${i}`, position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'], createdAt: clock.now() })));
  const zalo = new ScriptedSender('zalo');
  const settle = async () => {
    for (let i = 0; i < 8; i++) {
      while ((await advanceAlerts(ctx)) + (await relayIntents(ctx)) > 0);
      await drain(ctx, [zalo], { renderers: { ...plainRenderers, ...meetingRenderers } });
      await gatherDigests(ctx, {});
      clock.advance({ minutes: 2 });
    }
  };
  const { code } = await callMeeting(because(ctx, 'call'), OFFICE, { title: 'Giao ban', kind: 'regular', startsAt: new Date('2026-11-27T09:00:00Z'), place: 'tầng 2', attendeeIds: invited.map(({ _id }) => String(_id)) });
  await settle();
  const heard = zalo.sent.length;
  let operations = 0;
  wire.decide = () => {
    operations++;
    return null;
  };
  await postponeMeeting(because(ctx, 'postpone'), OFFICE, { code, startsAt: new Date('2026-11-27T10:00:00Z'), reason: 'Chủ trì đi công tác' });
  await settle();
  // Of the new time nobody could be told either, and the Office has the list: five singly, the others together.
  expect(await ctx.db.Delivery.countDocuments({ kind: 'meeting-postponed', state: 'dead', reason: 'no-channel' })).toBe(people);
  const texts = zalo.sent.slice(heard).map(({ text }) => text);
  expect(texts.some((text) => text.includes('thông báo về việc gửi tin'))).toBe(true);
  expect(texts.length).toBeLessThanOrEqual(2 * (5 + Math.ceil(people / 500) + 1));
  await db.conn.close();
  await wire.close();
  await close();
  return operations;
}

test('six hundred people without any channel: what a postponement asks of the database grows by batches, not by people', { timeout: 180_000 }, async () => {
  const [few, many] = [await operationsFor(50), await operationsFor(600)];
  const perPerson = (many - few) / 550;
  // Some two dozen for each fifty rows that are claimed; one question for each person, of whatever kind, is too many.
  expect(perPerson, `${few} operations for 50, ${many} for 600`).toBeLessThan(0.75);
});
