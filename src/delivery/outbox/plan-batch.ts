import type { Types } from 'mongoose';
import { loadCalendar } from '../../calendar/load-calendar.js';
import type { Channel } from '../../kernel/channels.js';
import type { WorkingCalendar } from '../../kernel/working-calendar.js';
import type { ChatLink } from '../../people/links/chat-link.model.js';
import type { Person } from '../../people/person.model.js';
import { mailboxAgency } from '../agency-copy.js';
import { stopAfterUnknown } from './after-outcome.js';
import { afterGrant, pauseOf, takeCalls, type ChannelState } from '../limits/channel-state.js';
import { chooseChannel, openElsewhere, type Pause, type Route } from './choose-channel.js';
import { unknownCopies } from '../delivery-states.js';
import { countedAttempts, doubtfulCopies } from './doubtful-copies.js';
import type { DrainRun } from './drain-run.js';
import { mailboxHours, type MailboxHours } from './mailbox-hours.js';
import { quietApplies, quietUntil, theirQuiet } from './quiet-hours.js';
import { setAside } from './set-aside.js';
import { finish, giveBack, giveTogether, type Held } from './settle.js';
import { tellAllUndelivered } from '../notices/tell-office.js';
import { toLookUp } from './look-up.js';

/** A delivery that leaves now, and by which way. */
export interface Departure {
  /** Another way to this person is open now. */
  elsewhere?: boolean;
  held: Held;
  route: Route;
  person: Person | null;
  /** Not before that moment (milliseconds since the epoch): its place in the channel's pace. */
  startsAt?: number;
}

/** What leaves now, and what is asked about first. */
export interface Plan {
  departures: Departure[];
  lookUps: Held[];
}

interface Facts {
  people: Map<string, Person>;
  links: Map<string, ChatLink[]>;
  mailboxes: MailboxHours;
  configured: ReadonlySet<Channel>;
  pauses: Map<Channel, Pause>;
  /** Messages each person was sent in the last seconds. */
  recent: Map<string, number>;
  calendar: WorkingCalendar | null;
}

type End = { state: 'suppressed' | 'expired' | 'dead' | 'unknown'; reason: string };

/** What becomes of a claimed delivery. */
type Decision = { end: End } | { until: Date; waitsFor?: Channel } | { go: Departure } | { lookUp: Held } | { gather: true };

/** Decides for each claimed delivery: leaves now, waits, or ends here with its reason. One read per kind of fact and one write for the whole batch. */
export async function planBatch(run: DrainRun, batch: readonly Held[], states: ReadonlyMap<Channel, ChannelState>): Promise<Plan> {
  const facts = await gatherFacts(run, batch, states);
  const plan: Plan = { departures: [], lookUps: [] };
  const ended: { held: Held; end: End }[] = [];
  const written: Promise<unknown>[] = [];
  const decisions = batch.map((held) => ({ held, decision: decide(run, held, facts) }));
  const aside = await setAside(run, decisions.filter(({ decision }) => mayTurnAside(decision)).map(({ held }) => held), facts.people);
  for (const { held, decision: first } of decisions) {
    const decision: Decision = aside.get(String(held._id)) ?? first;
    if ('go' in decision) plan.departures.push(decision.go);
    else if ('lookUp' in decision) plan.lookUps.push(held);
    else if ('end' in decision) ended.push({ held, end: decision.end });
    else if ('gather' in decision) written.push(giveTogether(run.ctx, held));
    else written.push(giveBack(run.ctx, held, decision.until, decision.waitsFor ?? null));
  }
  await Promise.all([...written, endAll(run, ended)]);
  plan.departures = await withinLimits(run, plan.departures, states);
  return plan;
}

/** It would leave now, or end because nobody is there: somebody may act for the person. */
const mayTurnAside = (decision: Decision): boolean =>
  'go' in decision || ('end' in decision && (decision.end.reason === 'person-inactive' || decision.end.reason === 'no-channel'));

const personOf = (held: Held, facts: Facts): Person | null => facts.people.get(String(held.personId)) ?? null;

async function gatherFacts(run: DrainRun, batch: readonly Held[], states: ReadonlyMap<Channel, ChannelState>): Promise<Facts> {
  const { ctx, policy } = run;
  const now = ctx.clock.now();
  const ids = [...new Map(batch.flatMap((held) => (held.personId ? [[String(held.personId), held.personId] as const] : []))).values()];
  const since = new Date(now.getTime() - policy.perPerson.windowMs);
  const [people, links, sent, calendar, mailboxes] = await Promise.all([
    ctx.db.Person.find({ _id: { $in: ids } }).lean<Person[]>(),
    ctx.db.ChatLink.find({ personId: { $in: ids }, deadAt: null }).lean<ChatLink[]>(),
    ctx.db.Delivery.find({ personId: { $in: ids }, acceptedAt: { $gt: since, $lte: now } }, { personId: 1 }).lean<{ personId: Types.ObjectId }[]>(),
    batch.some(quietApplies) ? loadCalendar(ctx) : null,
    mailboxHours(ctx, batch),
  ]);
  const recent = new Map<string, number>();
  for (const { personId } of sent) recent.set(String(personId), (recent.get(String(personId)) ?? 0) + 1);
  const pauses = new Map([...states].flatMap(([channel, state]) => { const pause = pauseOf(state, now); return pause ? [[channel, pause] as const] : []; }));
  return { people: new Map(people.map((p) => [String(p._id), p])), links: groupBy(links, (link) => String(link.personId)), mailboxes, configured: new Set(run.senders.keys()), pauses, recent, calendar };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Nothing is written here: what the rows and facts say, in one place. */
function decide(run: DrainRun, held: Held, facts: Facts): Decision {
  const end = endOf(run, held, facts);
  if (end) return { end };
  const { ctx, policy, senders } = run;
  const now = ctx.clock.now();
  const person = personOf(held, facts);
  const quiet = quietUntilFor(run, held, facts);
  if (quiet) return { until: quiet };
  if (toLookUp(held, senders)) return { lookUp: held };
  const stopped = stopOf(run, held, unknownCopies(countedAttempts(held.attempts, senders)));
  if (stopped) return { end: stopped };
  const delivery = { chat: held.chat, lane: held.lane, triedChannels: held.triedChannels, attempts: countedAttempts(held.attempts, senders) };
  const links = facts.links.get(String(held.personId)) ?? [];
  const need = { delivery, person, links, configured: facts.configured, pauses: facts.pauses, now, policy };
  const choice = chooseChannel(need);
  if ('none' in choice) return { end: { state: 'dead', reason: unreachableBecause(held) } };
  if ('wait' in choice) return { until: choice.until, waitsFor: choice.wait };
  // The first copy may be with a provider that could be asked again without harm; on another way it is a second copy.
  const stop = stopOf(run, held, doubtfulCopies(held.attempts, senders, choice.go.channel));
  if (stop) return { end: stop };
  const later = leftToOthers(run, held, choice.go.channel);
  if (later) return { until: later, waitsFor: choice.go.channel };
  if (tooMany(run, held, facts)) return { until: new Date(now.getTime() + policy.perPerson.windowMs / policy.perPerson.max) };
  return { go: { held, route: choice.go, person, elsewhere: openElsewhere(need, choice.go) } };
}

function endOf({ ctx, policy }: DrainRun, held: Held, facts: Facts): End | null {
  const person = personOf(held, facts);
  if (held.acknowledgedAt) return { state: 'suppressed', reason: 'acknowledged' };
  if (held.expiresAt && held.expiresAt <= ctx.clock.now()) return { state: 'expired', reason: 'stale' };
  if (held.personId && !person?.active) return { state: 'suppressed', reason: 'person-inactive' };
  if (held.lapses >= policy.maxLapses) return { state: 'dead', reason: 'workers-died' };
  if (held.attempts.filter((a) => a.outcome === 'error').length >= policy.maxFailures) return { state: 'dead', reason: 'not-renderable' };
  return null;
}

function stopOf({ policy }: DrainRun, held: Held, copies: number): End | null {
  const stop = copies > 0 ? stopAfterUnknown(held, copies, policy) : null;
  return stop ? { state: 'unknown', reason: stop } : null;
}

/** When this delivery may leave, a little spread; null: now. */
function quietUntilFor({ ctx, policy }: DrainRun, held: Held, facts: Facts): Date | null {
  if (!facts.calendar || !quietApplies(held)) return null;
  const agencyCode = mailboxAgency(held);
  const receiver = agencyCode === null ? personOf(held, facts) : (facts.mailboxes.get(agencyCode) ?? null);
  const quiet = theirQuiet(held, policy.quiet, receiver);
  const ends = quiet && quietUntil(ctx.clock.now(), quiet, facts.calendar);
  return ends && new Date(ends.getTime() + ctx.random.int(Math.max(1, quiet.spreadMs)));
}

const unreachableBecause = (held: Held): string =>
  held.attempts.some((a) => a.outcome === 'retry' || a.outcome === 'down' || a.outcome === 'rejected' || a.outcome === 'unknown') ? 'attempts-exhausted' : 'no-channel';

/** A copy in doubt with a provider that is down for everybody: its only repeat is not spent on trying whether it is back, unless nobody else tries for long. */
const DOUBT_WAITS_MS = 30 * 60_000;
function leftToOthers({ ctx, states }: DrainRun, { attempts }: Held, channel: Channel): Date | null {
  const doubt = states.get(channel)?.broken ? attempts.findLast((a) => a.channel === channel && a.outcome === 'unknown') : undefined;
  const until = doubt && new Date(doubt.at.getTime() + DOUBT_WAITS_MS);
  return until && until > ctx.clock.now() ? until : null;
}

/** Notices to one person are paced; urgent ones and answers are not. */
function tooMany({ policy }: DrainRun, held: Held, { recent }: Facts): boolean {
  const person = String(held.personId);
  const sent = recent.get(person) ?? 0;
  if (held.lane !== 'urgent' && !held.chat && held.personId && sent >= policy.perPerson.max) return true;
  recent.set(person, sent + 1);
  return false;
}

/** The office is told first: a crash in between tells again under the same key. */
async function endAll(run: DrainRun, ended: readonly { held: Held; end: End }[]): Promise<void> {
  if (ended.length === 0) return;
  const told = ended.filter(({ end }) => end.state === 'dead' || end.reason === 'unknown-twice' || end.reason === 'not-repeated');
  await tellAllUndelivered(run.ctx, told.map(({ held, end }) => ({ delivery: held, reason: end.reason })));
  await Promise.all(ended.map(async ({ held, end }) => {
    if (await finish(run.ctx, held, end.state, end.reason)) run.handled++;
  }));
}

/** As many as the channels' limits and open calls allow, urgent first; the rest goes back, keeping its place in the queue. */
async function withinLimits(run: DrainRun, leaving: readonly Departure[], states: ReadonlyMap<Channel, ChannelState>): Promise<Departure[]> {
  const perChannel = await Promise.all([...groupBy(leaving, (d) => d.route.channel)].map(([channel, here]) => granted(run, channel as Channel, here, states)));
  return perChannel.flat();
}

async function granted(run: DrainRun, channel: Channel, here: readonly Departure[], states: ReadonlyMap<Channel, ChannelState>): Promise<Departure[]> {
  const urgent = here.filter((d) => d.held.lane === 'urgent');
  const ordinary = here.filter((d) => d.held.lane !== 'urgent');
  const room = run.roomFor(channel);
  const wanted = { urgent: Math.min(urgent.length, room.urgent), ordinary: Math.min(ordinary.length, Math.max(0, room.ordinary - urgent.length)) };
  const given = await takeCalls(run.ctx, channel, wanted, run.policy.limits[channel], states.get(channel));
  const before = states.get(channel);
  if (before) run.states.set(channel, afterGrant(before, run.policy.limits[channel], run.ctx.clock.now(), given));
  const late = [...urgent.slice(given.urgent), ...ordinary.slice(given.ordinary)];
  await Promise.all(late.map(({ held }) => giveBack(run.ctx, held, held.notBefore, channel)));
  if (late.length > 0) run.atLimit.add(channel);
  return [...urgent.slice(0, given.urgent), ...ordinary.slice(0, given.ordinary)].map((departure, i) => ({ ...departure, startsAt: given.starts[i] ?? 0 }));
}
