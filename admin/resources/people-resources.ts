import type { Ctx } from '../../src/context.js';
import { fold } from '../../src/kernel/fold.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import type { Account } from '../../src/people/accounts/account.model.js';
import { agencyTypes, type Agency } from '../../src/people/agency.model.js';
import { personRoles, type Person } from '../../src/people/person.model.js';
import { readablePhone } from '../../src/texts/delivery-texts.js';
import { accountRoleWords, agencyTypeWords, channelWords, personRoleWords, wordOf } from '../locale/words.js';
import { containsFolded } from './find.js';
import { allIf, contains, oneOf } from './rules.js';
import { agencyNames, peopleNames } from './names.js';
import type { ResourceSpec } from './scoped-resource.js';

/** Cơ quan, đơn vị. */
export const agencyResource = (ctx: Ctx): ResourceSpec<Agency> => ({
  id: 'Agency',
  model: ctx.db.Agency,
  key: '_id',
  title: 'name',
  columns: [
    { name: 'name', as: 'name', sort: 'nameFold' },
    { name: 'code', as: 'short', sort: 'code' },
    { name: 'type', sort: 'type' },
    { name: 'parent' },
    { name: 'email', as: 'long' },
    { name: 'phone', as: 'short' },
    { name: 'remote', list: false },
  ],
  filters: [
    { name: 'q', as: 'search', where: (value) => ({ $or: [{ nameFold: contains(fold(value)) }, { shortName: containsFolded(value) }, { code: contains(value.trim().toUpperCase()) }, { abbreviationFold: contains(fold(value)) }] }) },
    { name: 'type', as: 'choice', choices: agencyTypeWords, where: oneOf('type', agencyTypes) },
    { name: 'status', as: 'choice', choices: { active: 'Đang hoạt động', stopped: 'Đã ngừng hoạt động' }, where: (value) => (value === 'active' || value === 'stopped' ? { active: value === 'active' } : null) },
  ],
  sort: { by: 'nameFold', direction: 'asc' },
  scope: allIf('task.read'),
  select: 'code abbreviation name type parentCode email phone remote active',
  present: async (rows) => {
    const nameOf = await agencyNames(ctx);
    return rows.map((row) => ({
      code: row.abbreviation ?? row.code,
      codeNote: row.abbreviation ? row.code : '',
      name: row.name,
      nameNote: row.active ? '' : 'Đã ngừng hoạt động',
      nameTone: 'quiet',
      type: wordOf(agencyTypeWords, row.type),
      parent: nameOf(row.parentCode),
      email: row.email ?? '',
      phone: row.phone ?? '',
      remote: row.remote ? 'Vùng sâu, vùng xa' : '',
    }));
  },
});

const agenciesNamed = async (ctx: Ctx, text: string): Promise<string[]> =>
  (await ctx.db.Agency.find({ nameFold: contains(fold(text)) }, { code: 1 }).lean().exec()).map(({ code }) => code);

/** Cán bộ, with the chats they are linked to (never the addresses). */
export const personResource = (ctx: Ctx): ResourceSpec<Person> => ({
  id: 'Person',
  model: ctx.db.Person,
  key: '_id',
  title: 'name',
  columns: [
    { name: 'name', as: 'code', sort: 'nameFold' },
    { name: 'position' },
    { name: 'agency', sort: 'agencyCode' },
    { name: 'roles' },
    { name: 'phone', as: 'short' },
    { name: 'chats', as: 'badge' },
    { name: 'email', list: false },
  ],
  filters: [
    { name: 'q', as: 'search', where: async (value) => ({ $or: [{ nameFold: contains(fold(value)) }, { position: containsFolded(value) }, { agencyCode: { $in: await agenciesNamed(ctx, value) } }] }) },
    { name: 'agency', as: 'agency', where: (value) => ({ agencyCode: value }) },
    { name: 'roles', as: 'choice', choices: personRoleWords, where: oneOf('roles', personRoles) },
    { name: 'status', as: 'choice', choices: { active: 'Đang công tác', left: 'Không còn công tác' }, where: (value) => (value === 'active' || value === 'left' ? { active: value === 'active' } : null) },
  ],
  sort: { by: 'nameFold', direction: 'asc' },
  scope: allIf('task.read'),
  select: 'name position agencyCode roles phone phoneVerifiedAt email active leave',
  present: async (rows) => {
    const nameOf = await agencyNames(ctx);
    const now = ctx.clock.now();
    const links = await ctx.db.ChatLink.find({ personId: { $in: rows.map((row) => row._id) } }, { personId: 1, channel: 1, deadAt: 1 }).lean().exec();
    return rows.map((row) => {
      const own = links.filter((link) => String(link.personId) === String(row._id) && !link.deadAt);
      return {
        name: row.name,
        nameNote: !row.active ? 'không còn công tác' : row.leave && row.leave.from <= now && now < row.leave.until ? 'đang nghỉ' : '',
        active: row.active,
        position: row.position,
        agency: nameOf(row.agencyCode),
        roles: row.roles.map((role) => wordOf(personRoleWords, role)).join(', '),
        phone: row.phone ? readablePhone(row.phone) : '',
        phoneNote: row.phone && !row.phoneVerifiedAt ? 'chưa xác minh' : '',
        phoneOpen: row.active && Boolean(row.phone) && !row.phoneVerifiedAt,
        chats: !row.active ? 'Không gửi (đã nghỉ việc)' : own.length > 0 ? own.map((link) => wordOf(channelWords, link.channel)).join(', ') : 'Chưa liên kết',
        chatsTone: !row.active ? 'quiet' : own.length > 0 ? 'good' : 'warn',
        email: row.email ?? '',
      };
    });
  },
});

/** Tài khoản: logins to the back office. */
export const accountResource = (ctx: Ctx): ResourceSpec<Account> => ({
  id: 'Account',
  model: ctx.db.Account,
  key: '_id',
  title: 'email',
  columns: [{ name: 'email', as: 'long', sort: 'email' }, { name: 'name', sort: 'name' }, { name: 'role', sort: 'role' }, { name: 'agency' }, { name: 'person' }, { name: 'lastLoginAt', sort: 'lastLoginAt' }, { name: 'status', as: 'badge' }],
  filters: [
    { name: 'q', as: 'search', where: (value) => ({ $or: [{ email: contains(value.trim().toLowerCase()) }, { name: containsFolded(value) }] }) },
    { name: 'role', as: 'choice', choices: accountRoleWords, where: oneOf('role', Object.keys(accountRoleWords)) },
  ],
  sort: { by: 'email', direction: 'asc' },
  scope: allIf('account.write'),
  select: 'email name role agencyCode personId lastLoginAt lockedUntil disabledAt',
  present: async (rows) => {
    const [nameOf, personOf] = await Promise.all([agencyNames(ctx), peopleNames(ctx, rows.map((row) => row.personId))]);
    return rows.map((row) => {
      const locked = row.lockedUntil !== null && row.lockedUntil > ctx.clock.now();
      return {
        email: row.email,
        name: row.name,
        role: wordOf(accountRoleWords, row.role),
        agency: nameOf(row.agencyCode),
        lastLoginAt: row.lastLoginAt ? formatInstant(row.lastLoginAt) : 'Chưa đăng nhập',
        person: personOf(row.personId)?.name ?? '',
        personHref: row.personId ? `/admin/resources/Person/records/${String(row.personId)}/show` : '',
        disabled: row.disabledAt !== null,
        locked,
        status: row.disabledAt ? 'Đã khóa' : locked ? 'Tạm khóa' : 'Đang dùng',
        statusTone: row.disabledAt ? 'quiet' : locked ? 'warn' : 'good',
      };
    });
  },
});
