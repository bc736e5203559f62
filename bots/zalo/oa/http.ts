import { Agent, request, type FormData } from 'undici';

/** What came of asking. "not-sent" is certain; after "unknown" nobody knows whether the call was carried out. */
export type Asked =
  | { kind: 'json'; status: number; body: Record<string, unknown> }
  | { kind: 'not-sent'; code: string }
  | { kind: 'unknown'; code: string };

export interface Ask {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string | FormData;
  signal: AbortSignal;
}

const MAX_ANSWER_BYTES = 1_000_000;
/** Errors before the first byte of a request left this machine. */
const BEFORE_SENDING = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_CLOSED']);

/**
 * Connections to one provider; few, so that a slow provider holds few of them. Close it when the channel stops. `silenceMs`:
 * how long an answer may stay away; long polls need more than they ask the server to wait.
 */
export const openConnections = (silenceMs = 20_000): Agent => new Agent({ connections: 8, connect: { timeout: 5_000 }, headersTimeout: silenceMs, bodyTimeout: silenceMs });

/**
 * Asks for JSON. Never throws, and its codes never hold an address, a header or a word of the provider's: a gateway's HTML
 * error page, a cut answer and silence all come back as a short code.
 */
export async function askJson(agent: Agent, ask: Ask): Promise<Asked> {
  if (ask.signal.aborted) return { kind: 'not-sent', code: 'timeout' };
  let status = 0;
  try {
    const { url, ...options } = ask;
    const answer = await request(url, { ...options, dispatcher: agent });
    status = answer.statusCode;
    const body: unknown = JSON.parse(await readAll(answer.body));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { kind: 'json', status, body: body as Record<string, unknown> };
    return { kind: 'unknown', code: 'bad-json' };
  } catch (error) {
    return failed(error, status, ask.signal);
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

function failed(error: unknown, status: number, signal: AbortSignal): Asked {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (BEFORE_SENDING.has(code)) return { kind: 'not-sent', code: 'no-connection' };
  if (signal.aborted || /TIMEOUT/.test(code)) return { kind: 'unknown', code: 'timeout' };
  if (error instanceof SyntaxError) return { kind: 'unknown', code: status === 200 ? 'bad-json' : `http-${status}` };
  return { kind: 'unknown', code: 'connection-lost' };
}
