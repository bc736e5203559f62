import { Blob } from 'node:buffer';
import { type Agent, FormData } from 'undici';
import { askJson, type Ask, type Asked, type NoAnswer } from '../../../src/ask/ask-json.js';
import { providerWords } from '../../../src/ask/provider-words.js';
import type { Secret } from '../../../src/kernel/secret.js';

/** Zalo's answer. "refused" is certain (nothing was done as far as Zalo says); "unknown" is not. */
export type ZaloAnswer =
  | { kind: 'ok'; data: Record<string, unknown> }
  | { kind: 'refused'; code: number; message: string }
  | NoAnswer;

/** Calls of the Official Account's OpenAPI. Holds no token: each call is given one. */
export interface ZaloClient {
  get(path: string, query: Record<string, unknown> | null, call: ZaloCall): Promise<ZaloAnswer>;
  post(path: string, body: unknown, call: ZaloCall): Promise<ZaloAnswer>;
  /** jpg or png up to 1 MB as "image", pdf, doc or docx up to 5 MB as "file". Zalo keeps them for 7 days. */
  upload(what: 'image' | 'file', file: { name: string; type: string; bytes: Uint8Array }, call: ZaloCall): Promise<ZaloAnswer>;
}

export interface ZaloCall {
  token: Secret;
  signal: AbortSignal;
}

/** A client for one API root, e.g. https://openapi.zalo.me (without a slash at the end). */
export function createZaloClient(apiRoot: string, agent: Agent): ZaloClient {
  const ask = async (call: ZaloCall, rest: Omit<Ask, 'signal' | 'headers'>) =>
    // A bare header; "Authorization: Bearer" and a token in the address are refused with -216.
    readAnswer(await askJson(agent, { ...rest, signal: call.signal, headers: { access_token: call.token.reveal() } }), call.token);
  return {
    get: (path, query, call) => {
      const search = query ? `?data=${encodeURIComponent(JSON.stringify(query))}` : '';
      return ask(call, { method: 'GET', url: `${apiRoot}${path}${search}` });
    },
    post: (path, body, call) => ask(call, { method: 'POST', url: `${apiRoot}${path}`, json: body }),
    upload: (what, file, call) => {
      const form = new FormData();
      form.append('file', new Blob([file.bytes], { type: file.type }), file.name);
      return ask(call, { method: 'POST', url: `${apiRoot}/v2.0/oa/upload/${what}`, body: form });
    },
  };
}

/** Decides on `error`, never on the HTTP status; `error` may be a number or a number written as text. */
function readAnswer(asked: Asked, token: Secret): ZaloAnswer {
  if (asked.kind !== 'json') return asked;
  const { error, message, data } = asked.body;
  const code = typeof error === 'number' ? error : typeof error === 'string' && /^-?\d+$/.test(error.trim()) ? Number(error) : undefined;
  if (code === undefined) return { kind: 'unknown', code: asked.status === 200 ? 'no-error-field' : `http-${asked.status}` };
  if (code !== 0) return { kind: 'refused', code, message: providerWords(message, token) };
  return { kind: 'ok', data: typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {} };
}
