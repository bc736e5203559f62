import type { AuditEntry } from '../../src/audit/audit-entry.model.js';
import type { Ctx } from '../../src/context.js';
import { formatDay, formatInstant, isLocalDate } from '../../src/kernel/local-date.js';
import { accountRoleWords, agencyTypeWords, answerWords, auditActionWords, auditEntityWords, auditFieldWords, calendarKindWords, channelWords, meetingKindWords, meetingStatusWords, personRoleWords, stageWords, wordOf } from '../locale/words.js';
import { allIf, contains, onDay } from './rules.js';
import type { ResourceSpec } from './scoped-resource.js';

type Values = Record<string, unknown>;

/** Nhật ký: who did what, from which values to which. */
export const auditResource = (ctx: Ctx): ResourceSpec<AuditEntry> => ({
  id: 'AuditEntry',
  model: ctx.db.AuditEntry,
  key: '_id',
  title: 'at',
  columns: [{ name: 'at', as: 'short', sort: 'at' }, { name: 'by' }, { name: 'action' }, { name: 'record' }, { name: 'before', as: 'clamp', list: false }, { name: 'after', as: 'clamp' }, { name: 'cause', list: false }],
  filters: [
    { name: 'q', as: 'search', where: (value) => ({ $or: [{ entityKey: contains(value.trim()) }, { 'by.name': contains(value.trim()) }] }) },
    { name: 'day', as: 'day', where: onDay('at') },
  ],
  sort: { by: 'at', direction: 'desc' },
  scope: allIf('audit.read'),
  select: 'at by action entity entityKey before after cause',
  present: (rows) =>
    rows.map((row) => ({
      at: formatInstant(row.at),
      by: row.by.name,
      byNote: wordOf(channelWords, row.by.channel),
      action: wordOf(auditActionWords, row.action),
      ...recordOf(row),
      before: asText(row.before),
      after: asText(row.after),
      cause: row.cause,
    })),
});

/** A code people know, or the kind of thing and its name where the key is an id. */
function recordOf({ entity, entityKey, after, before }: AuditEntry): { record: string; recordNote: string } {
  const kind = wordOf(auditEntityWords, entity);
  if (isLocalDate(entityKey)) return { record: formatDay(entityKey), recordNote: kind };
  if (!/^[0-9a-f]{24}$/.test(entityKey)) return { record: entityKey, recordNote: kind };
  const known = [after, before].flatMap((values) => [values?.['symbol'], values?.['name'], values?.['email']]).find((value) => typeof value === 'string');
  return { record: typeof known === 'string' ? known : kind, recordNote: typeof known === 'string' ? kind : '' };
}

/** The stored codes' words by field; others are shown as stored. */
const wordsByField: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  stage: stageWords, channel: channelWords, answer: answerWords, roles: personRoleWords, role: accountRoleWords, type: agencyTypeWords, status: meetingStatusWords,
  kind: { ...calendarKindWords, ...meetingKindWords },
};

/** Values in one line, in words; instants in Vietnamese time. */
const asText = (values: Values | null): string =>
  Object.entries(values ?? {})
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${wordOf(auditFieldWords, name)}: ${valueText(name, value)}`)
    .join(' · ');

function valueText(name: string, value: unknown): string {
  if (value instanceof Date) return formatInstant(value);
  if (Array.isArray(value)) return value.map((one) => valueText(name, one)).join(', ');
  if (typeof value === 'boolean') return value ? 'có' : 'không';
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  return isLocalDate(text) ? formatDay(text) : wordOf(wordsByField[name] ?? {}, text);
}
