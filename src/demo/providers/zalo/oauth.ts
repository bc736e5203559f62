import type { FastifyInstance } from 'fastify';
import { takeCode } from './consent.js';
import { newId, type ZaloWorld } from './world.js';

const LIFE_SECONDS = 90_000;

/** Token endpoint, OAuth v4: single-use codes and refresh tokens, errors with HTTP 200, `expires_in` as a string. */
export function registerOauth(http: FastifyInstance, world: ZaloWorld): void {
  http.post('/oauth/v4/oa/access_token', async (request) => {
    const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');
    world.calls.push({ method: 'POST /v4/oa/access_token', body: { grant_type: form.get('grant_type') }, at: world.clock.now() });
    if (!/^application\/x-www-form-urlencoded/.test(request.headers['content-type'] ?? '')) return refusal(-14001, 'Invalid request');
    if (form.get('app_id') !== world.appId || request.headers['secret_key'] !== world.appSecret) return refusal(-14002, 'Invalid app id');
    if (form.get('grant_type') === 'authorization_code') {
      if (!takeCode(world, form.get('code') ?? '', form.get('code_verifier') ?? '')) return refusal(-14024, 'Invalid authorization code');
    } else if (form.get('grant_type') !== 'refresh_token') return refusal(-14001, 'Invalid request');
    // The real number for a spent token is not documented; people have logged this one around used tokens.
    else if (!world.grant || form.get('refresh_token') !== world.grant.refresh) return refusal(-14012, 'Invalid refresh token');
    world.grant = { access: newId(), refresh: newId(), expiresAt: new Date(world.clock.now().getTime() + LIFE_SECONDS * 1000) };
    return { access_token: world.grant.access, refresh_token: world.grant.refresh, expires_in: String(LIFE_SECONDS) };
  });
}

const refusal = (error: number, reason: string) => ({
  error,
  error_name: reason,
  error_reason: reason,
  ref_doc: 'https://developers.zalo.me/docs/official-account/',
  error_description: reason,
});
