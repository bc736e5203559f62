import { DomainError } from '../kernel/errors.js';

/** Hours somebody who is told things has of their own, a person or an agency's mailbox; absent or null: the office's. Times of day are "HH:mm" in Vietnam. */
export interface OwnHours {
  /** Hour of the daily digest. */
  digestAt?: string;
  quiet?: { from: string; to: string } | null;
}

/** The same as people write it; null takes a value away. */
export interface HoursGiven {
  digestAt: string | null;
  quiet: { from: string; to: string } | null;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Checks the given hours and says how they are stored; an undefined value takes the field away. Throws input-invalid with the field's path. */
export function readOwnHours({ digestAt, quiet }: Partial<HoursGiven>): { digestAt?: string | undefined; quiet?: OwnHours['quiet'] } {
  return {
    ...(digestAt === undefined ? {} : { digestAt: digestAt === null ? undefined : timeOf(digestAt, 'digestAt') }),
    ...(quiet === undefined ? {} : { quiet: quietOf(quiet) }),
  };
}

const invalid = (path: string, expected: string) => new DomainError('input-invalid', { path, expected });

function timeOf(given: string, path: string): string {
  if (!TIME.test(given)) throw invalid(path, 'giờ, ví dụ 07:30');
  return given;
}

function quietOf(quiet: HoursGiven['quiet']): HoursGiven['quiet'] {
  if (!quiet) return null;
  const own = { from: timeOf(quiet.from, 'quiet'), to: timeOf(quiet.to, 'quiet') };
  if (own.from === own.to) throw invalid('quiet', 'giờ đầu và giờ cuối phải khác nhau');
  return own;
}
