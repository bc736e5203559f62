import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import type { Actor } from '../../src/people/actor.js';
import type { Person } from '../../src/people/person.model.js';
import { drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';

const office: Actor = { kind: 'api', name: 'Văn phòng' };
let ctx: Ctx;
let close: () => Promise<void>;
let su: Person;
let zalo: ScriptedSender;
let causes = 0;
beforeEach(async () => {
  // Monday 23/11/2026, 14:00 in Vietnam.
  ({ ctx, close } = await testCtx('2026-11-23T07:00:00Z'));
  zalo = new ScriptedSender('zalo');
  const suong = await newPerson(ctx, 'Sương');
  su = await newPerson(ctx, 'Sử', { deputyId: suong._id });
});
afterEach(() => close());

const anew = (): Ctx => because(ctx, `test:${++causes}`);
const call = () => callMeeting(anew(), office, { title: 'Ứng phó mưa lớn', kind: 'regular', startsAt: new Date('2026-11-24T07:00:00Z'), place: 'phòng họp tầng 3', chair: '', attendeeIds: [String(su._id)] });
const goesOnLeave = () => ctx.db.Person.updateOne({ _id: su._id }, { leave: { from: new Date('2026-11-23T00:00:00+07:00'), until: new Date('2026-11-26T00:00:00+07:00') } });

/** Everything due now; returns who got how many messages. */
async function settle(): Promise<string[]> {
  const from = zalo.sent.length;
  const rounds = async () => (await advanceAlerts(ctx)) + (await relayIntents(ctx)) + (await drain(ctx, [zalo], { renderers: { ...plainRenderers, ...meetingRenderers } }));
  while ((await rounds()) > 0);
  return zalo.sent.slice(from).map(({ to }) => to.split('-')[1] ?? '').sort();
}

test('invited, then on leave, then the meeting is called off: the person hears it; the deputy, who never heard of it, is left in peace', async () => {
  const { code } = await call();
  expect(await settle()).toEqual(['Sử']);
  await goesOnLeave();
  await cancelMeeting(anew(), office, { code, reason: 'mưa đã tạnh' });
  expect(await settle()).toEqual(['Sử']);
  expect(zalo.sent.at(-1)?.text).toContain('mưa đã tạnh');
});

test('invited, then on leave, then postponed: the person hears the correction, the deputy is invited; called off, both hear it', async () => {
  const { code } = await call();
  await settle();
  await goesOnLeave();
  await postponeMeeting(anew(), office, { code, startsAt: new Date('2026-11-25T07:00:00Z'), reason: 'trùng lịch' });
  expect(await settle()).toEqual(['Sương', 'Sử']);
  await cancelMeeting(anew(), office, { code, reason: 'mưa đã tạnh' });
  expect(await settle()).toEqual(['Sương', 'Sử']);
});
