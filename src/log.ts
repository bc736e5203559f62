import { pino, type DestinationStream, type LogFn, type Logger } from 'pino';
import { loggedError } from './kernel/logged-error.js';

/** What plugins of the web server put into their own lines at "trace": whole header lists, with cookies and tokens in them. */
const HEADERS = ['headers', '*.headers'];

/** Without words of its own a line would repeat the error's full message. */
function withoutItsMessage(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [what, words] = args as unknown as [unknown, unknown];
  const error = what instanceof Error ? what : (what as { err?: unknown } | null)?.err;
  if (words !== undefined || !(error instanceof Error)) return void method.apply(this, args);
  method.call(this, what instanceof Error ? { err: what } : (what as object), loggedError(error).message);
}

/** The process's logger, from this level up, to standard output or `out`. Errors leave without what was to be written. */
export const createLog = (level: string, out?: DestinationStream): Logger =>
  pino({ level, redact: { paths: HEADERS, remove: true }, serializers: { err: loggedError, error: loggedError }, hooks: { logMethod: withoutItsMessage } }, out);
