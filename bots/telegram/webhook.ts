import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Telegraf } from 'telegraf';
import type { Update } from 'telegraf/types';
import type { Secret } from '../../src/kernel/secret.js';
import { isUpdate } from './to-inbound.js';

export const WEBHOOK_PATH = '/webhooks/telegram';

/** Updates are a few kilobytes; a quoted message with its keyboard stays far below this. */
const MAX_BODY_BYTES = 512 * 1024;

/**
 * The webhook: wrong or missing secret 401 and nothing read; stored, then 200; not stored, 500, and Telegram sends it
 * again. A body that is no update is answered 200, or Telegram would repeat it for a day, and is only counted in the log.
 */
export async function registerWebhook(http: FastifyInstance, { bot, secret, log }: { bot: Telegraf; secret: Secret; log: Logger }): Promise<void> {
  await http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) => done(null, body));
    scope.addHook('onRequest', async (request, reply) => {
      const given = request.headers['x-telegram-bot-api-secret-token'];
      if (!secret.matches(typeof given === 'string' ? given : undefined)) return reply.code(401).send();
    });
    scope.post(WEBHOOK_PATH, { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
      const update = parse(request.body);
      if (!isUpdate(update)) {
        log.warn({ event: 'telegram.update-unreadable' });
        return reply.code(200).send();
      }
      try {
        await bot.handleUpdate(update as Update);
      } catch (error) {
        log.error({ event: 'telegram.update-not-stored', error: error instanceof Error ? error.name : 'unknown', updateId: (update as Update).update_id });
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
