import { cleanText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';

/** People's own words as they are kept: NFC, no outer blanks. Throws input-invalid where empty, with control signs, or longer than `max` characters. */
export function mustBeText(value: string, path: string, max: number): string {
  const text = optionalText(value, path, max);
  if (!text) throw new DomainError('input-invalid', { path, expected: 'không được để trống' });
  return text;
}

/** The same, where nothing may be said. */
export function optionalText(value: string | undefined, path: string, max: number): string {
  const text = cleanText(value ?? '', path);
  if (text.length > max) throw new DomainError('input-invalid', { path, expected: `không quá ${max} ký tự` });
  return text;
}
