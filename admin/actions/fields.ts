import { z } from 'zod';
import { isCleanText } from '../../src/kernel/clean-text.js';
import { instantAt, isLocalDate } from '../../src/kernel/local-date.js';

/** Form fields as browsers send them, with the words shown beside the field. Empty optional fields count as absent. */
const blankAsAbsent = (value: unknown): unknown => (typeof value === 'string' && value.trim() === '' ? undefined : value);

const UNCLEAN = 'có ký tự điều khiển hoặc ký tự ẩn, đề nghị gõ lại';

export const text = (most = 500) => z.string('cần nhập').refine(isCleanText, UNCLEAN).trim().min(1, 'cần nhập').max(most, `tối đa ${most} ký tự`);
export const optionalText = (most = 500) => z.preprocess(blankAsAbsent, z.string('chưa đúng').refine(isCleanText, UNCLEAN).trim().max(most, `tối đa ${most} ký tự`).optional());
export const choice = <const T extends readonly [string, ...string[]]>(values: T) => z.enum(values, 'cần chọn');
export const day = z.string('cần nhập ngày').trim().min(1, 'cần nhập ngày').refine(isLocalDate, 'không phải ngày có thật');
export const tick = z.preprocess((value) => value === true || value === 'true', z.boolean());
export const id = z.string('cần chọn').regex(/^[0-9a-f]{24}$/i, 'cần chọn');
export const optionalId = z.preprocess(blankAsAbsent, id.optional());
export const email = z.preprocess(blankAsAbsent, z.email('không phải địa chỉ thư điện tử').optional());

const time = z.string('cần nhập giờ').regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'cần nhập giờ, ví dụ 14:00');

export const optionalTime = z.preprocess(blankAsAbsent, time.optional());

/** A deadline: no deadline, a day, or a day and an hour (Vietnamese time). */
const dueChoice = { dueMode: z.enum(['day', 'hour', 'none'], 'cần chọn'), dueOn: z.preprocess(blankAsAbsent, day.optional()), dueTime: optionalTime };

interface DueForm {
  dueMode: 'day' | 'hour' | 'none';
  dueOn?: string | undefined;
  dueTime?: string | undefined;
}

/** The use case's way of saying it: a day, or an instant, or neither. */
const toDue = ({ dueMode, dueOn, dueTime }: DueForm): { dueOn?: string; dueAt?: Date } => {
  if (dueMode === 'none' || !dueOn) return {};
  return dueMode === 'hour' ? { dueAt: instantAt(dueOn, dueTime ?? '') } : { dueOn };
};

function mustBeWhole(form: DueForm, context: z.RefinementCtx): void {
  const lacks = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (form.dueMode !== 'none' && !form.dueOn) lacks('dueOn', 'cần nhập ngày');
  if (form.dueMode === 'hour' && !form.dueTime) lacks('dueTime', 'cần nhập giờ');
}

/** One task of a form, ready for the use case. */
export const taskForm = z
  .object({
    content: text(2000),
    leadAgencyCode: text(40),
    coordinatingAgencyCodes: z.array(z.string().max(40)).max(60).default([]),
    officerId: optionalId,
    monitorId: optionalId,
    leaderId: optionalId,
    ...dueChoice,
  })
  .superRefine(mustBeWhole)
  .transform(({ dueMode, dueOn, dueTime, ...task }) => ({ ...task, ...toDue({ dueMode, dueOn, dueTime }) }));

/** A new deadline; "none" is not on offer. */
export const deadlineForm = z
  .object({ reason: text(500), acceptEarlier: tick, ...dueChoice, dueMode: z.enum(['day', 'hour'], 'cần chọn') })
  .superRefine(mustBeWhole)
  .transform(({ reason, acceptEarlier, ...due }) => ({ reason, acceptEarlier, due: toDue(due) }));

/** A meeting's start: day and hour in Vietnam, as one instant. */
export const start = { startsOn: day, startsTime: time };
export const toStart = ({ startsOn, startsTime }: { startsOn: string; startsTime: string }): Date => instantAt(startsOn, startsTime);
