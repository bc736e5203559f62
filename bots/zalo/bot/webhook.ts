import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Secret } from '../../../src/kernel/secret.js';

/** The address given to setWebhook, after PUBLIC_URL. */
export const WEBHOOK_PATH = '/webhooks/zalo-bot';

const MAX_BODY_BYTES = 256 * 1024;

export interface WebhookParts {
  secret: Secret;
  log: Logger;
  /** Stores one update. Rejects where it could not be stored. */
  take(update: unknown): Promise<void>;
}

/**
 * The webhook: wrong or missing secret 401 and nothing read; stored, then 200; not stored, 500, so that it is sent again.
 * What cannot be read is answered 200 and counted in the log: a repeat would not make it readable.
 */
export async function registerWebhook(http: FastifyInstance, { secret, log, take }: WebhookParts): Promise<void> {
  await http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) => done(null, body));
    scope.addHook('onRequest', async (request, reply) => {
      const given = request.headers['x-bot-api-secret-token'];
      if (!secret.matches(typeof given === 'string' ? given : undefined)) return reply.code(401).send();
    });
    scope.post(WEBHOOK_PATH, { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
      try {
        await take(parse(request.body));
      } catch (error) {
        log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'zalo-bot.update-not-stored');
        return reply.code(500).send();
      }
      return reply.code(200).send();
    });
  });
}

function parse(body: unknown): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}
