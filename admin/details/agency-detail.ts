import type { Ctx } from '../../src/context.js';
import { openStages } from '../../src/directives/task.model.js';
import { DomainError } from '../../src/kernel/errors.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import type { Agency } from '../../src/people/agency.model.js';
import { can, mustBeAllowed } from '../../src/people/policy.js';
import { agencyTypeWords, auditActionWords, channelWords, personRoleWords, wordOf } from '../locale/words.js';
import { valuesInWords } from '../resources/audit-resource.js';
import { agencyNames } from '../resources/names.js';
import { hoursValues } from './own-hours.js';

/** Changes shown on the page; older ones are in the record. */
const CHANGES_SHOWN = 30;

/** All about one agency: how it is reached, its people, what it still has to do, how it was changed. Throws forbidden, agency-unknown. */
export async function agencyDetail(ctx: Ctx, actor: Actor, id: string) {
  mustBeAllowed(actor, 'task.read');
  const agency = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.Agency.findById(id).lean<Agency>() : null;
  if (!agency) throw new DomainError('agency-unknown', { code: id });
  const { code, emailDead } = agency;
  const [nameOf, openTasks, people, history] = await Promise.all([
    agencyNames(ctx),
    ctx.db.Task.countDocuments({ leadAgencyCode: code, stage: { $in: [...openStages, 'submitted'] } }).exec(),
    ctx.db.Person.find({ agencyCode: code, active: true }, { name: 1, position: 1, roles: 1 }).sort({ nameFold: 1 }).lean().exec(),
    can(actor, 'agency.write') || can(actor, 'audit.read') ? historyOf(ctx, code) : [],
  ]);
  return {
    ...formValues(agency),
    code,
    typeWords: wordOf(agencyTypeWords, agency.type),
    parent: nameOf(agency.parentCode),
    mailboxGone: emailDead && emailDead.address === agency.email ? `máy chủ thư báo địa chỉ không còn dùng từ ${formatInstant(emailDead.at)}` : '',
    openTasks,
    people: people.map(({ _id, name, position, roles }) => ({ id: String(_id), name, position, roles: roles.map((role) => wordOf(personRoleWords, role)).join(', ') })),
    history,
  };
}

/** The values the form "Sửa thông tin" begins with. */
const formValues = ({ rev, name, type, parentCode, shortName, symbol, abbreviation, email, phone, order, remote, active, ...hours }: Agency) => ({
  rev: rev ?? 0,
  name,
  type,
  parentCode: parentCode ?? '',
  abbreviation: abbreviation ?? '',
  ...hoursValues(hours),
  shortName: shortName ?? '',
  symbol: symbol ?? '',
  email: email ?? '',
  phone: phone ?? '',
  order: order === undefined ? '' : String(order),
  remote,
  active,
});

/** What changed, from what to what: the entry also names the agency, which is no change. */
async function historyOf(ctx: Ctx, code: string) {
  const nameOf = await agencyNames(ctx);
  const entries = await ctx.db.AuditEntry.find({ entity: 'agency', entityKey: code }).sort({ at: -1, _id: -1 }).limit(CHANGES_SHOWN).lean().exec();
  return entries.map(({ at, by, action, before, after }) => ({
    at: formatInstant(at),
    by: `${by.name} · ${wordOf(channelWords, by.channel)}`,
    what: wordOf(auditActionWords, action),
    before: valuesInWords('agency', before, () => undefined, nameOf),
    after: valuesInWords('agency', changedOnly(before, after), () => undefined, nameOf),
  }));
}

type Values = Readonly<Record<string, unknown>>;

const changedOnly = (before: Values | null, after: Values | null): Record<string, unknown> | null =>
  before && after ? Object.fromEntries(Object.entries(after).filter(([name, value]) => name in before && before[name] !== value)) : after;
