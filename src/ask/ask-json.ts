import { Agent, request, type Dispatcher, type FormData } from 'undici';

/** What came of asking. "not-sent" and "throttled" are certain; after "unknown" nobody knows whether the call was carried out. */
export type Asked = { kind: 'json'; status: number; body: Record<string, unknown> } | NoAnswer;

/** Why there is no answer; `code` is a short word of ours. */
export type NoAnswer =
  /** HTTP 429, refused before anybody looked at it. `afterMs`: as Retry-After says; absent where it says nothing. */
  | { kind: 'throttled'; code: 'throttled'; afterMs?: number }
  | { kind: 'not-sent'; code: string }
  | { kind: 'unknown'; code: string };

export interface Ask {
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is; text needs its content type among the headers. */
  body?: string | FormData;
  signal: AbortSignal;
}

const MAX_ANSWER_BYTES = 1_000_000;
/** What a provider may ask us to wait; longer is a mistake, and the next call will hear it again. */
const MAX_PAUSE_MS = 3_600_000;
/** Errors before the first byte of a request left this machine. The last two: our own connections were closed for good. */
const BEFORE_SENDING = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

/**
 * Connections to one provider; few, so that a slow provider holds few of them. Close it when the channel stops. `silenceMs`:
 * how long an answer may stay away; long polls need more than they ask the server to wait.
 */
export const openConnections = (silenceMs = 20_000): Agent => new Agent({ connections: 8, connect: { timeout: 5_000 }, headersTimeout: silenceMs, bodyTimeout: silenceMs });

/**
 * Asks for JSON. Never throws, and its codes never hold an address (keys stand in addresses), a header or a word of the
 * provider's: a gateway's HTML error page, a cut answer and silence all come back as a short code.
 */
export async function askJson(agent: Agent, { method, url, headers, json, body, signal }: Ask): Promise<Asked> {
  if (signal.aborted) return { kind: 'not-sent', code: 'timeout' };
  const given = json === undefined ? { ...(headers ? { headers } : {}), ...(body === undefined ? {} : { body }) } : { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(json) };
  let status = 0;
  try {
    const answer = await request(url, { method, signal, dispatcher: agent, ...given });
    status = answer.statusCode;
    if (status === 429) return await throttled(answer);
    const read: unknown = JSON.parse(await readAll(answer.body));
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return { kind: 'json', status, body: read as Record<string, unknown> };
    return { kind: 'unknown', code: status === 200 ? 'bad-json' : `http-${status}` };
  } catch (error) {
    return failed(error, status, signal);
  }
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new RangeError('answer too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The head has said it; what becomes of the body changes nothing. */
async function throttled({ headers, body }: Dispatcher.ResponseData): Promise<NoAnswer> {
  await body.dump().catch(() => undefined);
  const afterMs = pauseIn(String(headers['retry-after'] ?? ''), String(headers['date'] ?? ''));
  return { kind: 'throttled', code: 'throttled', ...(afterMs === null ? {} : { afterMs }) };
}

/** Retry-After (RFC 9110, 10.2.3) in milliseconds: seconds, or a date that is measured by the server's own clock. Null: neither. Pure. */
export function pauseIn(retryAfter: string, date: string): number | null {
  const ms = /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - Date.parse(date);
  return ms > 0 ? Math.min(ms, MAX_PAUSE_MS) : null;
}

function failed(error: unknown, status: number, signal: AbortSignal): NoAnswer {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (BEFORE_SENDING.has(code)) return { kind: 'not-sent', code: 'no-connection' };
  if (signal.aborted || /TIMEOUT/.test(code)) return { kind: 'unknown', code: 'timeout' };
  if (error instanceof SyntaxError) return { kind: 'unknown', code: status === 200 ? 'bad-json' : `http-${status}` };
  return { kind: 'unknown', code: 'connection-lost' };
}
