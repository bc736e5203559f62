import type { Types } from 'mongoose';
import { loadCalendar } from '../../calendar/load-calendar.js';
import type { Channel } from '../../kernel/channels.js';
import type { WorkingCalendar } from '../../kernel/working-calendar.js';
import type { ChatLink } from '../../people/links/chat-link.model.js';
import type { Person } from '../../people/person.model.js';
import { stopAfterUnknown } from './after-outcome.js';
import { pauseOf, takeCalls, type ChannelState } from '../limits/channel-state.js';
import { chooseChannel, type Pause, type Route } from './choose-channel.js';
import { unknownCopies } from '../delivery-states.js';
import { countedAttempts, doubtfulCopies } from './doubtful-copies.js';
import type { DrainRun } from './drain-run.js';
import { quietApplies, quietFor, quietUntil } from './quiet-hours.js';
import { finish, giveBack, type Held } from './settle.js';
import { tellUndelivered } from '../notices/tell-office.js';

/** A delivery that leaves now, and by which way. */
export interface Departure {
  held: Held;
  route: Route;
  person: Person | null;
}

interface Facts {
  people: Map<string, Person>;
  links: ChatLink[];
  pauses: Map<Channel, Pause>;
  /** Messages each person was sent in the last seconds. */
  recent: Map<string, number>;
  calendar: WorkingCalendar | null;
}

/** Decides for each claimed delivery: leaves now, waits, or ends here with its reason. One read per kind of fact for the whole batch. */
export async function planBatch(run: DrainRun, batch: readonly Held[], states: ReadonlyMap<Channel, ChannelState>): Promise<Departure[]> {
  const facts = await gatherFacts(run, batch, states);
  const leaving: Departure[] = [];
  for (const held of batch) {
    const route = (await endsHere(run, held, facts)) ? null : await findRoute(run, held, facts);
    if (route) leaving.push({ held, route, person: personOf(held, facts) });
  }
  return withinLimits(run, leaving);
}

const personOf = (held: Held, facts: Facts): Person | null => facts.people.get(String(held.personId)) ?? null;

async function gatherFacts(run: DrainRun, batch: readonly Held[], states: ReadonlyMap<Channel, ChannelState>): Promise<Facts> {
  const { ctx, policy } = run;
  const now = ctx.clock.now();
  const ids = batch.flatMap((held) => (held.personId ? [held.personId] : []));
  const since = new Date(now.getTime() - policy.perPerson.windowMs);
  const [people, links, sent] = await Promise.all([
    ctx.db.Person.find({ _id: { $in: ids } }).lean<Person[]>(),
    ctx.db.ChatLink.find({ personId: { $in: ids }, deadAt: null }).lean<ChatLink[]>(),
    ctx.db.Delivery.find({ personId: { $in: ids }, acceptedAt: { $gt: since } }, { personId: 1 }).lean<{ personId: Types.ObjectId }[]>(),
  ]);
  const recent = new Map<string, number>();
  for (const { personId } of sent) recent.set(String(personId), (recent.get(String(personId)) ?? 0) + 1);
  const pauses = new Map([...states].flatMap(([channel, state]) => { const pause = pauseOf(state, now); return pause ? [[channel, pause] as const] : []; }));
  const calendar = policy.quiet && batch.some(quietApplies) ? await loadCalendar(ctx) : null;
  return { people: new Map(people.map((p) => [String(p._id), p])), links, pauses, recent, calendar };
}

/** True where nothing leaves any more; the reason is written. */
async function endsHere(run: DrainRun, held: Held, facts: Facts): Promise<boolean> {
  const end = endOf(run, held, facts);
  if (end) await endWith(run, held, end);
  return end !== null;
}

async function endWith(run: DrainRun, held: Held, end: End): Promise<void> {
  if (end.state === 'dead' || end.reason === 'unknown-twice') await tellUndelivered(run.ctx, held, end.reason);
  if (await finish(run.ctx, held, end.state, end.reason)) run.handled++;
}

type End = { state: 'suppressed' | 'expired' | 'dead' | 'unknown'; reason: string };

function endOf({ ctx, policy, senders }: DrainRun, held: Held, facts: Facts): End | null {
  const person = personOf(held, facts);
  if (held.acknowledgedAt) return { state: 'suppressed', reason: 'acknowledged' };
  if (held.expiresAt && held.expiresAt <= ctx.clock.now()) return { state: 'expired', reason: 'stale' };
  if (held.personId && !person?.active) return { state: 'suppressed', reason: 'person-inactive' };
  if (held.lapses >= policy.maxLapses) return { state: 'dead', reason: 'workers-died' };
  if (held.attempts.filter((a) => a.outcome === 'error').length >= policy.maxFailures) return { state: 'dead', reason: 'not-renderable' };
  const copies = unknownCopies(countedAttempts(held.attempts, senders));
  const stop = copies > 0 ? stopAfterUnknown(held, copies, policy) : null;
  return stop ? { state: 'unknown', reason: stop } : null;
}

async function findRoute(run: DrainRun, held: Held, facts: Facts): Promise<Route | null> {
  const { ctx, policy, senders } = run;
  const now = ctx.clock.now();
  const quiet = quietUntilFor(run, held, facts.calendar);
  if (quiet) return notNow(giveBack(ctx, held, quiet));
  const links = facts.links.filter((link) => String(link.personId) === String(held.personId));
  const delivery = { ...held, attempts: countedAttempts(held.attempts, senders) };
  const choice = chooseChannel({ delivery, person: personOf(held, facts), links, configured: new Set(senders.keys()), pauses: facts.pauses, now, policy });
  if ('none' in choice) return notNow(parkUnreachable(run, held));
  if ('wait' in choice) return notNow(giveBack(ctx, held, choice.until, choice.wait));
  // The first copy may be with a provider that could be asked again without harm; on another way it is a second copy.
  const copies = doubtfulCopies(held.attempts, senders, choice.go.channel);
  const stop = copies > 0 ? stopAfterUnknown(held, copies, policy) : null;
  if (stop) return notNow(endWith(run, held, { state: 'unknown', reason: stop }));
  return tooMany(run, held, facts) ? notNow(giveBack(ctx, held, new Date(now.getTime() + policy.perPerson.windowMs / policy.perPerson.max))) : choice.go;
}

/** When this delivery may leave, a little spread; null: now. */
function quietUntilFor({ ctx, policy }: DrainRun, held: Held, calendar: WorkingCalendar | null): Date | null {
  if (!policy.quiet || !calendar || !quietApplies(held)) return null;
  const ends = quietUntil(ctx.clock.now(), quietFor(held, policy.quiet), calendar);
  return ends && new Date(ends.getTime() + ctx.random.int(Math.max(1, policy.quiet.spreadMs)));
}

async function notNow(written: Promise<unknown>): Promise<null> {
  await written;
  return null;
}

async function parkUnreachable(run: DrainRun, held: Held): Promise<void> {
  const reason = held.attempts.some((a) => a.outcome === 'retry' || a.outcome === 'rejected' || a.outcome === 'unknown') ? 'attempts-exhausted' : 'no-channel';
  await tellUndelivered(run.ctx, held, reason);
  if (await finish(run.ctx, held, 'dead', reason)) run.handled++;
}

/** Notices to one person are paced; urgent ones and answers are not. */
function tooMany({ policy }: DrainRun, held: Held, { recent }: Facts): boolean {
  const person = String(held.personId);
  const sent = recent.get(person) ?? 0;
  if (held.lane !== 'urgent' && !held.chat && held.personId && sent >= policy.perPerson.max) return true;
  recent.set(person, sent + 1);
  return false;
}

/** As many as the channels' limits and open calls allow, urgent first; the rest goes back, keeping its place in the queue. */
async function withinLimits(run: DrainRun, leaving: Departure[]): Promise<Departure[]> {
  const going: Departure[] = [];
  for (const channel of new Set(leaving.map((d) => d.route.channel))) {
    const here = leaving.filter((d) => d.route.channel === channel);
    const urgent = here.filter((d) => d.held.lane === 'urgent');
    const ordinary = here.filter((d) => d.held.lane !== 'urgent');
    const room = run.roomFor(channel);
    const wanted = { urgent: Math.min(urgent.length, room.urgent), ordinary: Math.min(ordinary.length, Math.max(0, room.ordinary - urgent.length)) };
    const granted = await takeCalls(run.ctx, channel, wanted, run.policy.limits[channel]);
    going.push(...urgent.slice(0, granted.urgent), ...ordinary.slice(0, granted.ordinary));
    const late = [...urgent.slice(granted.urgent), ...ordinary.slice(granted.ordinary)];
    await Promise.all(late.map(({ held }) => giveBack(run.ctx, held, held.notBefore, channel)));
    if (late.length > 0) run.atLimit.add(channel);
  }
  return going;
}
