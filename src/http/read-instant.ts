import { DomainError } from '../kernel/errors.js';
import { instantAt, isLocalDate } from '../kernel/local-date.js';

/** An instant as another system writes it: with an offset, or as Vietnamese wall-clock time. Throws 'input-invalid'. */
export function readInstant(text: string, path: string): Date {
  const [on = '', clock = ''] = text.split('T');
  const given = /(Z|[+-]\d{2}:\d{2})$/.test(clock) ? new Date(text) : instantAt(on, clock);
  if (!isLocalDate(on) || Number.isNaN(given.getTime())) throw new DomainError('input-invalid', { path, expected: 'ngày giờ có thật, dạng 2026-11-23T16:00:00+07:00' });
  return given;
}
