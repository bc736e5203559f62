import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTelegramStandIn, type TelegramStandIn } from '../../src/demo/providers/telegram.js';
import { TestClock } from '../support/test-clock.js';

interface Answer {
  ok: boolean;
  result?: unknown;
  error_code?: number;
  description?: string;
}

describe('the Telegram stand-in is as strict as the Bot API', () => {
  let telegram: TelegramStandIn;
  let clock: TestClock;
  const call = async (method: string, params: object = {}, token = telegram.token): Promise<Answer> =>
    (await fetch(`${telegram.url}/bot${token}/${method}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(params) })).json() as Promise<Answer>;
  const refusal = async (method: string, params: object) => {
    const answer = await call(method, params);
    return `${answer.error_code} ${answer.description}`;
  };
  const updates = async (params: object = {}) => (await call('getUpdates', params)).result as { update_id: number; message?: { text: string } }[];

  beforeEach(async () => {
    clock = new TestClock('2026-11-23T01:00:00Z');
    telegram = await startTelegramStandIn({ clock });
  });
  afterEach(() => telegram.stop());

  test('token and method', async () => {
    expect(await call('getMe', {}, '1:wrong')).toMatchObject({ ok: false, error_code: 401 });
    expect(await call('getMe')).toMatchObject({ ok: true, result: { is_bot: true, username: telegram.botUsername } });
    expect(await call('noSuchMethod')).toMatchObject({ error_code: 404 });
  });

  test('texts, markup and buttons it refuses', async () => {
    await telegram.network.say('5', '/start');
    const send = (params: object) => refusal('sendMessage', { chat_id: 5, ...params });
    expect(await send({ text: ' ' })).toBe('400 Bad Request: message text is empty');
    expect(await send({ text: 'x'.repeat(4097) })).toBe('400 Bad Request: message is too long');
    expect(await send({ text: 'a < b', parse_mode: 'HTML' })).toContain("can't parse entities");
    expect(await send({ text: '<b>x', parse_mode: 'HTML' })).toContain('end tag');
    expect(await send({ text: '<div>x</div>', parse_mode: 'HTML' })).toContain('Unsupported start tag "div"');
    const button = (data: object) => ({ text: 'x', reply_markup: { inline_keyboard: [[{ text: 'y', ...data }]] } });
    expect(await send(button({ callback_data: 'ậ'.repeat(22) }))).toBe('400 Bad Request: BUTTON_DATA_INVALID');
    expect(await send(button({ url: 'http://localhost:3000' }))).toContain('Wrong HTTP URL');
    expect(await send(button({}))).toContain('Text buttons are unallowed');
    expect(telegram.network.messagesOf('5').filter((m) => m.from === 'bot')).toEqual([]);
    expect(await call('sendMessage', { chat_id: 5, text: `<b>${'x'.repeat(4096)}</b>`, parse_mode: 'HTML' })).toMatchObject({ ok: true });
  });

  test('getUpdates: confirmed by the offset, kept a day, one poller, none beside a webhook', async () => {
    await telegram.network.say('5', 'một');
    await telegram.network.say('5', 'hai');
    const [first, second] = await updates();
    expect(await updates({ offset: first?.update_id })).toHaveLength(2);
    expect((await updates({ offset: second?.update_id }))[0]?.message?.text).toBe('hai');
    clock.advance({ hours: 24, seconds: 1 });
    expect(await updates()).toEqual([]);

    const waiting = call('getUpdates', { timeout: 20 });
    // The second poller may come first; whichever is older loses.
    await expect.poll(() => telegram.network.calls().filter((c) => c.method === 'getUpdates').length).toBe(5);
    const other = call('getUpdates', { timeout: 20 });
    expect(await waiting).toMatchObject({ error_code: 409, description: expect.stringContaining('terminated by other getUpdates') as string });
    await telegram.network.say('5', 'ba');
    expect((await other).result).toHaveLength(1);
    await call('setWebhook', { url: 'http://127.0.0.1:9/x', secret_token: 'abc' });
    expect(await refusal('getUpdates', {})).toContain("409 Conflict: can't use getUpdates");
    expect(await refusal('setWebhook', { url: 'http://127.0.0.1:9/x', secret_token: 'có dấu' })).toContain('unallowed');
    expect((await call('getWebhookInfo')).result).toMatchObject({ url: 'http://127.0.0.1:9/x' });
    await call('deleteWebhook');
    expect(await updates()).toHaveLength(1);
  });

  test('edits: unchanged, unknown and other people\'s messages are refused', async () => {
    await telegram.network.say('5', '/start');
    const sent = (await call('sendMessage', { chat_id: 5, text: 'Đang xử lý' })).result as { message_id: number };
    const edit = { chat_id: 5, message_id: sent.message_id };
    expect(await refusal('editMessageText', { ...edit, text: 'Đang xử lý' })).toContain('message is not modified');
    expect(await refusal('editMessageText', { ...edit, message_id: 99, text: 'x' })).toContain('message to edit not found');
    expect(await refusal('editMessageText', { ...edit, message_id: 1, text: 'x' })).toContain("can't be edited");
    expect(await call('editMessageText', { ...edit, text: 'Đã xong' })).toMatchObject({ ok: true });
    expect(telegram.network.messagesOf('5').at(-1)).toMatchObject({ text: 'Đã xong', edited: true });
  });

  test('a tap is answered once, and soon', async () => {
    await telegram.network.say('5', '/start');
    await call('sendMessage', { chat_id: 5, text: 'x', reply_markup: { inline_keyboard: [[{ text: 'Đã nhận', callback_data: '/xacnhan' }]] } });
    const tap = async () => {
      await telegram.network.tap('5', '2', 0);
      return ((await updates()).at(-1) as { callback_query?: { id: string } } | undefined)?.callback_query?.id;
    };
    const id = await tap();
    expect(await call('answerCallbackQuery', { callback_query_id: id })).toMatchObject({ ok: true });
    expect(await refusal('answerCallbackQuery', { callback_query_id: id })).toContain('query is too old');
    const late = await tap();
    clock.advance({ minutes: 2 });
    expect(await refusal('answerCallbackQuery', { callback_query_id: late })).toContain('query is too old');
  });

  test('files go both ways', async () => {
    await telegram.network.attach('5', { name: 'bao-cao.docx', type: 'application/msword', bytes: new Uint8Array([1, 2, 3]), caption: 'kèm theo' });
    const [update] = (await updates()) as unknown as { message: { caption: string; document: { file_id: string; file_name: string } } }[];
    expect(update?.message).toMatchObject({ caption: 'kèm theo', document: { file_name: 'bao-cao.docx' } });
    const file = (await call('getFile', { file_id: update?.message.document.file_id })).result as { file_path: string };
    const bytes = await (await fetch(`${telegram.url}/file/bot${telegram.token}/${file.file_path}`)).arrayBuffer();
    expect([...new Uint8Array(bytes)]).toEqual([1, 2, 3]);

    const form = new FormData();
    form.set('chat_id', '5');
    form.set('document', new File(['xin chào'], 'lich-hop.ics'));
    expect(await (await fetch(`${telegram.url}/bot${telegram.token}/sendDocument`, { method: 'POST', body: form })).json()).toMatchObject({ ok: true });
    expect(telegram.network.messagesOf('5').at(-1)?.attachment).toEqual({ name: 'lich-hop.ics', size: 9 });
  });
});
