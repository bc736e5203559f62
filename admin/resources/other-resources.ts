import type { CalendarDayRecord } from '../../src/calendar/calendar-day.model.js';
import type { Ctx } from '../../src/context.js';
import type { Directive } from '../../src/directives/directive.model.js';
import type { InboundRecord } from '../../src/inbox/inbound.model.js';
import { formatDay, formatInstant, formatWeekday } from '../../src/kernel/local-date.js';
import { calendarKindWords, channelWords, inboundKindWords, inboundStateWords, urgencyWords, wordOf } from '../locale/words.js';
import { containsFolded } from './find.js';
import { sendersOf } from './inbound-senders.js';
import { allIf, beginsWith, oneOf, onDay } from './rules.js';
import type { ResourceSpec } from './scoped-resource.js';

/** Văn bản chỉ đạo: some thousands, found by number and by words. */
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
    { name: 'q', as: 'search', where: (value) => ({ $or: [{ symbol: containsFolded(value) }, { summary: containsFolded(value) }] }) },
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
    { name: 'receivedAt', as: 'short', sort: 'receivedAt' },
    { name: 'sender', as: 'name' },
    { name: 'channel' },
    { name: 'kind' },
    { name: 'state', as: 'badge' },
    { name: 'attempts' },
    { name: 'lastError', as: 'clamp' },
  ],
  filters: [{ name: 'day', as: 'day', where: onDay('receivedAt') }],
  sort: { by: 'receivedAt', direction: 'desc' },
  scope: (actor) => (allIf('delivery.read')(actor) ? { state: 'parked' } : null),
  select: 'receivedAt channel chatId message.kind state attempts lastError',
  present: async (rows) => {
    const senderOf = await sendersOf(ctx, rows);
    return rows.map((row) => ({
      sender: senderOf(row),
      receivedAt: formatInstant(row.receivedAt),
      channel: wordOf(channelWords, row.channel),
      kind: wordOf(inboundKindWords, row.message?.kind),
      state: wordOf(inboundStateWords, row.state),
      stateTone: 'bad',
      attempts: row.attempts,
      lastError: `Hệ thống gặp lỗi khi xử lý${row.lastError ? ` (${row.lastError})` : ''}`,
      lastErrorNote: 'Người gửi chưa được trả lời. Quản trị hệ thống xem nguyên nhân rồi bấm "Xử lý lại", hoặc hỏi lại người gửi.',
    }));
  },
});

/** Lịch làm việc: days off and worked days that the week does not tell. */
export const calendarResource = (ctx: Ctx): ResourceSpec<CalendarDayRecord> => ({
  id: 'CalendarDay',
  model: ctx.db.CalendarDay,
  key: 'on',
  title: 'day',
  columns: [{ name: 'day', as: 'code', sort: 'on' }, { name: 'kind', as: 'badge', sort: 'kind' }, { name: 'note' }, { name: 'provisional' }],
  filters: [
    { name: 'year', as: 'search', where: (value) => (/^\d{1,4}$/.test(value.trim()) ? { on: beginsWith(value.trim()) } : null) },
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
      kindCode: row.kind,
      note: row.note,
      isProvisional: row.provisional,
      provisional: row.provisional ? 'Dự kiến, chờ thông báo' : 'Chính thức',
    })),
});
