import type { CalendarDayRecord } from '../../src/calendar/calendar-day.model.js';
import type { Ctx } from '../../src/context.js';
import type { Directive } from '../../src/directives/directive.model.js';
import type { InboundRecord } from '../../src/inbox/inbound.model.js';
import { fold } from '../../src/kernel/fold.js';
import { addDays, formatDay, formatInstant, formatWeekday, instantAt, isLocalDate } from '../../src/kernel/local-date.js';
import type { Account } from '../../src/people/account.model.js';
import { agencyTypes, type Agency } from '../../src/people/agency.model.js';
import { personRoles, type Person } from '../../src/people/person.model.js';
import { can, type Action } from '../../src/people/policy.js';
import type { Actor } from '../../src/people/actor.js';
import { accountRoleWords, agencyTypeWords, calendarKindWords, channelWords, inboundStateWords, personRoleWords, urgencyWords, wordOf } from '../locale/words.js';
import { agencyNames, contains, readablePhone, type Query, type ResourceSpec } from './scoped-resource.js';

/** All rows to those the policy table lets do this to every row; none to others. */
export const allIf = (...actions: Action[]) => (actor: Actor): Query | null => (actions.some((action) => can(actor, action)) ? {} : null);

const oneOf = (path: string, codes: readonly string[]) => (value: string): Query | null => (codes.includes(value) ? { [path]: value } : null);

/** Rows of one Vietnamese day. */
export const onDay = (path: string) => (value: string): Query | null =>
  isLocalDate(value) ? { [path]: { $gte: instantAt(value, '00:00'), $lt: instantAt(addDays(value, 1), '00:00') } } : null;

/** Văn bản chỉ đạo. Summaries are not folded in the store: searched by number and by words as typed. */
export const directiveResource = (ctx: Ctx): ResourceSpec<Directive> => ({
  id: 'Directive',
  model: ctx.db.Directive,
  key: '_id',
  title: 'symbol',
  columns: [
    { name: 'symbol', as: 'code', sort: 'symbol' },
    { name: 'kind' },
    { name: 'summary', as: 'clamp' },
    { name: 'issuedOn', sort: 'issuedOn' },
    { name: 'signer' },
    { name: 'urgency', as: 'badge' },
  ],
  filters: [
    { name: 'q', as: 'search', where: (value) => ({ $or: [{ symbol: { ...contains(value.trim()), $options: 'i' } }, { summary: { ...contains(value.trim()), $options: 'i' } }] }) },
    { name: 'urgency', as: 'choice', choices: urgencyWords, where: oneOf('urgency', Object.keys(urgencyWords)) },
  ],
  sort: { by: 'issuedOn', direction: 'desc' },
  scope: allIf('task.read'),
  select: 'symbol kind summary issuedOn signer urgency secret agencyCode',
  present: (rows) =>
    rows.map((row) => ({
      symbol: row.symbol,
      kind: row.kind,
      summary: row.summary,
      issuedOn: formatDay(row.issuedOn),
      signer: row.signer,
      urgency: wordOf(urgencyWords, row.urgency),
      urgencyTone: row.urgency === 'express' ? 'bad' : row.urgency === 'normal' ? 'quiet' : 'warn',
      urgencyNote: row.secret ? 'Mật' : '',
    })),
});

/** Tin nhận: only rows that got stuck, and nothing of what people wrote. */
export const inboundResource = (ctx: Ctx): ResourceSpec<InboundRecord> => ({
  id: 'Inbound',
  model: ctx.db.Inbound,
  key: '_id',
  title: 'receivedAt',
  columns: [
    { name: 'receivedAt', sort: 'receivedAt' },
    { name: 'channel' },
    { name: 'kind' },
    { name: 'state', as: 'badge' },
    { name: 'attempts' },
    { name: 'lastError', as: 'clamp' },
  ],
  filters: [{ name: 'day', as: 'day', where: onDay('receivedAt') }],
  sort: { by: 'receivedAt', direction: 'desc' },
  scope: (actor) => (allIf('delivery.read')(actor) ? { state: 'parked' } : null),
  select: 'receivedAt channel message.kind state attempts lastError',
  present: (rows) =>
    rows.map((row) => ({
      receivedAt: formatInstant(row.receivedAt),
      channel: wordOf(channelWords, row.channel),
      kind: wordOf({ text: 'Tin nhắn', button: 'Bấm nút', contact: 'Chia sẻ danh bạ', attachment: 'Tệp đính kèm', follow: 'Bắt đầu theo dõi', unfollow: 'Thôi theo dõi' }, row.message?.kind),
      state: wordOf(inboundStateWords, row.state),
      stateTone: 'bad',
      attempts: row.attempts,
      lastError: row.lastError ?? '',
    })),
});

export const agencyResource = (ctx: Ctx): ResourceSpec<Agency> => ({
  id: 'Agency',
  model: ctx.db.Agency,
  key: '_id',
  title: 'name',
  columns: [
    { name: 'code', as: 'code', sort: 'code' },
    { name: 'name', sort: 'nameFold' },
    { name: 'type', sort: 'type' },
    { name: 'parent' },
    { name: 'email' },
    { name: 'remote' },
  ],
  filters: [
    { name: 'q', as: 'search', where: (value) => ({ $or: [{ nameFold: contains(fold(value)) }, { code: contains(value.trim().toUpperCase()) }] }) },
    { name: 'type', as: 'choice', choices: agencyTypeWords, where: oneOf('type', agencyTypes) },
  ],
  sort: { by: 'code', direction: 'asc' },
  scope: allIf('task.read'),
  select: 'code name type parentCode email remote active',
  present: async (rows) => {
    const nameOf = await agencyNames(ctx);
    return rows.map((row) => ({
      code: row.code,
      name: row.name,
      nameNote: row.active ? '' : 'đã ngừng hoạt động',
      type: wordOf(agencyTypeWords, row.type),
      parent: nameOf(row.parentCode),
      email: row.email ?? '',
      remote: row.remote ? 'Vùng sâu, vùng xa' : '',
    }));
  },
});

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
    { name: 'phone' },
    { name: 'chats', as: 'badge' },
    { name: 'email', list: false },
  ],
  filters: [
    { name: 'q', as: 'search', where: (value) => ({ $or: [{ nameFold: contains(fold(value)) }, { position: { ...contains(value.trim()), $options: 'i' } }] }) },
    { name: 'agency', as: 'agency', where: (value) => ({ agencyCode: value }) },
    { name: 'roles', as: 'choice', choices: personRoleWords, where: oneOf('roles', personRoles) },
  ],
  sort: { by: 'nameFold', direction: 'asc' },
  scope: allIf('task.read'),
  select: 'name position agencyCode roles phone email active',
  present: async (rows) => {
    const nameOf = await agencyNames(ctx);
    const links = await ctx.db.ChatLink.find({ personId: { $in: rows.map((row) => row._id) } }, { personId: 1, channel: 1, deadAt: 1 }).lean().exec();
    return rows.map((row) => {
      const own = links.filter((link) => String(link.personId) === String(row._id) && !link.deadAt);
      return {
        name: row.name,
        nameNote: row.active ? '' : 'không còn công tác',
        position: row.position,
        agency: nameOf(row.agencyCode),
        roles: row.roles.map((role) => wordOf(personRoleWords, role)).join(', '),
        phone: readablePhone(row.phone),
        chats: own.length > 0 ? own.map((link) => wordOf(channelWords, link.channel)).join(', ') : 'Chưa liên kết',
        chatsTone: own.length > 0 ? 'good' : 'warn',
        email: row.email ?? '',
      };
    });
  },
});

export const accountResource = (ctx: Ctx): ResourceSpec<Account> => ({
  id: 'Account',
  model: ctx.db.Account,
  key: '_id',
  title: 'email',
  columns: [{ name: 'email', as: 'code', sort: 'email' }, { name: 'name', sort: 'name' }, { name: 'role', sort: 'role' }, { name: 'agency' }, { name: 'lastLoginAt', sort: 'lastLoginAt' }, { name: 'status', as: 'badge' }],
  filters: [{ name: 'role', as: 'choice', choices: accountRoleWords, where: oneOf('role', Object.keys(accountRoleWords)) }],
  sort: { by: 'email', direction: 'asc' },
  scope: allIf('account.write'),
  select: 'email name role agencyCode lastLoginAt lockedUntil disabledAt',
  present: async (rows) => {
    const nameOf = await agencyNames(ctx);
    return rows.map((row) => {
      const locked = row.lockedUntil !== null && row.lockedUntil > ctx.clock.now();
      return {
        email: row.email,
        name: row.name,
        role: wordOf(accountRoleWords, row.role),
        agency: nameOf(row.agencyCode),
        lastLoginAt: row.lastLoginAt ? formatInstant(row.lastLoginAt) : 'Chưa đăng nhập',
        status: row.disabledAt ? 'Đã khóa' : locked ? 'Tạm khóa' : 'Đang dùng',
        statusTone: row.disabledAt ? 'quiet' : locked ? 'warn' : 'good',
      };
    });
  },
});

export const calendarResource = (ctx: Ctx): ResourceSpec<CalendarDayRecord> => ({
  id: 'CalendarDay',
  model: ctx.db.CalendarDay,
  key: 'on',
  title: 'day',
  columns: [{ name: 'day', as: 'code', sort: 'on' }, { name: 'kind', as: 'badge', sort: 'kind' }, { name: 'note' }, { name: 'provisional' }],
  filters: [
    { name: 'year', as: 'search', where: (value) => (/^20\d\d$/.test(value.trim()) ? { on: { $gte: `${value.trim()}-01-01`, $lte: `${value.trim()}-12-31` } } : null) },
    { name: 'kind', as: 'choice', choices: calendarKindWords, where: oneOf('kind', Object.keys(calendarKindWords)) },
  ],
  sort: { by: 'on', direction: 'desc' },
  scope: allIf('task.read'),
  select: 'on kind note provisional',
  present: (rows) =>
    rows.map((row) => ({
      day: formatWeekday(row.on),
      kind: wordOf(calendarKindWords, row.kind),
      kindTone: row.kind === 'off' ? 'quiet' : 'good',
      note: row.note,
      provisional: row.provisional ? 'Dự kiến, chờ thông báo' : 'Chính thức',
    })),
});
