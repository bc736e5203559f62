import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Renderers } from '../../src/delivery/renderer.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import { comingMeetingsOf } from '../../src/meetings/find-meetings.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import { personActor } from '../../src/people/receivers.js';
import { seedCalendar } from '../../src/calendar/seed-calendar.js';
import { loadSample } from '../../src/demo/sample-province.js';
import { seed } from '../../src/demo/seed.js';
import { testCtx } from '../support/test-ctx.js';

const renderers: Renderers = { ...taskRenderers, ...meetingRenderers };
const sample = loadSample();
let bench: Awaited<ReturnType<typeof testCtx>>;

beforeEach(async () => {
  bench = await testCtx('2026-11-20T02:30:00Z'); // a Friday, 09:30 in Vietnam
  await seedCalendar(bench.ctx);
});
afterEach(() => bench.close());

/** Everything in the database but the moments of bookkeeping. */
async function everything(): Promise<Record<string, unknown[]>> {
  const names = Object.keys(bench.ctx.db.conn.models);
  const rows = await Promise.all(names.map(async (name) => [name, await bench.ctx.db.conn.models[name]?.find().sort({ _id: 1 }).lean()] as const));
  return Object.fromEntries(rows.map(([name, list]) => [name, (list ?? []).map((row) => ({ ...(row as object), updatedAt: undefined }))]));
}

test('the sample province comes to life, and a second start changes nothing', async () => {
  const { codes } = await seed(bench.ctx, sample, { renderers });
  const { db } = bench.ctx;
  expect(await db.Task.countDocuments()).toBe(25);
  expect(await db.Directive.countDocuments()).toBe(24);
  expect(await db.ChatLink.countDocuments()).toBe(sample.people.length * 2 + 5);
  const stageOf = async (id: string) => (await db.Task.findOne({ code: codes.get(id) }).orFail().lean()).stage;
  expect(await Promise.all(['NV02', 'NV05', 'NV08', 'NV16', 'NV22'].map(stageOf))).toEqual(['in-progress', 'completed', 'submitted', 'returned', 'new']);

  const before = await everything();
  bench.clock.advance({ minutes: 5 });
  await seed(bench.ctx, sample, { renderers });
  expect(await everything()).toEqual(before);
});

test('history is history: everything in it happened before the opening and nothing of it waits to be sent', async () => {
  await seed(bench.ctx, sample, { renderers });
  const deliveries = await bench.ctx.db.Delivery.find().lean();
  const now = bench.clock.now();
  expect(deliveries.length).toBeGreaterThan(100);
  expect(deliveries.filter((d) => d.createdAt > now || d.state === 'planned' || d.state === 'dead')).toEqual([]);
  expect(await bench.ctx.db.Task.countDocuments({ nextReminderAt: { $ne: null, $lte: now } })).toBe(0);
  expect(await bench.ctx.db.Task.countDocuments({ assignedAt: { $gt: now } })).toBe(0);
});

test('whoever presides over a sample meeting is picked, invited and finds it under /hop', async () => {
  await seed(bench.ctx, sample, { renderers });
  const chairs = new Map(sample.people.map(({ id, name }) => [id, name]));
  for (const { title, chair } of sample.meetings.filter(({ live }) => !live)) {
    const meeting = await bench.ctx.db.Meeting.findOne({ title }).orFail().lean();
    const person = await bench.ctx.db.Person.findOne({ name: chairs.get(chair) ?? '' }).orFail().lean();
    expect([String(meeting.chairId), meeting.attendees.some(({ personId }) => personId.equals(person._id))]).toEqual([String(person._id), true]);
    expect((await comingMeetingsOf(bench.ctx, personActor(person, 'zalo'))).map(({ code }) => code)).toContain(meeting.code);
  }
});

test('every lead agency has a leader who hears of its tasks', () => {
  const led = new Set(sample.people.filter((p) => p.roles.includes('leader')).map((p) => p.agencyCode));
  expect(sample.directives.flatMap((d) => d.tasks.map((t) => t.lead)).filter((code) => !led.has(code))).toEqual([]);
});
