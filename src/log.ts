import { pino, type DestinationStream, type Logger } from 'pino';

/** What plugins of the web server put into their own lines at "trace": whole header lists, with cookies and tokens in them. */
const HEADERS = ['headers', '*.headers'];

/** The process's logger, from this level up, to standard output or `out`. */
export const createLog = (level: string, out?: DestinationStream): Logger => pino({ level, redact: { paths: HEADERS, remove: true } }, out);
