import type { FastifyInstance } from 'fastify';
import { because, type Ctx } from '../src/context.js';
import { DomainError } from '../src/kernel/errors.js';
import type { Actor } from '../src/people/actor.js';
import { can } from '../src/people/policy.js';
import { currentUser } from './current.js';
import { directiveDetail } from './details/directive-detail.js';
import { meetingDetail } from './details/meeting-detail.js';
import { taskDetail } from './details/task-detail.js';

/** What the screens read beside AdminJS's own lists: choices for forms and the detail pages. Read only. */
export function registerOfficeRoutes(http: FastifyInstance, ctx: Ctx): void {
  const here = because(ctx, 'admin:read');
  http.get('/admin/api/office/lookups', () => lookups(here, me()));
  http.get<{ Params: { code: string } }>('/admin/api/office/tasks/:code', ({ params }) => taskDetail(here, me(), params.code));
  http.get<{ Params: { code: string } }>('/admin/api/office/meetings/:code', ({ params }) => meetingDetail(here, me(), params.code));
  http.get<{ Params: { id: string } }>('/admin/api/office/directives/:id', ({ params }) => directiveDetail(here, me(), params.id));
}

function me(): Actor {
  const user = currentUser();
  if (!user) throw new DomainError('not-signed-in');
  return user.actor;
}

/** Agencies and people to choose from; an agency's account gets its own agency's name and nobody's. */
async function lookups(ctx: Ctx, actor: Actor) {
  const all = can(actor, 'task.read');
  const own = actor.kind === 'account' && actor.agencyCode ? { code: actor.agencyCode } : { code: null };
  const agencies = await ctx.db.Agency.find(all ? { active: true } : own, { code: 1, name: 1, type: 1 }).sort({ type: 1, code: 1 }).lean().exec();
  const mayChoose = can(actor, 'task.assign') || can(actor, 'meeting.write');
  const people = mayChoose ? await ctx.db.Person.find({ active: true }, { name: 1, position: 1, agencyCode: 1, roles: 1 }).sort({ agencyCode: 1, nameFold: 1 }).lean().exec() : [];
  return {
    agencies: agencies.map(({ code, name, type }) => ({ code, name, type })),
    people: people.map(({ _id, name, position, agencyCode, roles }) => ({ id: String(_id), name, position, agencyCode, roles })),
  };
}
