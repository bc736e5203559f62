import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { isDatabaseGone } from '../../src/db/is-database-gone.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import { drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import { stumbles, stumbling } from '../support/stumbling.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx('2026-11-23T02:00:00Z'));
});
afterEach(() => close());

test('every such error means "not now", and none of them is taken for a bug', () => {
  for (const error of stumbles) expect(isDatabaseGone(error()), error().message).toBe(true);
  expect(isDatabaseGone(new TypeError('x'))).toBe(false);
});

test.each([[false, 'before it is carried out'], [true, 'its answer only is lost']])('the primary steps down at any one operation of plan, claim and finish (done: %s, %s): everybody is told once', async (done) => {
  const lan = await newPerson(ctx, 'Lan');
  const call = (work: Ctx, cause: string) => callMeeting(because(work, cause), { kind: 'api', name: 'VP' }, { title: 'Giao ban', kind: 'regular', startsAt: new Date('2026-11-27T09:00:00Z'), place: 'tầng 2', attendeeIds: [String(lan._id)] });
  const engine = async (work: Ctx, sender: ScriptedSender) => {
    await advanceAlerts(work);
    await relayIntents(work);
    await drain(work, [sender], { renderers: { ...plainRenderers, ...meetingRenderers } });
  };
  let repeats = 0;
  let through = false;
  let nth = 1;
  for (; !through; nth++) {
    const sender = new ScriptedSender('zalo');
    const one = stumbling(ctx, { nth, done, error: stumbles[nth % stumbles.length] ?? (() => new Error()) });
    await (async () => {
      await call(one.ctx, `call:${nth}`);
      await engine(one.ctx, sender);
    })().catch((error: unknown) => expect(isDatabaseGone(error), String(error)).toBe(true));
    through = !one.stumbled();
    // Whoever called sends the same call again; the next ticks go on.
    const { code } = await call(ctx, `call:${nth}`);
    for (let round = 0; round < 3; round++) {
      clock.advance({ seconds: 61 });
      await engine(ctx, sender);
    }
    const texts = sender.sent.map(({ text }) => text.split('\n')[0]);
    expect([[`📅 Mời họp ${code}`], [`📅 Mời họp ${code}`, `Nhắc lại: 📅 Mời họp ${code}`]], `operation ${nth}`).toContainEqual(texts);
    if (texts.length > 1) repeats++;
    expect(await ctx.db.Delivery.find({ meetingCode: code }, { state: 1, _id: 0 }).lean(), `operation ${nth}`).toEqual([{ state: 'accepted' }]);
    expect(await ctx.db.AuditEntry.countDocuments({ entityKey: code })).toBe(1);
  }
  expect(nth).toBeGreaterThan(20);
  // Only where the outcome of a call could not be written down is a copy in doubt, and it is marked.
  expect(repeats).toBeLessThanOrEqual(4);
}, 240_000);
