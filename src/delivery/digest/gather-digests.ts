import { loadCalendar } from '../../calendar/load-calendar.js';
import type { Ctx } from '../../context.js';
import type { WorkingCalendar } from '../../kernel/working-calendar.js';
import type { Person } from '../../people/person.model.js';
import { isAway } from '../acting/acting-person.js';
import type { Delivery } from '../delivery.model.js';
import { enqueueAll, type NewDelivery } from '../enqueue.js';
import { isNotice } from '../notices/notice-kinds.js';
import { defaultPolicy, type DeliveryPolicy } from '../policy.js';
import { gatheredAt } from './digest-hour.js';
import { GATHER, onItsOwn } from './digest-keys.js';
import { settleMembers } from './digest-members.js';
import { digestKeyFor, newDigest } from './plan-digest.js';
import { stale } from './stale.js';

/** Rows looked at together. */
const BATCH = 500;
/** One digest speaks of so many at most; the next takes the rest. */
const MOST = 500;

interface Run {
  ctx: Ctx;
  policy: DeliveryPolicy;
  calendar: WorkingCalendar;
  now: Date;
}

/**
 * Tick: what one person has waiting leaves as one message. Reminders wait for the person's hour; what a standstill held up
 * and what came in a swarm leaves at once. A single one goes alone. Every step may be repeated or die half-way: rows are
 * marked first, and the digest follows from the marks. Returns how many rows and digests moved on.
 */
export async function gatherDigests(ctx: Ctx, wishes: Partial<DeliveryPolicy>): Promise<number> {
  const run: Run = { ctx, policy: { ...defaultPolicy, ...wishes }, calendar: await loadCalendar(ctx), now: ctx.clock.now() };
  let moved = await settleMembers(ctx);
  await heldUp(run);
  for (;;) {
    const due = await ctx.db.Delivery.find({ state: 'planned', digestKey: GATHER, notBefore: { $lte: run.now } }).sort({ notBefore: 1, _id: 1 }).limit(BATCH).lean<Delivery[]>();
    if (due.length === 0) return moved;
    const done = await gatherFor(run, [...new Set(due.map((row) => String(row.personId)))]);
    // Others were quicker with every row: they go on.
    if (done === 0) return moved;
    moved += done;
  }
}

/** What has been due for long waits a moment for what else is being planned, and then leaves together. */
const heldUp = ({ ctx, policy, now }: Run) =>
  ctx.db.Delivery.updateMany(stale(now, policy), { $set: { digestKey: GATHER, notBefore: new Date(now.getTime() + policy.digest.graceMs) } });

async function gatherFor(run: Run, personIds: string[]): Promise<number> {
  const { ctx, policy, now } = run;
  const soon = new Date(now.getTime() + policy.digest.graceMs + policy.digest.spreadMs);
  const [people, rows] = await Promise.all([
    ctx.db.Person.find({ _id: { $in: personIds } }).lean<Person[]>(),
    ctx.db.Delivery.find({ state: 'planned', digestKey: GATHER, notBefore: { $lte: soon }, personId: { $in: personIds } }).sort({ notBefore: 1, _id: 1 }).lean<Delivery[]>(),
  ]);
  const digests: NewDelivery[] = [];
  let moved = 0;
  for (const id of personIds) {
    const person = people.find((one) => String(one._id) === id);
    const theirs = rows.filter((row) => String(row.personId) === id);
    // Whoever is away has somebody acting for them: each message finds its own way there, and is gathered there.
    if (!person || isAway(person, now)) moved += await alone(run, theirs);
    else for (const group of families(theirs)) moved += await gatherOne(run, person, group, digests);
  }
  await enqueueAll(ctx, digests);
  return moved + digests.length;
}

/** Urgent matters and notices about delivering keep to themselves. */
function families(rows: readonly Delivery[]): Delivery[][] {
  const urgent = rows.filter((row) => row.lane === 'urgent');
  const notices = rows.filter((row) => row.lane !== 'urgent' && isNotice(row.kind));
  const work = rows.filter((row) => row.lane !== 'urgent' && !isNotice(row.kind));
  return [urgent, notices, work].filter((family) => family.some((row) => row));
}

async function gatherOne(run: Run, person: Person, rows: readonly Delivery[], digests: NewDelivery[]): Promise<number> {
  const { ctx, now, policy, calendar } = run;
  const later = rows.map((row) => ({ row, at: gatheredAt(row, now, { person, policy, calendar }) }));
  const due = rows.some((row) => row.notBefore <= now) ? later.filter(({ at }) => at === null).map(({ row }) => row) : [];
  const moved = await postpone(run, later.flatMap(({ row, at }) => (at && row.notBefore <= now ? [{ row, at }] : [])));
  const together = due.slice(0, MOST);
  const [first] = together;
  if (!first) return moved;
  if (together.length === 1) return moved + (await alone(run, together));
  const key = digestKeyFor(String(person._id), now, first);
  await ctx.db.Delivery.updateMany({ _id: { $in: together.map((row) => row._id) }, state: 'planned', digestKey: GATHER }, { $set: { digestKey: key } });
  const marked = await ctx.db.Delivery.find({ state: 'planned', digestKey: key }).sort({ notBefore: 1, _id: 1 }).lean<Delivery[]>();
  if (marked.length > 0) digests.push(newDigest(ctx, key, marked));
  return moved;
}

async function postpone({ ctx }: Run, later: readonly { row: Delivery; at: Date }[]): Promise<number> {
  let moved = 0;
  for (const at of new Set(later.map((one) => one.at.getTime()))) {
    const ids = later.filter((one) => one.at.getTime() === at).map(({ row }) => row._id);
    const result = await ctx.db.Delivery.updateMany({ _id: { $in: ids }, state: 'planned', digestKey: GATHER }, { $set: { notBefore: new Date(at), order: new Date(at) } });
    moved += result.modifiedCount;
  }
  return moved;
}

async function alone({ ctx, now }: Run, rows: readonly Delivery[]): Promise<number> {
  const due = rows.filter((row) => row.notBefore <= now);
  if (due.length === 0) return 0;
  const result = await ctx.db.Delivery.updateMany({ _id: { $in: due.map((row) => row._id) }, state: 'planned', digestKey: GATHER }, { $set: onItsOwn(now) });
  return result.modifiedCount;
}
