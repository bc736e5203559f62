import { Type, type TObject, type TProperties, type TSchema } from '@sinclair/typebox';

/** An object that takes exactly these fields; an unknown one is a mistake, not something to drop. */
export const closed = <T extends TProperties>(fields: T, options: { description?: string; examples?: object[] } = {}): TObject<T> => Type.Object(fields, { additionalProperties: false, ...options });

/** A text that says something, at most `max` characters; without NUL, which no channel carries and no office file may hold. */
export const text = (max: number, description?: string) => Type.String({ minLength: 1, maxLength: max, pattern: '^(?![\\s\\S]*\\u0000)[\\s\\S]*\\S', ...(description ? { description } : {}) });

/** One of some fixed words, written as `enum` so that answers and documentation can list them. */
export const oneOf = <T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...(description ? { description } : {}) });

export const agencyCode = Type.String({ pattern: '^[^\\s\\u0000-\\u001f\\u007f]{1,40}$', description: 'Mã cơ quan, đơn vị', examples: ['STC'] });
export const recordId = Type.String({ pattern: '^[0-9a-f]{24}$', description: 'Mã bản ghi do hệ thống cấp' });
export const day = Type.String({ format: 'date', description: 'Ngày theo giờ Việt Nam, YYYY-MM-DD' });
/** With an offset, or without one for Vietnamese wall-clock time; see `readInstant`. */
export const instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:[0-5]\\d)?$',
  description: 'Ngày giờ ISO 8601; không ghi múi giờ thì hiểu là giờ Việt Nam',
  examples: ['2026-11-23T16:00:00+07:00'],
});
export const email = Type.String({ format: 'email', maxLength: 254 });
/** Query strings are text and are not turned into numbers behind the caller's back. */
export const pageQuery = Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,5}$', description: 'Trang, từ 1', examples: ['1'] }));

export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const time = Type.String({ format: 'date-time' });

/** What every route may answer when it cannot do it; the codes are listed at the schema `Problem`. */
export const problems = { '4xx': problemAnswer('Yêu cầu chưa thực hiện được; không có gì được ghi'), '5xx': problemAnswer('Lỗi hệ thống') };

function problemAnswer(description: string) {
  return { description, content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } };
}

/** A time of day in Vietnam. */
export const hour = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'Giờ Việt Nam HH:mm', examples: ['07:30'] });
