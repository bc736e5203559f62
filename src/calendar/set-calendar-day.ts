import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import { isLocalDate } from '../kernel/local-date.js';
import type { Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import type { CalendarDayRecord } from './calendar-day.model.js';

export interface CalendarDayInput {
  /** "YYYY-MM-DD" in Vietnam. */
  on: string;
  kind: 'off' | 'worked';
  note: string;
  provisional?: boolean;
}

/** Enters or changes one exception. Deadlines already computed stay as they are. Throws 'input-invalid'. */
export async function setCalendarDay(ctx: Ctx, actor: Actor, input: CalendarDayInput): Promise<CalendarDayRecord> {
  mustBeAllowed(actor, 'calendar.write');
  mustBeDay(input.on);
  const after = { kind: input.kind, note: input.note.trim(), provisional: input.provisional ?? false };
  const before = await ctx.db.CalendarDay.findOneAndUpdate({ on: input.on }, { $set: after }, { upsert: true, returnDocument: 'before' }).lean<CalendarDayRecord>();
  await recordAudit(ctx, actor, { action: 'calendar.set', entity: 'calendar-day', entityKey: input.on, before: before ? facts(before) : null, after });
  return ctx.db.CalendarDay.findOne({ on: input.on }).orFail().lean<CalendarDayRecord>();
}

/** Takes an exception back: the weekday decides again. Nothing happens where there is none. Throws 'input-invalid'. */
export async function removeCalendarDay(ctx: Ctx, actor: Actor, input: { on: string }): Promise<void> {
  mustBeAllowed(actor, 'calendar.write');
  mustBeDay(input.on);
  const before = await ctx.db.CalendarDay.findOneAndDelete({ on: input.on }).lean<CalendarDayRecord>();
  if (before) await recordAudit(ctx, actor, { action: 'calendar.remove', entity: 'calendar-day', entityKey: input.on, before: facts(before) });
}

const facts = ({ kind, note, provisional }: CalendarDayRecord) => ({ kind, note, provisional });

function mustBeDay(on: string): void {
  if (!isLocalDate(on)) throw new DomainError('input-invalid', { path: 'on', expected: 'ngày có thật, dạng năm-tháng-ngày' });
}
