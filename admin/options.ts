import type { AdminJSOptions, ResourceOptions, ResourceWithOptions } from 'adminjs';
import type { Ctx } from '../src/context.js';
import { inboxActions, meetingActions, peopleActions, taskActions, templateActions, type NamedActions } from './actions/index.js';
import { currentUser } from './current.js';
import { dashboard } from './dashboard.js';
import { vi } from './locale/vi.js';
import { palette } from './look.js';
import { deliveryResource } from './resources/delivery-resource.js';
import { meetingResource } from './resources/meeting-resource.js';
import { auditResource } from './resources/audit-resource.js';
import { calendarResource, directiveResource, inboundResource } from './resources/other-resources.js';
import { accountResource, agencyResource, personResource } from './resources/people-resources.js';
import { ScopedResource, type ResourceSpec } from './resources/scoped-resource.js';
import { taskResource } from './resources/task-resource.js';
import { templateResource } from './resources/template-resource.js';

/** Everything AdminJS is told: resources with their actions, the dashboard, the Vietnamese words. */
export function adminOptions(ctx: Ctx): AdminJSOptions {
  const tasks = taskActions(ctx);
  const people = peopleActions(ctx);
  return {
    rootPath: '/admin',
    loginPath: '/admin/login',
    logoutPath: '/admin/logout',
    resources: [
      resource(taskResource(ctx), tasks.task),
      resource(directiveResource(ctx), tasks.directive),
      resource(meetingResource(ctx), meetingActions(ctx)),
      resource(deliveryResource(ctx), {}),
      resource(inboundResource(ctx), inboxActions(ctx)),
      resource(templateResource(ctx), templateActions(ctx)),
      resource(agencyResource(ctx), people.agency),
      resource(personResource(ctx), people.person),
      resource(calendarResource(ctx), people.calendar),
      resource(accountResource(ctx), people.account),
      resource(auditResource(ctx), {}),
    ],
    // What a page shows comes from /admin/api/office/…, which checks the role.
    pages: { channels: { component: 'ChannelsPage' }, hold: { component: 'HoldPage' }, ledger: { component: 'LedgerPage' }, 'sms-preview': { component: 'SmsPreviewPage' }, password: { component: 'PasswordPage' } },
    dashboard: { component: 'Dashboard', handler: () => dashboard(ctx) },
    locale: { language: 'vi', availableLanguages: ['vi'], localeDetection: false, translations: { vi } },
    branding: { companyName: 'Nhắc Việc', logo: false, withMadeWithLove: false, theme: { colors: { primary100: palette.accent, text: palette.ink, bg: palette.ground, border: palette.line } } },
    settings: { defaultPerPage: 20 },
  };
}

/** AdminJS writes past every use case: its own new, edit and delete are closed, for everybody. */
const closed = { isAccessible: false, isVisible: false } as const;

function resource<T>(spec: ResourceSpec<T>, actions: NamedActions): ResourceWithOptions {
  const open = () => {
    const user = currentUser();
    return Boolean(user && spec.scope(user.actor));
  };
  const options: ResourceOptions = {
    id: spec.id,
    titleProperty: spec.title,
    listProperties: spec.columns.filter(({ list }) => list !== false).map(({ name }) => name),
    showProperties: spec.columns.map(({ name }) => name),
    filterProperties: spec.filters.map(({ name }) => name),
    navigation: { name: null, icon: '' },
    sort: { sortBy: spec.columns.find(({ sort }) => sort === spec.sort.by)?.name ?? spec.title, direction: spec.sort.direction },
    properties: Object.fromEntries([
      ...spec.filters.map((filter) => [filter.name, filterOptions(spec, filter.name)] as const),
      ...spec.columns.map(({ name, as }) => [name, { ...filterOptions(spec, name), custom: { ...filterOptions(spec, name).custom, as: as ?? 'text' } }] as const),
    ]),
    actions: {
      list: { isAccessible: open, showFilter: false },
      show: { isAccessible: open, ...(actions['show'] ?? {}) },
      search: closed,
      new: closed,
      edit: closed,
      delete: closed,
      bulkDelete: closed,
      ...Object.fromEntries(Object.entries(actions).filter(([name]) => name !== 'show')),
    },
  };
  return { resource: new ScopedResource(spec), options };
}

/** How the list screen asks for this filter. */
function filterOptions<T>(spec: ResourceSpec<T>, name: string) {
  const filter = spec.filters.find((one) => one.name === name);
  const choices = Object.entries(filter?.choices ?? {}).map(([value, label]) => ({ value, label }));
  return { custom: { filterAs: filter?.as ?? null, choices } as Record<string, unknown> };
}
