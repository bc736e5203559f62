import { telegramChannel } from '../../bots/telegram/index.js';
import { zaloBotChannel } from '../../bots/zalo/bot/index.js';
import { createZaloOa } from '../../bots/zalo/oa/index.js';
import type { ChannelModule } from '../../src/delivery/channel-module.js';
import type { Ctx } from '../../src/context.js';
import { testCtx } from '../support/test-ctx.js';
import { senderSuite, type SuiteSender } from './sender-suite.js';

const ports = { receive: async () => {}, receipt: async () => {} };
const opening = (to: string, env: (root: string) => Record<string, string>, secrets: string[], make: (ctx: Ctx) => ChannelModule) => async (root: string): Promise<SuiteSender> => {
  const { ctx, close } = await testCtx('2026-11-23T01:00:00Z', env(root));
  const channel = make(ctx);
  return {
    sender: channel.sender, to, secrets, health: channel.health,
    close: async () => {
      await channel.stop?.();
      await close();
    },
  };
};
const json = (value: unknown): string => JSON.stringify(value);
const field = (name: string) => (body: string): string => {
  const parsed = JSON.parse(body) as Record<string, unknown>;
  const text = name.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], parsed);
  return typeof text === 'string' ? text : '';
};
const unescaped = (html: string): string => html.replace(/<\/?b>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

const telegramError = (error_code: number, description: string, parameters?: object) => ({ status: error_code, body: json({ ok: false, error_code, description, ...(parameters ? { parameters } : {}) }) });
senderSuite('Telegram', {
  open: opening('5001', (root) => ({ TELEGRAM_BOT_TOKEN: '7026112026:rat-bi-mat-telegram', TELEGRAM_API_ROOT: root }), ['rat-bi-mat-telegram'], (ctx) => telegramChannel(ctx, ports)),
  accepted: { id: '31', body: json({ ok: true, result: { message_id: 31 } }) },
  flood: { ...telegramError(429, 'Too Many Requests: retry after 17', { retry_after: 17 }), afterMs: 17_000 },
  refusals: [
    ['blocked', telegramError(403, 'Forbidden: bot was blocked by the user'), { kind: 'unreachable', dead: true }],
    ['200 with an error inside', { ...telegramError(403, 'Forbidden: bot was blocked by the user'), status: 200 }, { kind: 'unreachable', dead: true }],
    ['no such chat', telegramError(400, 'Bad Request: chat not found'), { kind: 'unreachable', dead: true }],
    ['this message', telegramError(400, 'Bad Request: message text is empty'), { kind: 'unreachable' }],
    ['the token', telegramError(401, 'Unauthorized'), { kind: 'rejected' }],
    ['a token in the description', telegramError(400, 'Bad Request: rat-bi-mat-telegram'), { kind: 'unreachable' }],
    ['500', telegramError(500, 'Internal Server Error'), { kind: 'retry', maybeSent: true }],
  ],
  textIn: (body) => unescaped(field('text')(body)),
  maxText: 4096,
});

const zaloError = (error: number, message = '') => ({ body: json({ error, message }) });
senderSuite('Zalo OA', {
  open: opening('7011', (root) => ({
    ZALO_APP_ID: '123', ZALO_APP_SECRET: 'rat-bi-mat-app', ZALO_OA_SECRET_KEY: 'rat-bi-mat-oa', ZALO_OA_REFRESH_TOKEN: 'rat-bi-mat-refresh', ZALO_API_ROOT: root, ZALO_OAUTH_ROOT: root,
  }), ['rat-bi-mat-app', 'rat-bi-mat-oa', 'rat-bi-mat-refresh', 'rat-bi-mat-access'], (ctx) => createZaloOa(ctx, ports)),
  aside: (url) => (url.includes('access_token') ? { body: json({ access_token: 'rat-bi-mat-access', refresh_token: `rat-bi-mat-refresh-${Math.random()}`, expires_in: '90000' }) } : undefined),
  accepted: { id: 'm31', body: json({ error: 0, message: 'Success', data: { message_id: 'm31', user_id: '7011' } }) },
  flood: { ...zaloError(-32, 'limit'), afterMs: 60_000 },
  refusals: [
    ['has not followed', zaloError(-213), { kind: 'unreachable', dead: true }],
    ['silent for seven days', zaloError(-230), { kind: 'unreachable' }],
    ['the number written as text', { body: json({ error: '-230', message: '' }) }, { kind: 'unreachable' }],
    ['the package', zaloError(-224), { kind: 'rejected' }],
    ['the token, twice', zaloError(-216, 'rat-bi-mat-access is invalid'), { kind: 'rejected' }],
    ['perhaps sent', zaloError(-200), { kind: 'retry', maybeSent: true }],
    ['nobody knows this number', zaloError(-999, 'rat-bi-mat-access'), { kind: 'retry', maybeSent: true }],
  ],
  textIn: field('message.text'),
  maxText: 2000,
});

const botError = (error_code: number, description: string) => ({ body: json({ ok: false, error_code, description }) });
senderSuite('Zalo Bot', {
  open: opening('a1', (root) => ({ ZALO_BOT_TOKEN: '1:rat-bi-mat-zalo-bot', ZALO_BOT_API_ROOT: root }), ['rat-bi-mat-zalo-bot'], (ctx) => zaloBotChannel(ctx, ports)),
  accepted: { id: 'm31', body: json({ ok: true, result: { message_id: 'm31', date: 1 } }) },
  flood: { ...botError(429, 'Too many requests'), afterMs: 60_000 },
  refusals: [
    ['no such chat', botError(400, 'Bad Request: invalid chat_id'), { kind: 'unreachable', dead: true }],
    ['this message', botError(400, 'Bad Request: parse_mode'), { kind: 'unreachable' }],
    ['the token', botError(401, 'rat-bi-mat-zalo-bot'), { kind: 'rejected' }],
    ['403 is their own fault', botError(403, 'Internal server error'), { kind: 'retry', maybeSent: true }],
    ['a time-out of theirs', botError(408, 'timeout'), { kind: 'retry', maybeSent: true }],
  ],
  textIn: field('text'),
  maxText: 2000,
});
