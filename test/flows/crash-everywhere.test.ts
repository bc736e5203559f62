import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import type { Sender } from '../../src/delivery/sender.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import type { Person } from '../../src/people/person.model.js';
import { drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import { mortal } from '../support/mortal.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let lan: Person;
let minh: Person;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx('2026-11-23T02:00:00Z'));
  lan = await newPerson(ctx, 'Lan');
  minh = await newPerson(ctx, 'Minh', { chats: ['telegram'] });
});
afterEach(() => close());

const call = (work: Ctx, cause: string) =>
  callMeeting(because(work, cause), { kind: 'api', name: 'VP' }, { title: 'Giao ban', kind: 'regular', startsAt: new Date('2026-11-27T09:00:00Z'), place: 'tầng 2', attendeeIds: [String(lan._id), String(minh._id)] });

async function engine(work: Ctx, senders: Sender[]): Promise<void> {
  await advanceAlerts(work);
  await relayIntents(work);
  await drain(work, senders, { renderers: { ...plainRenderers, ...meetingRenderers } });
}

test('the process dies before any one of its steps, from the call of a meeting to the last receipt of its invitation: everybody is told once', async () => {
  let repeats = 0;
  let survived = false;
  for (let lastStep = 0; !survived; lastStep++) {
    const senders = [new ScriptedSender('zalo'), new ScriptedSender('telegram')];
    const one = mortal(ctx, lastStep);
    await one.live(async () => {
      await call(one.ctx, `call:${lastStep}`);
      await engine(one.ctx, senders.map((sender) => one.through(sender)));
    });
    survived = !one.died();
    // Whoever called sends the same call again; another instance goes on after the lease.
    const { code } = await call(ctx, `call:${lastStep}`);
    for (let round = 0; round < 3; round++) {
      clock.advance({ seconds: 61 });
      await engine(ctx, senders);
    }
    for (const { sent } of senders) {
      const texts = sent.map((s) => s.text.split('\n')[0]);
      // A death during the call leaves nobody knowing: at most one more copy, and it says so.
      expect([[`📅 Mời họp ${code}`], [`📅 Mời họp ${code}`, `Nhắc lại: 📅 Mời họp ${code}`], [`Nhắc lại: 📅 Mời họp ${code}`]], `died before step ${lastStep + 1}`).toContainEqual(texts);
      if (texts.some((text) => text?.startsWith('Nhắc lại'))) repeats++;
    }
    const open = await ctx.db.Delivery.countDocuments({ meetingCode: code, state: { $ne: 'accepted' } });
    expect(open, `died before step ${lastStep + 1}`).toBe(0);
    expect(await ctx.db.AuditEntry.countDocuments({ entityKey: code })).toBe(1);
  }
  // Only the few steps between "sending" and "accepted", of two calls at a time that are written down together, are in doubt.
  expect(repeats).toBeGreaterThan(0);
  expect(repeats).toBeLessThanOrEqual(16);
}, 120_000);
