import { TelegramError } from 'telegraf';

/** What went wrong with a call, without a word of the provider's that could hold a token or a person's text. */
export type Failure =
  /** The API answered and said no. */
  | { kind: 'refused'; status: number; description: string; retryAfterS?: number; migrateTo?: number }
  /** The server answered 5xx: nobody knows whether it acted. */
  | { kind: 'server-error'; status: number }
  /** No connection came about; nothing was sent. */
  | { kind: 'not-sent'; code: string }
  /** The connection broke, the time was up or the answer was no JSON: it may have acted. */
  | { kind: 'unclear'; code: 'reset' | 'timeout' | 'unreadable' };

/** Our own code (connections.ts): the connection did not stand in time, or broke before it stood. */
export const NO_CONNECTION = 'no-connection';

/** Failures of Node's sockets that happen before a request leaves, and ours. */
const BEFORE_SENDING = new Set([
  NO_CONNECTION,
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ERR_INVALID_URL',
  'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** True for the code of a failure that happens only before a request leaves. */
export const isBeforeSending = (code: unknown): code is string => typeof code === 'string' && BEFORE_SENDING.has(code);

interface Thrown {
  name?: unknown;
  type?: unknown;
  code?: unknown;
}

/** Reads what telegraf threw. A server that repeats the token in its answer does not get it into ours: give it to be hidden. */
export function readFailure(error: unknown, token = ''): Failure {
  if (error instanceof TelegramError) return withoutToken(readRefusal(error), token);
  const { name, type, code } = (typeof error === 'object' && error !== null ? error : {}) as Thrown;
  if (name === 'AbortError' || name === 'TimeoutError') return { kind: 'unclear', code: 'timeout' };
  if (isBeforeSending(code)) return { kind: 'not-sent', code };
  return { kind: 'unclear', code: type === 'system' && code !== 'ERR_STREAM_PREMATURE_CLOSE' ? 'reset' : 'unreadable' };
}

function withoutToken(failure: Failure, token: string): Failure {
  if (failure.kind !== 'refused' || token === '') return failure;
  const secret = token.slice(token.indexOf(':') + 1);
  return { ...failure, description: failure.description.replaceAll(token, '').replaceAll(secret, '') };
}

function readRefusal({ response }: TelegramError): Failure {
  const status: unknown = response.error_code;
  if (typeof status !== 'number') return { kind: 'unclear', code: 'unreadable' };
  if (status >= 500) return { kind: 'server-error', status };
  const { retry_after: retryAfterS, migrate_to_chat_id: migrateTo } = response.parameters ?? {};
  return {
    kind: 'refused',
    status,
    description: String(response.description ?? ''),
    ...(typeof retryAfterS === 'number' ? { retryAfterS } : {}),
    ...(typeof migrateTo === 'number' ? { migrateTo } : {}),
  };
}
