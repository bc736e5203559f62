import { EJSON } from 'bson';

/** A value as text for an error message, cut if it is long. */
export function describe(value: unknown): string {
  const text = value === undefined ? 'undefined' : EJSON.stringify(value, { relaxed: true });
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
