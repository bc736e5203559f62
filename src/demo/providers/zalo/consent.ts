import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { newId, type ZaloWorld } from './world.js';

const LIFE_MS = 10 * 60_000;
const PATH = '/oauth/v4/oa/permission';

interface Asked {
  app_id?: string;
  redirect_uri?: string;
  code_challenge?: string;
  state?: string;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const page = (body: string): string =>
  `<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Zalo mô phỏng</title></head><body style="font-family:sans-serif;max-width:420px;margin:60px auto;padding:0 16px">${body}</body></html>`;

/** What is wrong with a request for permission, with the provider's number; null: nothing. */
function wrongWith(world: ZaloWorld, { app_id, redirect_uri, code_challenge }: Asked): string | null {
  if (app_id !== world.appId) return '-14002 Invalid app id';
  // Byte for byte the registered one, and without a query.
  if (!world.callback || redirect_uri !== world.callback) return '-14003 Invalid redirect uri';
  // base64url of 32 bytes without padding; S256 is the only method.
  return /^[\w-]{43}$/.test(code_challenge ?? '') ? null : '-14004 Invalid code challenge';
}

/** The permission page of OAuth v4: looks at the request, asks the OA's administrator, sends the browser back with a code. */
export function registerConsent(http: FastifyInstance, world: ZaloWorld): void {
  http.get<{ Querystring: Asked }>(PATH, async ({ query, raw }, reply) => {
    const wrong = wrongWith(world, query);
    if (wrong) return reply.type('text/html; charset=utf-8').send(page(`<h1>Zalo mô phỏng</h1><p>${escapeHtml(wrong)}</p>`));
    const action = escapeHtml(raw.url ?? PATH);
    return reply
      .type('text/html; charset=utf-8')
      .send(page(`<h1>Zalo mô phỏng</h1><p>Ứng dụng Nhắc Việc xin quyền gửi tin và quản lý người quan tâm của "OA minh họa".</p><form method="post" action="${action}"><button type="submit">Cho phép</button></form>`));
  });
  http.post<{ Querystring: Asked }>(PATH, async ({ query }, reply) => {
    const wrong = wrongWith(world, query);
    if (wrong) return reply.type('text/html; charset=utf-8').send(page(`<p>${escapeHtml(wrong)}</p>`));
    const code = newId();
    world.codes.set(code, { challenge: query.code_challenge ?? '', at: world.clock.now() });
    const back = new URLSearchParams({ code, oa_id: world.oaId, ...(query.state === undefined ? {} : { state: query.state }) });
    return reply.redirect(`${world.callback}?${back.toString()}`, 302);
  });
}

/** True once per code, within ten minutes, for whoever knows the verifier. A code asked for is spent, whatever comes of it. */
export function takeCode(world: ZaloWorld, code: string, verifier: string): boolean {
  const known = world.codes.get(code);
  world.codes.delete(code);
  if (!known || world.clock.now().getTime() - known.at.getTime() > LIFE_MS) return false;
  return createHash('sha256').update(verifier).digest('base64url') === known.challenge;
}
