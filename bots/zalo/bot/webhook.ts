import type { FastifyInstance } from 'fastify';
import { registerTokenWebhook, type TokenWebhook } from '../../token-webhook.js';

/** The address given to setWebhook, after PUBLIC_URL. */
export const WEBHOOK_PATH = '/webhooks/zalo-bot';

const MAX_BODY_BYTES = 256 * 1024;

/** The webhook of the Zalo Bot Platform. */
export const registerWebhook = (http: FastifyInstance, parts: Pick<TokenWebhook, 'secret' | 'log' | 'take'>): Promise<void> =>
  registerTokenWebhook(http, { ...parts, path: WEBHOOK_PATH, header: 'x-bot-api-secret-token', maxBytes: MAX_BODY_BYTES });
