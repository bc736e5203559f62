/** An error as it may stand in a log: who threw it, why and where, and nothing of what was to be written. */
export interface LoggedError {
  type: string;
  message: string;
  code?: string | number;
  stack?: string;
  cause?: LoggedError;
}

const LONGEST = 300;
/** Drivers quote the values that were refused behind these words. */
const VALUES = /(dup key:|for value|with value|\bvalue:).*$/is;
/** Errors whose message quotes what was entered. */
const QUOTES = new Set(['ValidationError', 'CastError', 'ValidatorError', 'BSONError']);

/**
 * The error without its further properties: the database driver hangs the whole operation on its errors, with people's words
 * and numbers in it. Causes are followed three deep.
 */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: typeof error === 'string' ? shortened(error) : '' };
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: QUOTES.has(error.name) ? pathsOf(error) : shortened(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack ? { stack: placesOf(error.stack) } : {}),
    ...(error.cause !== undefined && depth < 3 ? { cause: loggedError(error.cause, depth + 1) } : {}),
  };
}

const shortened = (message: string): string => message.replace(VALUES, '$1 …').slice(0, LONGEST);

/** Which fields were wrong, without what stood in them. */
function pathsOf(error: Error): string {
  const { errors, path } = error as { errors?: Record<string, unknown>; path?: unknown };
  return (errors ? Object.keys(errors) : typeof path === 'string' ? [path] : []).join(', ').slice(0, LONGEST);
}

/** The lines that name places; the first ones repeat the message. */
const placesOf = (stack: string): string => stack.split('\n').filter((line) => /^\s+at /.test(line)).map((line) => line.trim()).join('\n');
