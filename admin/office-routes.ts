import type { FastifyInstance } from 'fastify';
import { because, type Ctx } from '../src/context.js';
import { loadCalendar } from '../src/calendar/load-calendar.js';
import { DomainError } from '../src/kernel/errors.js';
import { formatWeekday, isLocalDate, localDateOf } from '../src/kernel/local-date.js';
import type { Actor } from '../src/people/actor.js';
import { inOfficialOrder } from '../src/people/agency-order.js';
import { can, mustBeAllowed } from '../src/people/policy.js';
import { reachedAgencies } from '../src/people/reached-agencies.js';
import { currentUser } from './current.js';
import { agencyDetail } from './details/agency-detail.js';
import { accountDetail } from './details/account-detail.js';
import { directiveDetail } from './details/directive-detail.js';
import { meetingDayWords } from './details/meeting-day.js';
import { meetingDetail } from './details/meeting-detail.js';
import { personDetail } from './details/person-detail.js';
import { taskDetail } from './details/task-detail.js';
import { holdBanner } from './held.js';
import { inInvitingOrder } from './people-order.js';
import { registerPasswordRoute } from './password-route.js';

/** What the screens read beside AdminJS's own lists: choices for forms and the detail pages; and the own password's change. */
export function registerOfficeRoutes(http: FastifyInstance, ctx: Ctx): void {
  const here = because(ctx, 'admin:read');
  http.get('/admin/api/office/lookups', () => lookups(here, me()));
  http.get('/admin/api/office/held', async () => ({ held: await holdBanner(here, me()) }));
  http.get<{ Params: { code: string } }>('/admin/api/office/tasks/:code', ({ params }) => taskDetail(here, me(), params.code));
  http.get<{ Params: { code: string } }>('/admin/api/office/meetings/:code', ({ params }) => meetingDetail(here, me(), params.code));
  http.get<{ Querystring: { on?: string } }>('/admin/api/office/meeting-day', ({ query }) => meetingDayWords(here, me(), query));
  http.get<{ Params: { id: string } }>('/admin/api/office/directives/:id', ({ params }) => directiveDetail(here, me(), params.id));
  http.get<{ Params: { id: string } }>('/admin/api/office/people/:id', ({ params }) => personDetail(here, me(), params.id));
  http.get<{ Params: { id: string } }>('/admin/api/office/agencies/:id', ({ params }) => agencyDetail(here, me(), params.id));
  http.get<{ Params: { id: string } }>('/admin/api/office/accounts/:id', ({ params }) => accountDetail(here, me(), params.id));
  http.get<{ Querystring: { on?: string; byHour?: string } }>('/admin/api/office/due', ({ query }) => dueWords(here, me(), query));
  registerPasswordRoute(http, ctx);
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
  const agencies = await ctx.db.Agency.find(all ? { active: true } : own, { code: 1, name: 1, type: 1, order: 1 }).lean().exec();
  const mayChoose = can(actor, 'task.assign') || can(actor, 'meeting.write');
  const people = mayChoose ? await ctx.db.Person.find({ active: true }, { name: 1, position: 1, agencyCode: 1, roles: 1 }).sort({ agencyCode: 1, nameFold: 1 }).lean().exec() : [];
  const reached = can(actor, 'task.assign') ? await reachedAgencies(ctx) : null;
  agencies.sort(inOfficialOrder);
  return {
    agencies: agencies.map(({ code, name, type }) => ({ code, name, type, ...(reached ? { reached: reached.has(code) } : {}) })),
    people: people.sort(inInvitingOrder(agencies.map(({ code }) => code))).map(({ _id, name, position, agencyCode, roles }) => ({ id: String(_id), name, position, agencyCode, roles })),
  };
}

/** A deadline in words, as the office sees it while typing: a day off rolls forward (Civil Code 2015, art. 148.5). */
async function dueWords(ctx: Ctx, actor: Actor, { on = '', byHour }: { on?: string; byHour?: string }): Promise<{ words: string }> {
  mustBeAllowed(actor, 'task.assign');
  if (!isLocalDate(on)) return { words: '' };
  const calendar = await loadCalendar(ctx);
  const last = byHour === 'true' ? on : calendar.rollForward(on);
  const passed = last < localDateOf(ctx.clock.now()) ? ' Hạn này đã qua.' : '';
  const off = calendar.isWorkingDay(on) ? '' : byHour === 'true' ? ' là ngày nghỉ; hạn theo giờ vẫn tính đúng giờ đó' : ` là ngày nghỉ: hạn tính đến hết ${formatWeekday(last)}`;
  return { words: `${formatWeekday(on)}${off}.${passed}` };
}
