import { loadCalendar } from '../../calendar/load-calendar.js';
import type { Ctx } from '../../context.js';
import type { WorkingCalendar } from '../../kernel/working-calendar.js';
import type { Agency } from '../../people/agency.model.js';
import type { Person } from '../../people/person.model.js';
import { isAway } from '../acting/acting-person.js';
import { receiverOf, toMailboxes } from '../agency-copy.js';
import { enqueueAll, type NewDelivery } from '../enqueue.js';
import { readHold } from '../hold/hold.js';
import { isNotice } from '../notices/notice-kinds.js';
import { defaultPolicy, type DeliveryPolicy } from '../policy.js';
import { gatheredAt } from './digest-hour.js';
import { GATHER, onItsOwn } from './digest-keys.js';
import { settleMembers } from './digest-members.js';
import { digestKeyFor, markedWith, MOST, newDigest, waitingFields, type Waiting } from './plan-digest.js';
import { stale } from './stale.js';

/** Rows looked at together. */
const BATCH = 500;
/** So many receivers are gathered for together, and of all that waits for them so many rows are read at most; the rest is found by the next look. */
const TOGETHER = { receivers: 100, rows: 20_000 };

interface Run {
  ctx: Ctx;
  policy: DeliveryPolicy;
  calendar: WorkingCalendar;
  now: Date;
}

/**
 * Tick: what one person, or one agency's mailbox, has waiting leaves as one message. Reminders wait for the person's hour; what a standstill held up
 * and what came in a swarm leaves at once. A single one goes alone. Every step may be repeated or die half-way: rows are
 * marked first, and the digest follows from the marks. Returns how many rows and digests moved on.
 */
export async function gatherDigests(ctx: Ctx, wishes: Partial<DeliveryPolicy>): Promise<number> {
  const run: Run = { ctx, policy: { ...defaultPolicy, ...wishes }, calendar: await loadCalendar(ctx), now: ctx.clock.now() };
  let moved = await settleMembers(ctx);
  // After a restore each row keeps the hour it was due until the office has decided: by it the decision knows what had left.
  if ((await readHold(ctx))?.cause === 'restored') return moved;
  await heldUp(run);
  for (;;) {
    const due = await ctx.db.Delivery.find({ state: 'planned', digestKey: GATHER, notBefore: { $lte: run.now } }, waitingFields).sort({ notBefore: 1, _id: 1 }).limit(BATCH).lean<Waiting[]>();
    if (due.length === 0) return moved;
    const receivers = [...new Set(due.map(receiverOf))];
    let done = 0;
    for (let from = 0; from < receivers.length; from += TOGETHER.receivers) done += await gatherFor(run, receivers.slice(from, from + TOGETHER.receivers));
    // Others were quicker with every row: they go on.
    if (done === 0) return moved;
    moved += done;
  }
}

/** What has been due for long waits a moment for what else is being planned, and then leaves together. */
const heldUp = ({ ctx, policy, now }: Run) =>
  ctx.db.Delivery.updateMany(stale(now, policy), { $set: { digestKey: GATHER, notBefore: new Date(now.getTime() + policy.digest.graceMs) } });

/** Who a digest is for: a person, or an agency through its mailbox. Null: nobody can be gathered for. */
type Receiver = Person | Agency | null;

async function gatherFor(run: Run, receivers: readonly (string | null)[]): Promise<number> {
  const { ctx, policy, now } = run;
  const soon = new Date(now.getTime() + policy.digest.graceMs + policy.digest.spreadMs);
  const agencyCodes = receivers.flatMap((one) => (one?.startsWith(BOX) ? [one.slice(BOX.length)] : []));
  const personIds = receivers.filter((one) => one !== null && !one.startsWith(BOX));
  const waiting = { state: 'planned' as const, digestKey: GATHER, notBefore: { $lte: soon } };
  const read = (whose: Record<string, unknown>) => ctx.db.Delivery.find({ ...waiting, ...whose }, waitingFields).sort({ notBefore: 1, _id: 1 }).limit(TOGETHER.rows).lean<Waiting[]>();
  const [people, agencies, theirs, boxes] = await Promise.all([
    personIds.length > 0 ? ctx.db.Person.find({ _id: { $in: personIds } }).lean<Person[]>() : [],
    agencyCodes.length > 0 ? ctx.db.Agency.find({ code: { $in: agencyCodes }, active: true }).lean<Agency[]>() : [],
    personIds.length > 0 ? read({ personId: { $in: personIds }, chat: null }) : [],
    agencyCodes.length > 0 ? read({ ...toMailboxes, 'data.agencyCode': { $in: agencyCodes } }) : [],
  ]);
  const known = new Map<string, Receiver>([...people.map((one): [string, Receiver] => [String(one._id), one]), ...agencies.map((one): [string, Receiver] => [`${BOX}${one.code}`, one])]);
  const rowsOf = new Map<string | null, Waiting[]>();
  for (const row of [...theirs, ...boxes]) {
    const group = rowsOf.get(receiverOf(row));
    if (group) group.push(row);
    else rowsOf.set(receiverOf(row), [row]);
  }
  const digests: NewDelivery[] = [];
  let moved = 0;
  for (const id of receivers) {
    const [receiver, rows] = [known.get(id ?? '') ?? null, rowsOf.get(id) ?? []];
    // Whoever is away has somebody acting for them: each message finds its own way there, and is gathered there.
    if (!id || !receiver || ('roles' in receiver && isAway(receiver, now))) moved += await alone(run, rows);
    else for (const group of families(rows)) moved += await gatherOne(run, { id, receiver }, { rows: group, digests });
  }
  await enqueueAll(ctx, digests);
  return moved + digests.length;
}

const BOX = 'agency:';

/** Urgent matters and notices about delivering keep to themselves, and urgent notices too. */
function families(rows: readonly Waiting[]): Waiting[][] {
  const family = (urgent: boolean, notices: boolean) => rows.filter((row) => (row.lane === 'urgent') === urgent && isNotice(row.kind) === notices);
  return [family(true, false), family(true, true), family(false, true), family(false, false)].filter((one) => one.length > 0);
}

async function gatherOne(run: Run, { id, receiver }: { id: string; receiver: Person | Agency }, { rows, digests }: { rows: readonly Waiting[]; digests: NewDelivery[] }): Promise<number> {
  const { ctx, now, policy, calendar } = run;
  const later = rows.map((row) => ({ row, at: gatheredAt(row, now, { receiver, policy, calendar }) }));
  const isDue = rows.some((row) => row.notBefore <= now);
  const due = isDue ? later.filter(({ at }) => at === null).map(({ row }) => row) : [];
  const moved = await postpone(run, later.flatMap(({ row, at }) => (at && row.notBefore <= now ? [{ row, at }] : [])));
  const together = due.slice(0, MOST);
  const [first] = together;
  if (!first) return moved;
  if (together.length === 1) return moved + (await alone(run, together));
  const key = digestKeyFor(id, now, first);
  await ctx.db.Delivery.updateMany({ _id: { $in: together.map((row) => row._id) }, state: 'planned', digestKey: GATHER }, { $set: { digestKey: key } });
  const marked = await markedWith(ctx, key);
  if (marked.length > 0) digests.push(newDigest(ctx, key, marked));
  return moved;
}

async function postpone({ ctx }: Run, later: readonly { row: Waiting; at: Date }[]): Promise<number> {
  let moved = 0;
  for (const at of new Set(later.map((one) => one.at.getTime()))) {
    const ids = later.filter((one) => one.at.getTime() === at).map(({ row }) => row._id);
    const result = await ctx.db.Delivery.updateMany({ _id: { $in: ids }, state: 'planned', digestKey: GATHER }, { $set: { notBefore: new Date(at), order: new Date(at) } });
    moved += result.modifiedCount;
  }
  return moved;
}

async function alone({ ctx, now }: Run, rows: readonly Waiting[]): Promise<number> {
  const due = rows.filter((row) => row.notBefore <= now);
  if (due.length === 0) return 0;
  const result = await ctx.db.Delivery.updateMany({ _id: { $in: due.map((row) => row._id) }, state: 'planned', digestKey: GATHER }, { $set: onItsOwn(now) });
  return result.modifiedCount;
}
