import type { Ctx } from '../context.js';
import type { AnswerChannel } from '../kernel/channels.js';
import type { Actor, FromPhone } from './actor.js';
import type { Person, PersonRole } from './person.model.js';

type Id = string | { toString(): string };

/** Active leaders of an agency, in the order they were entered. */
export const leadersOf = (ctx: Ctx, agencyCode: string): Promise<Person[]> => inRole(ctx, 'leader', agencyCode);

/** Active staff of the Office, who hear of every answer. */
export const officeStaff = (ctx: Ctx): Promise<Person[]> => inRole(ctx, 'office');

/**
 * Who hears of a task: the lead agency's leaders and its officer. An officer who has left or was moved to another agency no
 * longer answers for it: their successor does if one of the agency's own, else all its officers, as where none was named.
 * Active people only, each once.
 */
export async function taskReceiverIds(ctx: Ctx, task: { leadAgencyCode: string; officerId: Id | null }): Promise<string[]> {
  return receiversAmong(await staffOf(ctx, [task.leadAgencyCode]), await officerNow(ctx, task));
}

/** The same rule on people in hand: an agency's active leaders and officers, and the officer named, if any. */
export function receiversAmong(staff: readonly Person[], named: Person | null): string[] {
  const leaders = staff.filter(({ roles }) => roles.includes('leader'));
  const officers = named ? [named] : staff.filter(({ roles }) => roles.includes('officer'));
  return [...new Set([...leaders, ...officers].map((person) => person._id.toString()))];
}

/** Active leaders and officers of these agencies, in the order they were entered. */
export const staffOf = (ctx: Ctx, agencyCodes: readonly string[]): Promise<Person[]> =>
  ctx.db.Person.find({ agencyCode: { $in: [...agencyCodes] }, roles: { $in: ['leader', 'officer'] }, active: true }).sort({ createdAt: 1, _id: 1 }).lean<Person[]>().exec();

async function officerNow(ctx: Ctx, { leadAgencyCode, officerId }: { leadAgencyCode: string; officerId: Id | null }): Promise<Person | null> {
  const officer = officerId ? await personById(ctx, officerId) : null;
  const successor = officer && !officer.active && officer.deputyId ? await personById(ctx, officer.deputyId) : null;
  return inOffice(leadAgencyCode, officer, successor);
}

const inOffice = (leadAgencyCode: string, ...candidates: (Person | null | undefined)[]): Person | null =>
  candidates.find((person) => person?.active && person.agencyCode === leadAgencyCode) ?? null;

/** Whom a task is told to, as far as it says so itself. */
export interface Told {
  leadAgencyCode: string;
  officerId: Id | null;
  /** Who answers in the named officer's stead by now; null: nobody in particular, so all officers; absent: not looked up, the named one counts. */
  officerNow?: Id | null;
}

/** The tasks with who answers for them now: the same rule as taskReceiverIds, in two questions to the database for all. */
export async function withOfficerNow<T extends Told>(ctx: Ctx, tasks: readonly T[]): Promise<(T & { officerNow: string | null })[]> {
  const named = await peopleById(ctx, tasks.map(({ officerId }) => officerId));
  const successors = await peopleById(ctx, [...named.values()].map(({ active, deputyId }) => (active ? null : (deputyId ?? null))));
  return tasks.map((task) => {
    const officer = named.get(String(task.officerId));
    const successor = officer && !officer.active ? successors.get(String(officer.deputyId)) : null;
    return { ...task, officerNow: inOffice(task.leadAgencyCode, officer, successor)?._id.toString() ?? null };
  });
}

async function peopleById(ctx: Ctx, ids: readonly (Id | null)[]): Promise<Map<string, Person>> {
  const hexes = [...new Set(ids.flatMap((id) => (id ? [id.toString()] : [])))].filter((hex) => /^[0-9a-f]{24}$/i.test(hex));
  const people = hexes.length > 0 ? await ctx.db.Person.find({ _id: { $in: hexes } }).lean<Person[]>() : [];
  return new Map(people.map((person) => [person._id.toString(), person]));
}

/** Would this person, were they active, be among those who hear of the task? The same rule as taskReceiverIds, for somebody in hand. */
export function answersFor(task: Told, person: { _id: Id; agencyCode: string; roles: readonly PersonRole[] }): boolean {
  const { leadAgencyCode, officerId, officerNow: now = officerId } = task;
  const [id, inside] = [person._id.toString(), person.agencyCode === leadAgencyCode];
  if (now?.toString() === id || (inside && officerId?.toString() === id)) return true;
  return inside && (person.roles.includes('leader') || (!now && person.roles.includes('officer')));
}

/** A person by id, active or not; null for unknown and for malformed ids. */
export async function personById(ctx: Ctx, id: Id): Promise<Person | null> {
  const hex = id.toString();
  return /^[0-9a-f]{24}$/i.test(hex) ? ctx.db.Person.findById(hex).lean<Person>() : null;
}

/** The person as an actor in a chat, a mail or an SMS; `from`: the number of the latter. */
export const personActor = (person: Person, channel: AnswerChannel, from?: FromPhone): Actor => ({
  kind: 'person',
  personId: person._id.toString(),
  name: person.name,
  agencyCode: person.agencyCode,
  roles: person.roles,
  channel,
  ...(from ? { from } : {}),
});

const inRole = (ctx: Ctx, role: PersonRole, agencyCode?: string): Promise<Person[]> =>
  ctx.db.Person.find({ roles: role, active: true, ...(agencyCode ? { agencyCode } : {}) })
    .sort({ createdAt: 1, _id: 1 })
    .lean<Person[]>()
    .exec();
