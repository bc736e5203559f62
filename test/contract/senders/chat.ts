import { expect } from 'vitest';
import { telegramChannel } from '../../../bots/telegram/index.js';
import { zaloBotChannel } from '../../../bots/zalo/bot/index.js';
import { createZaloOa } from '../../../bots/zalo/oa/index.js';
import { field, http429, json, overHttp, type Answer } from './http-peer.js';
import { openChannel } from './open-channel.js';
import { senderSuite } from './suite.js';

/** A good answer about somebody else. */
export const anothers = (body: object): { faults: Answer[]; gives: { code: string } } => ({ faults: [{ body: json(body) }], gives: { code: expect.stringContaining('anothers-answer') as string } });

const unescaped = (html: string): string => html.replace(/<\/?b>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
const telegramError = (error_code: number, description: string, parameters?: object): Answer => ({ status: error_code, body: json({ ok: false, error_code, description, ...(parameters ? { parameters } : {}) }) });
const blocked = telegramError(403, 'Forbidden: bot was blocked by the user');

export const telegram = senderSuite('Telegram', overHttp({
  open: (root) => openChannel({ TELEGRAM_BOT_TOKEN: '7026112026:rat-bi-mat-telegram', TELEGRAM_API_ROOT: root, TELEGRAM_UPDATES: 'webhook', TELEGRAM_WEBHOOK_SECRET: 'rat-bi-mat-webhook', PUBLIC_URL: 'https://127.0.0.1:9' }, telegramChannel),
  to: '5001',
  secrets: ['rat-bi-mat-telegram', 'rat-bi-mat-webhook'],
  aside: (url) => (url.endsWith('/sendMessage') ? undefined : { body: json({ ok: true, result: { id: 7, is_bot: true, first_name: 'Nhắc Việc', username: 'nhacviec_bot' } }) }),
  accepted: { body: json({ ok: true, result: { message_id: 31, chat: { id: 5001, type: 'private' } } }) },
  providerId: '31',
  cases: {
    flood: { faults: [telegramError(429, 'Too Many Requests: retry after 17', { retry_after: 17 })], gives: { afterMs: 17_000 } },
    floodUnnamed: { faults: [telegramError(429, 'Too Many Requests')], gives: { afterMs: 5_000 } },
    errorInSuccess: { faults: [{ ...blocked, status: 200 }], gives: { kind: 'unreachable', dead: true } },
    another: anothers({ ok: true, result: { message_id: 31, chat: { id: 5002, type: 'private' } } }),
    leak: { faults: [telegramError(400, 'Bad Request: rat-bi-mat-telegram')], gives: { kind: 'unreachable' } },
  },
  refusals: [
    ['blocked', blocked, { kind: 'unreachable', dead: true }],
    ['no such chat', telegramError(400, 'Bad Request: chat not found'), { kind: 'unreachable', dead: true }],
    ['this message', telegramError(400, 'Bad Request: message text is empty'), { kind: 'unreachable' }],
    ['the token', telegramError(401, 'Unauthorized'), { kind: 'rejected' }],
    ['500', telegramError(500, 'Internal Server Error'), { kind: 'retry', maybeSent: true }],
  ],
  textIn: (body) => unescaped(field('text')(body)),
  maxText: 4096,
}));

/** Settings and token calls of the Official Account; ZBS is sent in its name. */
export const oaEnv = (root: string): Record<string, string> => ({
  ZALO_APP_ID: '123', ZALO_APP_SECRET: 'rat-bi-mat-app', ZALO_OA_SECRET_KEY: 'rat-bi-mat-oa', ZALO_OA_REFRESH_TOKEN: 'rat-bi-mat-refresh', ZALO_API_ROOT: root, ZALO_OAUTH_ROOT: root,
});
export const oaSecrets = ['rat-bi-mat-app', 'rat-bi-mat-oa', 'rat-bi-mat-refresh', 'rat-bi-mat-access'];
export const oaToken = (url: string): Answer | undefined => (url.includes('access_token') ? { body: json({ access_token: 'rat-bi-mat-access', refresh_token: `rat-bi-mat-refresh-${Math.random()}`, expires_in: '90000' }) } : undefined);
export const zaloError = (error: number | string, message = ''): Answer => ({ body: json({ error, message }) });

export const zaloOa = senderSuite('Zalo OA', overHttp({
  open: (root) => openChannel(oaEnv(root), createZaloOa),
  to: '7011',
  secrets: oaSecrets,
  aside: oaToken,
  accepted: { body: json({ error: 0, message: 'Success', data: { message_id: 'm31', user_id: '7011' } }) },
  providerId: 'm31',
  cases: {
    flood: { faults: [http429('17')], gives: { afterMs: 17_000 } },
    floodUnnamed: { faults: [zaloError(-32, 'limit'), http429()], gives: { afterMs: 60_000 } },
    errorInSuccess: { faults: [zaloError(-213), zaloError('-230')], gives: { kind: 'unreachable' } },
    another: anothers({ error: 0, message: 'Success', data: { message_id: 'm31', user_id: '7012' } }),
    leak: { faults: [zaloError(-999, 'rat-bi-mat-access'), { status: 502, body: '<p>rat-bi-mat-access</p>' }] },
  },
  refusals: [
    ['has not followed', zaloError(-213), { kind: 'unreachable', dead: true }],
    ['silent for seven days', zaloError(-230), { kind: 'unreachable' }],
    ['the package', zaloError(-224), { kind: 'rejected' }],
    ['the token, twice', zaloError(-216, 'rat-bi-mat-access is invalid'), { kind: 'rejected' }],
    ['perhaps sent', zaloError(-200), { kind: 'retry', maybeSent: true }],
    ['nobody knows this number', zaloError(-999), { kind: 'retry', maybeSent: true }],
  ],
  textIn: field('message.text'),
  maxText: 2000,
}));

const botError = (error_code: number, description: string): Answer => ({ body: json({ ok: false, error_code, description }) });

export const zaloBot = senderSuite('Zalo Bot', overHttp({
  open: (root) => openChannel({ ZALO_BOT_TOKEN: '1:rat-bi-mat-zalo-bot', ZALO_BOT_API_ROOT: root, ZALO_BOT_UPDATES: 'webhook', ZALO_BOT_WEBHOOK_SECRET: 'rat-bi-mat-webhook', PUBLIC_URL: 'https://127.0.0.1:9' }, zaloBotChannel),
  to: 'a1',
  secrets: ['rat-bi-mat-zalo-bot', 'rat-bi-mat-webhook'],
  aside: (url) => (url.endsWith('/sendMessage') ? undefined : { body: json({ ok: true, result: { id: 'b1', account_name: 'bot.NhacViec', display_name: 'Nhắc Việc' } }) }),
  accepted: { body: json({ ok: true, result: { message_id: 'm31', date: 1 } }) },
  providerId: 'm31',
  cases: {
    flood: { faults: [http429('17')], gives: { afterMs: 17_000 } },
    floodUnnamed: { faults: [botError(429, 'Too many requests'), http429()], gives: { afterMs: 60_000 } },
    errorInSuccess: { faults: [botError(400, 'Bad Request: invalid chat_id')], gives: { kind: 'unreachable', dead: true } },
    another: { never: 'sendMessage answers with message_id and date, and names no chat' },
    leak: { faults: [botError(401, 'rat-bi-mat-zalo-bot')], gives: { kind: 'rejected' } },
  },
  refusals: [
    ['no such chat', botError(400, 'Bad Request: invalid chat_id'), { kind: 'unreachable', dead: true }],
    ['this message', botError(400, 'Bad Request: parse_mode'), { kind: 'unreachable' }],
    ['the token', botError(401, 'Unauthorized'), { kind: 'rejected' }],
    ['403 is their own fault', botError(403, 'Internal server error'), { kind: 'retry', maybeSent: true }],
    ['a time-out of theirs', botError(408, 'timeout'), { kind: 'retry', maybeSent: true }],
  ],
  textIn: field('text'),
  maxText: 2000,
}));
