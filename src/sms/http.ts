import { Agent, request } from 'undici';

/** What came of asking. "not-sent" is certain; after "unknown" nobody knows whether the call was carried out. */
export type Asked =
  | { kind: 'json'; status: number; body: Record<string, unknown> }
  | { kind: 'throttled'; afterMs: number }
  | { kind: 'not-sent'; code: string }
  | { kind: 'unknown'; code: string };

export interface Ask {
  method: 'GET' | 'POST';
  url: string;
  /** Sent as JSON. */
  body?: unknown;
  signal: AbortSignal;
}

const MAX_ANSWER_BYTES = 256 * 1024;
const MAX_PAUSE_MS = 10 * 60_000;
const PAUSE_MS = 10_000;
/** Errors before the first byte of a request left this machine. */
const BEFORE_SENDING = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

/** Connections to the gateway; few, so that a slow one holds few of them. Close it when the channel stops. */
export const openConnections = (): Agent => new Agent({ connections: 8, connect: { timeout: 5_000 }, headersTimeout: 20_000, bodyTimeout: 20_000 });

/** Asks for JSON. Never throws; its codes never hold an address (keys stand in addresses), a header or the gateway's words. */
export async function askJson(agent: Agent, { method, url, body, signal }: Ask): Promise<Asked> {
  if (signal.aborted) return { kind: 'not-sent', code: 'timeout' };
  const payload = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  let status = 0;
  try {
    const answer = await request(url, { method, signal, dispatcher: agent, ...payload });
    status = answer.statusCode;
    const text = await readAll(answer.body);
    if (status === 429) return { kind: 'throttled', afterMs: pauseOf(answer.headers['retry-after']) };
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { kind: 'json', status, body: parsed as Record<string, unknown> };
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

/** Retry-After in seconds; its other form, a date, is not worth a second clock. */
function pauseOf(header: string | string[] | undefined): number {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, MAX_PAUSE_MS) : PAUSE_MS;
}

function failed(error: unknown, status: number, signal: AbortSignal): Asked {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (BEFORE_SENDING.has(code)) return { kind: 'not-sent', code: 'no-connection' };
  if (signal.aborted || /TIMEOUT/.test(code)) return { kind: 'unknown', code: 'timeout' };
  if (error instanceof SyntaxError) return { kind: 'unknown', code: status === 200 ? 'bad-json' : `http-${status}` };
  return { kind: 'unknown', code: 'connection-lost' };
}
