import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Telegraf } from 'telegraf';
import type { Update } from 'telegraf/types';
import type { Secret } from '../../src/kernel/secret.js';
import { registerTokenWebhook } from '../token-webhook.js';
import { isUpdate } from './to-inbound.js';

export const WEBHOOK_PATH = '/webhooks/telegram';

/** Updates are a few kilobytes; a quoted message with its keyboard stays far below this. */
const MAX_BODY_BYTES = 512 * 1024;

/** The webhook. Telegram repeats for a day what is not answered 200. */
export const registerWebhook = (http: FastifyInstance, { bot, secret, log }: { bot: Telegraf; secret: Secret; log: Logger }): Promise<void> =>
  registerTokenWebhook(http, {
    path: WEBHOOK_PATH,
    header: 'x-telegram-bot-api-secret-token',
    secret,
    maxBytes: MAX_BODY_BYTES,
    log,
    take: async (update) => {
      if (isUpdate(update)) await bot.handleUpdate(update as Update);
      else log.warn({ event: 'telegram.update-unreadable' });
    },
  });
