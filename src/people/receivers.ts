import type { Ctx } from '../context.js';
import type { ChatChannel } from '../kernel/channels.js';
import type { Actor } from './actor.js';
import type { Person, PersonRole } from './person.model.js';

type Id = string | { toString(): string };

/** Active leaders of an agency, in the order they were entered. */
export const leadersOf = (ctx: Ctx, agencyCode: string): Promise<Person[]> => inRole(ctx, 'leader', agencyCode);

/** Active staff of the Office, who hear of every answer. */
export const officeStaff = (ctx: Ctx): Promise<Person[]> => inRole(ctx, 'office');

/**
 * Who hears of a task: the lead agency's leaders and its officer (no officer named: all its officers). Active people only, each once.
 */
export async function taskReceiverIds(ctx: Ctx, task: { leadAgencyCode: string; officerId: Id | null }): Promise<string[]> {
  const leaders = await leadersOf(ctx, task.leadAgencyCode);
  const officer = task.officerId ? await personById(ctx, task.officerId) : null;
  const officers = task.officerId ? (officer?.active ? [officer] : []) : await inRole(ctx, 'officer', task.leadAgencyCode);
  return [...new Set([...leaders, ...officers].map((person) => person._id.toString()))];
}

/** A person by id, active or not; null for unknown and for malformed ids. */
export async function personById(ctx: Ctx, id: Id): Promise<Person | null> {
  const hex = id.toString();
  return /^[0-9a-f]{24}$/i.test(hex) ? ctx.db.Person.findById(hex).lean<Person>() : null;
}

/** The person as an actor in a chat. */
export const personActor = (person: Person, channel: ChatChannel): Actor => ({
  kind: 'person',
  personId: person._id.toString(),
  name: person.name,
  agencyCode: person.agencyCode,
  roles: person.roles,
  channel,
});

const inRole = (ctx: Ctx, role: PersonRole, agencyCode?: string): Promise<Person[]> =>
  ctx.db.Person.find({ roles: role, active: true, ...(agencyCode ? { agencyCode } : {}) })
    .sort({ createdAt: 1, _id: 1 })
    .lean<Person[]>()
    .exec();
