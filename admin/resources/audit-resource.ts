import type { AuditEntry } from '../../src/audit/audit-entry.model.js';
import type { Ctx } from '../../src/context.js';
import { formatDay, formatInstant, isLocalDate } from '../../src/kernel/local-date.js';
import { enteredLeave } from '../../src/texts/leave-texts.js';
import { accountRoleWords, agencyTypeWords, answerWords, auditActionWords, auditEntityWords, auditFieldWords, calendarKindWords, channelWords, holdCauseWords, holdChoiceWords, linkedByWords, meetingKindWords, meetingStatusWords, personRoleWords, stageWords, templateKindWords, wordOf } from '../locale/words.js';
import { formerDue } from './due-in-words.js';
import { agencyNames, peopleNames } from './names.js';
import { asCode, codesMeant, containsFolded } from './find.js';
import { allIf, contains, onDay, yearOf } from './rules.js';
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
    { name: 'q', as: 'search', where: (value) => ({ $or: [{ entityKey: contains(value.trim()) }, { entityKey: contains(asCode(value)) }, { entityKey: { $in: codesMeant(value, yearOf(ctx)) } }, { 'by.name': containsFolded(value) }] }) },
    { name: 'day', as: 'day', where: onDay('at') },
  ],
  sort: { by: 'at', direction: 'desc' },
  scope: allIf('audit.read'),
  select: 'at by action entity entityKey before after cause',
  present: async (rows) => {
    const agencyOf = await agencyNames(ctx);
    const personOf = await peopleNames(ctx, rows.flatMap((row) => [row.before, row.after]).flatMap((values) => Object.values(values ?? {})).map(String).filter(isId));
    return rows.map((row) => ({
      at: formatInstant(row.at),
      by: row.by.name,
      byNote: wordOf(channelWords, row.by.channel),
      action: wordOf(auditActionWords, row.action),
      ...recordOf(row),
      before: valuesInWords(row.entity, row.before, (id) => personOf(id)?.name, agencyOf),
      after: valuesInWords(row.entity, row.after, (id) => personOf(id)?.name, agencyOf),
      cause: row.cause,
    }));
  },
});

/** A code people know, or the kind of thing and its name where the key is an id. */
function recordOf({ entity, entityKey, after, before }: AuditEntry): { record: string; recordNote: string } {
  const kind = wordOf(auditEntityWords, entity);
  if (entity === 'hold') return { record: kind, recordNote: Number.isNaN(Date.parse(entityKey)) ? '' : `tạm dừng từ ${formatInstant(new Date(entityKey))}` };
  if (entity === 'channel') return { record: wordOf(channelWords, entityKey), recordNote: kind };
  if (isLocalDate(entityKey)) return { record: formatDay(entityKey), recordNote: kind };
  if (!isId(entityKey)) return { record: entityKey, recordNote: kind };
  const known = [after, before].flatMap((values) => [values?.['symbol'], values?.['name'], values?.['email']]).find((value) => typeof value === 'string');
  return { record: typeof known === 'string' ? known : kind, recordNote: typeof known === 'string' ? kind : '' };
}

/** The stored codes' words by field; others are shown as stored. */
const wordsByField: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  stage: stageWords, channel: channelWords, channelOrder: channelWords, answer: answerWords, roles: personRoleWords, role: accountRoleWords, type: agencyTypeWords, status: meetingStatusWords,
  kind: { ...calendarKindWords, ...meetingKindWords, ...templateKindWords },
  choice: holdChoiceWords, cause: holdCauseWords, linkedBy: linkedByWords,
};

const isId = (text: string): boolean => /^[0-9a-f]{24}$/.test(text);

/** A leave: it runs to the end of the day that was entered. */
const isSpan = (value: unknown): value is { from: Date; until: Date } => typeof value === 'object' && value !== null && 'from' in value && 'until' in value;

type NameOf = (id: string) => string | undefined;

/** Fields that hold an agency's code. */
const AGENCY_FIELDS: readonly string[] = ['parentCode', 'parent', 'agencyCode', 'leadAgencyCode', 'coordinatingAgencyCodes'];

/** Values of an entry in one line, in words; instants in Vietnamese time, people and agencies by name. */
export const valuesInWords = (entity: string, values: Values | null, nameOf: NameOf, agencyOf: NameOf): string =>
  Object.entries(joined(values ?? {}))
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${entity === 'agency' && name === 'active' ? 'đang hoạt động' : wordOf(auditFieldWords, name)}: ${valueText(name, value, (text) => (AGENCY_FIELDS.includes(name) ? agencyOf(text) : nameOf(text)))}`)
    .join(' · ');

/** A deadline is kept as the day that was stated and the moment until which it counts; people read both as one. */
function joined(values: Values): Values {
  const { dueAt, ...others } = values;
  const { dueOn } = others;
  return dueAt instanceof Date && typeof dueOn === 'string' ? { ...others, dueOn: formerDue(dueAt, dueOn) } : values;
}

function valueText(name: string, value: unknown, nameOf: NameOf): string {
  if (value instanceof Date) return formatInstant(value);
  if (Array.isArray(value)) return value.map((one) => valueText(name, one, nameOf)).join(', ');
  if (typeof value === 'boolean') return value ? 'có' : 'không';
  if (AGENCY_FIELDS.includes(name) && typeof value === 'string') return nameOf(value) ?? value;
  if (isId(String(value))) return nameOf(String(value)) ?? 'không còn trong hệ thống';
  if (isSpan(value)) return enteredLeave({ from: new Date(value.from), until: new Date(value.until) });
  if (typeof value === 'object') return Object.values(value ?? {}).map((one) => valueText(name, one, nameOf)).join(' – ');
  const text = String(value);
  return isLocalDate(text) ? formatDay(text) : wordOf(wordsByField[name] ?? {}, text);
}
