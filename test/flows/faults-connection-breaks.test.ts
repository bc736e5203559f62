import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { isDatabaseGone } from '../../src/db/is-database-gone.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import type { Found } from '../../src/delivery/sender.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import { openDb, type Db } from '../../src/models.js';
import { breaks, cuttingWire, type Break, type CuttingWire } from '../support/cutting-wire.js';
import { drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import { testCtx, testUri } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

/** A sender whose provider can be asked afterwards, like eSMS. */
class Askable extends ScriptedSender {
  /** Times it had to say that a message had left of which the house did not know. */
  knewBetter = 0;
  constructor() {
    super('zalo', 'request-id');
  }
  async find({ key }: { key: string }): Promise<Found> {
    const place = this.sent.findIndex((one) => one.key === key);
    if (place < 0) return { kind: 'not-sent' };
    this.knewBetter++;
    return { kind: 'sent', providerId: `zalo-${place + 1}` };
  }
}

const MEETINGS = 4;
const PEOPLE = 40;
let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let wire: CuttingWire;
let cutDb: Db;
let codes: string[];

beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx('2026-11-23T02:00:00Z'));
  wire = await cuttingWire(testUri());
  cutDb = await openDb(wire.uri, ctx.db.conn.name);
  const people = [];
  for (let i = 0; i < PEOPLE; i++) people.push(String((await newPerson(ctx, `Người ${i}`))._id));
  codes = [];
  for (let m = 0; m < MEETINGS; m++) {
    const meeting = await callMeeting(because(ctx, `call:${m}`), { kind: 'api', name: 'VP' }, { title: 'Giao ban', kind: 'regular', startsAt: new Date(`2026-11-2${5 + m}T09:00:00Z`), place: 'tầng 2', attendeeIds: people });
    codes.push(meeting.code);
  }
});
afterEach(async () => {
  await cutDb.conn.close();
  await wire.close();
  await close();
});

/** Of the steps of plan, claim and finish every so many break, and so often. The bulk is what a worker says of its calls. */
const steps: Readonly<Record<string, readonly [every: number, times: number]>> = { 'find meetings': [5, 2], 'update meetings': [2, 2], 'insert deliveries': [2, 3], 'find deliveries': [9, 3], 'update deliveries': [7, 3], 'bulk-update deliveries': [3, 8] };
/** So many operations in a row: who asks once more is cut off again. */
const IN_A_ROW = 3;

/** Connections break again and again, in one of these ways after the other. */
function breakAgainAndAgain(ways: readonly Break[]): void {
  const seen = new Map<string, number>();
  const broken = new Map<string, number>();
  let begun = 0;
  let left = 0;
  wire.decide = (what) => {
    const [every, times] = steps[what] ?? [Infinity, 0];
    const nth = (seen.get(what) ?? 0) + 1;
    seen.set(what, nth);
    const before = broken.get(what) ?? 0;
    if (left === 0 && before < times && nth % every === 1) {
      broken.set(what, before + 1);
      [begun, left] = [begun + 1, IN_A_ROW];
    }
    if (left === 0) return null;
    left--;
    return ways[(begun - 1) % ways.length] ?? null;
  };
}

/** Besides, once so many have left, four times in a row what the workers say of their calls is not heard. */
function notesLostAfter(sender: ScriptedSender, sent: number): void {
  const { decide } = wire;
  let lost = 0;
  wire.decide = (what) => decide(what) ?? (what === 'bulk-update deliveries' && sender.sent.length > sent && lost++ < 4 ? 'before' : null);
}

const engine = { renderers: { ...plainRenderers, ...meetingRenderers }, policy: { perPerson: { max: 1_000, windowMs: 1_000 }, limits: { zalo: { max: 10_000, windowMs: 1_000, urgentShare: 0 } } as never } };

/** What the timetable does in two processes over the breaking wire, again and again, until nothing is left to do. A tick may fail, as a broken connection makes it, and in no other way. */
async function ticksUntilDone(sender: ScriptedSender): Promise<number> {
  const broken: Ctx = { ...ctx, db: cutDb };
  let failed = 0;
  const tick = (work: () => Promise<unknown>) => work().catch((error: unknown) => {
    expect(isDatabaseGone(error), String(error)).toBe(true);
    failed++;
  });
  for (let round = 0; round < 200; round++) {
    await Promise.all([tick(() => advanceAlerts(broken)), tick(() => relayIntents(broken)), ...['one', 'two'].map((instance) => tick(() => drain(broken, [sender], { ...engine, instance })))]);
    clock.advance({ seconds: 16 });
    const left = await ctx.db.Delivery.countDocuments({ state: { $in: ['planned', 'claimed', 'sending', 'unknown'] }, reason: null });
    const planned = await ctx.db.Delivery.countDocuments({ kind: 'meeting-alert' });
    if (left === 0 && planned === MEETINGS * PEOPLE && (await ctx.db.Meeting.countDocuments({ 'intents.key': { $gt: '' } })) === 0) return failed;
  }
  throw new Error('the engine does not go on by itself');
}

const perKey = (sender: ScriptedSender): Map<string, string[]> => {
  const texts = new Map<string, string[]>();
  for (const { key, text } of sender.sent) texts.set(key, [...(texts.get(key) ?? []), text]);
  return texts;
};

/** Everybody invited to every meeting has one delivery, which was taken; or twice what was said of its call got lost, which the Office hears of. */
async function everybodyOnRecord({ twiceInDoubt = false } = {}): Promise<string[]> {
  const rows = await ctx.db.Delivery.find({ kind: 'meeting-alert' }, { key: 1, state: 1, reason: 1, meetingCode: 1, personId: 1 }).limit(10_000).lean<Delivery[]>();
  expect(new Set(rows.map((row) => `${row.meetingCode} ${String(row.personId)}`)).size).toBe(MEETINGS * PEOPLE);
  const inDoubt = rows.filter(({ state, reason }) => twiceInDoubt && state === 'unknown' && reason === 'unknown-twice');
  expect(rows.filter((row) => row.state !== 'accepted' && !inDoubt.includes(row))).toEqual([]);
  expect(rows).toHaveLength(MEETINGS * PEOPLE);
  return inDoubt.map(({ key }) => key);
}

test('connections break all the time while a hundred and sixty invitations are planned, claimed and settled: with a provider that can be asked everybody is told exactly once', { timeout: 180_000 }, async () => {
  const sender = new Askable();
  breakAgainAndAgain(breaks);
  notesLostAfter(sender, 60);
  expect(await ticksUntilDone(sender)).toBeGreaterThan(0);
  for (const part of Object.keys(steps)) expect(wire.cuts.some(({ what }) => what === part), part).toBe(true);
  // Some had left when the note of it was lost: without asking they would have gone twice.
  expect(sender.knewBetter).toBeGreaterThan(0);
  const texts = perKey(sender);
  expect([...texts.values()].filter((copies) => copies.length !== 1)).toEqual([]);
  expect(texts.size).toBe(MEETINGS * PEOPLE);
  await everybodyOnRecord();
});

test.each(['before', 'after'] as const)('a provider that cannot be asked, and connections break again and again (%s): everybody is told, or the Office that nobody knows; a second copy only where the first is in doubt, and marked', { timeout: 180_000 }, async (how) => {
  const sender = new ScriptedSender('zalo');
  breakAgainAndAgain([how]);
  await ticksUntilDone(sender);
  for (const part of Object.keys(steps)) expect(wire.cuts.some(({ what }) => what === part), part).toBe(true);
  const texts = perKey(sender);
  const inDoubt = await everybodyOnRecord({ twiceInDoubt: true });
  expect(new Set([...texts.keys(), ...inDoubt]).size).toBe(MEETINGS * PEOPLE);
  for (const [key, copies] of texts) {
    expect(copies.length, key).toBeLessThanOrEqual(2);
    for (const again of copies.slice(1)) expect(again).toMatch(/^Nhắc lại: /);
  }
});
