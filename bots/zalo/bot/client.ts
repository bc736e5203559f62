import type { Agent } from 'undici';
import { askJson, type Asked, type NoAnswer } from '../../../src/ask/ask-json.js';
import { providerWords } from '../../../src/ask/provider-words.js';
import type { Secret } from '../../../src/kernel/secret.js';

/** The platform's answer. "refused" is its word (`ok: false`, whatever the HTTP status); after "unknown" nobody knows. */
export type BotAnswer =
  | { kind: 'ok'; result: unknown }
  /** `afterMs`: only where a 429 of HTTP names it. */
  | { kind: 'refused'; status: number; description: string; afterMs?: number }
  | Exclude<NoAnswer, { kind: 'throttled' }>;

/** Calls of the Zalo Bot Platform. Never throws; no answer of it holds the token, which is part of every address. */
export interface BotClient {
  call(method: 'getMe' | 'getUpdates' | 'setWebhook' | 'deleteWebhook' | 'sendMessage', params: Record<string, unknown>, signal: AbortSignal): Promise<BotAnswer>;
}

/** A client for one bot; `apiRoot` without a slash at the end. The older host bot-api.zapps.me answers 404 to getUpdates. */
export const createBotClient = (apiRoot: string, token: Secret, agent: Agent): BotClient => ({
  call: async (method, params, signal) =>
    readAnswer(await askJson(agent, { method: 'POST', url: `${apiRoot}/bot${token.reveal()}/${method}`, json: params, signal }), token),
});

function readAnswer(asked: Asked, token: Secret): BotAnswer {
  // Their 429 comes with HTTP 200; a gateway's before them means the same.
  if (asked.kind === 'throttled') return { kind: 'refused', status: 429, description: '', ...(asked.afterMs === undefined ? {} : { afterMs: asked.afterMs }) };
  if (asked.kind !== 'json') return asked;
  const { ok, result, error_code: code, description } = asked.body;
  if (ok === true) return { kind: 'ok', result };
  const given = typeof code === 'number' || (typeof code === 'string' && /^\d+$/.test(code)) ? Number(code) : undefined;
  const status = given ?? (asked.status === 200 ? undefined : asked.status);
  if (ok !== false || status === undefined) return { kind: 'unknown', code: asked.status === 200 ? 'no-ok-field' : `http-${asked.status}` };
  return { kind: 'refused', status, description: providerWords(description, token) };
}
