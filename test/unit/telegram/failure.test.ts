import { TelegramError } from 'telegraf';
import { describe, expect, test } from 'vitest';
import { readFailure } from '../../../bots/telegram/failure.js';
import { pauseAfter } from '../../../bots/telegram/pauses.js';
import { outcomeOf } from '../../../bots/telegram/outcome.js';

const refusal = (error_code: number, description: string, parameters?: object) => outcomeOf(readFailure(new TelegramError({ error_code, description, ...(parameters ? { parameters } : {}) })));

describe('what a failure means for a delivery', () => {
  test.each([
    [429, 'Too Many Requests: retry after 7', { retry_after: 7 }, { kind: 'retry', code: 'flood', afterMs: 7000, maybeSent: false, pauseChannel: true }],
    [403, 'Forbidden: bot was blocked by the user', undefined, { kind: 'unreachable', code: 'blocked', dead: true }],
    [403, 'Forbidden: user is deactivated', undefined, { kind: 'unreachable', code: 'deactivated', dead: true }],
    [403, "Forbidden: bot can't initiate conversation with a user", undefined, { kind: 'unreachable', code: 'not-started', dead: true }],
    [400, 'Bad Request: chat not found', undefined, { kind: 'unreachable', code: 'chat-not-found', dead: true }],
    [400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -100123 }, { kind: 'unreachable', code: 'migrated-to:-100123', dead: true }],
    [400, 'Bad Request: message is too long', undefined, { kind: 'unreachable', code: 'message-refused:message-is-too-long' }],
    [401, 'Unauthorized', undefined, { kind: 'rejected', code: 'token-refused' }],
    [404, 'Not Found', undefined, { kind: 'rejected', code: 'token-refused' }],
    [500, 'Internal Server Error', undefined, { kind: 'retry', code: 'http-500', maybeSent: true }],
  ])('%i %s', (status, description, parameters, outcome) => {
    expect(refusal(status, description, parameters)).toEqual(outcome);
  });

  test('what people wrote never becomes part of a code', () => {
    expect(refusal(400, `Bad Request: inline keyboard button URL 'https://x/?cccd=012345' is invalid: Wrong HTTP URL`)).toEqual({ kind: 'unreachable', code: 'message-refused:inline-keyboard-button-url-is-invalid-wrong-http-url' });
  });

  test('no connection: surely not sent; broken connection: nobody knows', () => {
    expect(outcomeOf(readFailure(Object.assign(new Error('x'), { name: 'FetchError', type: 'system', code: 'ECONNREFUSED' })))).toMatchObject({ maybeSent: false });
    expect(outcomeOf(readFailure(Object.assign(new Error('x'), { name: 'FetchError', type: 'system', code: 'ECONNRESET' })))).toMatchObject({ code: 'reset', maybeSent: true });
    expect(outcomeOf(readFailure(new TypeError('reading ok of null')))).toMatchObject({ code: 'unreadable', maybeSent: true });
  });
});

describe('pauses between polls', () => {
  test('as long as Telegram asks for, else growing up to a minute', () => {
    expect(pauseAfter({ kind: 'refused', status: 429, description: '', retryAfterS: 3 }, 1, 0.5)).toBe(3000);
    const grows = [1, 2, 3, 7, 50].map((n) => pauseAfter({ kind: 'unclear', code: 'reset' }, n, 1));
    expect(grows).toEqual([1000, 2000, 4000, 60_000, 60_000]);
  });
});
