import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meantBy, readNumber, withOffer } from '../../../bots/zalo/bot/choices.js';
import { outcomeOf } from '../../../bots/zalo/bot/errors.js';
import { choicesOf, renderBot, TEXT_LIMIT } from '../../../bots/zalo/bot/render.js';
import { readUpdate, toInbound } from '../../../bots/zalo/bot/to-inbound.js';
import { fit, readable } from '../../../bots/zalo/text.js';
import { zaloBotUse } from '../../../src/texts/zalo-bot-texts.js';

const now = new Date('2026-11-20T01:00:00Z');
const hours = (n: number) => new Date(now.getTime() + n * 3_600_000);

describe('numbers instead of buttons', () => {
  const choice = (command: string) => ({ label: 'Chi tiết', command });
  const offers = (...given: { key: string; commands: string[]; now: Date; shown?: boolean }[]) =>
    given.reduce<ReturnType<typeof withOffer>>((before, { key, commands, now: at, shown = true }) => withOffer(before, { key, choices: commands.map(choice), now: at }).map((one) => (one.key === key ? { ...one, shown } : one)), []);
  const meant = (all: ReturnType<typeof withOffer>, number: number, at: Date) => meantBy(all, number, { now: at }).choices.map(({ command }) => command);
  const [first, second] = [{ key: 'a', commands: ['/capnhat 1', '/chitiet 1', '/vang 1'], now }, { key: 'b', commands: ['/xacnhan 2', '/thamdu 2'], now: hours(1) }];

  test('each message begins at 1; a number means the newest one with choices, older ones never', () => {
    const all = offers(first, second);
    expect([1, 2, 3].map((n) => meant(all, n, hours(2)))).toEqual([['/xacnhan 2'], ['/thamdu 2'], []]);
    expect(meant(offers(second, first), 2, hours(2))).toEqual(['/chitiet 1']);
    expect(meant(all, 1, hours(24 * 8))).toEqual([]);
  });

  test('a message that may not have arrived, or only just has: both may be meant, which is asked back; an answer of ours is waited for', () => {
    expect(meant(offers(first, { ...second, shown: false }), 2, hours(2))).toEqual(['/thamdu 2', '/chitiet 1']);
    expect(meant(offers(first, second), 2, new Date(hours(1).getTime() + 4_000))).toEqual(['/thamdu 2', '/chitiet 1']);
    expect(meant(offers(first, { ...second, key: 'reply:zalo-bot:1' }), 2, hours(1))).toEqual(['/thamdu 2']);
    expect(meant(offers(first, { ...first, key: 'c', now: hours(1) }), 1, hours(1))).toEqual(['/capnhat 1']);
  });

  test('whatever was offered, a number that is acted on stands beside it in the newest message', () => {
    const offer = fc.record({ key: fc.uuid(), commands: fc.array(fc.string(), { minLength: 1, maxLength: 5 }), after: fc.integer({ min: 0, max: 30 }), shown: fc.boolean() });
    fc.assert(fc.property(fc.array(offer, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 6 }), (all, number) => {
      let at = now;
      const given = all.map(({ after, ...one }) => ({ ...one, now: (at = new Date(at.getTime() + after * 1_000)) }));
      const found = meant(offers(...given), number, at);
      const newest = given.at(-1)?.commands[number - 1];
      if (newest !== undefined) expect(found[0]).toBe(newest);
      if (found.length === 1 && newest === undefined) expect(given.slice(0, -1).some(({ commands }) => commands[number - 1] === found[0])).toBe(true);
      expect(new Set(found).size).toBe(found.length);
    }));
  });

  test('while a report is awaited: a percent until choices were shown after the question, from then on what the newest list says', () => {
    const asked = (all: ReturnType<typeof withOffer>, number: number, askedAt: Date, at = hours(2)) => {
      const { choices, percent } = meantBy(all, number, { now: at, askedAt });
      return [...choices.map(({ command }) => command), ...(percent ? ['%'] : [])];
    };
    expect(asked(offers(first, second), 1, hours(1.5))).toEqual(['%']);
    expect(asked(offers(first, second), 1, hours(0.5))).toEqual(['/xacnhan 2']);
    expect(asked(offers(first, second), 1, hours(1))).toEqual(['/xacnhan 2']);
    // It came in just now, or may not have arrived: the percent of the question before is possible, what was shown before that is not.
    expect(asked(offers(first, second), 1, hours(0.5), new Date(hours(1).getTime() + 4_000))).toEqual(['/xacnhan 2', '%']);
    expect(asked(offers(first, { ...second, shown: false }), 1, hours(0.5))).toEqual(['/xacnhan 2', '%']);
  });

  test('the same choice offered twice with different words behind it is one: the newer', () => {
    const again = (mark: string, at: Date) => ({ key: mark, commands: [`/capnhat NV-2026-00026 20% ~${mark}`], now: at, shown: false });
    expect(meant(offers(again('aaaaaaaa', now), again('bbbbbbbb', hours(1))), 1, hours(2))).toEqual(['/capnhat NV-2026-00026 20% ~bbbbbbbb']);
  });

  test.each([['1', 1], [' 2. ', 2], ['3)', 3], ['số 4', 4], ['Chọn số 12', 12], ['chon 5', 5], ['１', 1], ['so\u0302\u0301 6', 6]])('%j is a number', (typed, number) => expect(readNumber(typed)).toBe(number));
  test.each(['70%', '100', '1 2', 'NV-12', '', '1 đã họp', '/1'])('%j is none', (typed) => expect(readNumber(typed)).toBeUndefined());
});

describe('the text on the phone', () => {
  const buttons = [{ label: 'Cập nhật', command: '/capnhat NV-2026-00012' }, { label: 'Xem', url: 'https://nhacviec.invalid/nv' }, { label: 'Chi tiết', command: '/chitiet NV-2026-00012' }];

  test('choices to answer by number, links in the text', () => {
    expect(choicesOf({ text: '', buttons }).map(({ command }) => command)).toEqual(['/capnhat NV-2026-00012', '/chitiet NV-2026-00012']);
    expect(renderBot({ text: '🔔 Nhắc việc', buttons })).toBe('🔔 Nhắc việc\nXem: https://nhacviec.invalid/nv\nTrả lời số: 1. Cập nhật  2. Chi tiết');
    expect(renderBot({ text: 'Đã ghi nhận.' })).toBe('Đã ghi nhận.');
  });

  test('no answer in a chat says "bấm": what is a button elsewhere is a number here', () => {
    for (const file of ['answer', 'chat', 'choice', 'help', 'progress', 'task-list', 'meeting', 'task']) expect(readFileSync(`src/texts/${file}-texts.ts`, 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''), file).not.toMatch(/bấm/i);
  });

  test('never longer than the platform takes, never without its choices, never half a letter', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 3_000 }), (text) => {
      const shown = renderBot({ text, buttons });
      expect(shown.length).toBeLessThanOrEqual(TEXT_LIMIT);
      expect(shown.endsWith('Trả lời số: 1. Cập nhật  2. Chi tiết')).toBe(true);
      expect(shown).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
    }));
    expect(renderBot({ text: 'từ '.repeat(1_500) })).toContain('đã rút gọn');
  });

  test('cutting keeps to the limit and to whole letters', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 3, max: 100 }), (text, max) => {
      const cut = fit(readable(text), max);
      expect(cut.length).toBeLessThanOrEqual(max);
      expect(cut).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    }));
    expect(fit('Rà soát các hộ dân', 12)).toBe('Rà soát các…');
    expect(fit('👨‍👩‍👧👨‍👩‍👧', 10)).toBe('👨‍👩‍👧…');
  });
});

describe('what comes in', () => {
  const message = { from: { id: 'u1', display_name: 'Lan' }, chat: { id: 'u1', chat_type: 'PRIVATE' }, message_id: 'm1', date: 1_763_600_000_000, text: '/capnhat NV-12 70%'.normalize('NFD') };
  const inbound = (body: unknown) => { const update = readUpdate(body); return update && toInbound(update); };
  const text = { event_name: 'message.text.received', message };

  test('both shapes of the body are the same message', () => {
    expect(inbound(text)).toEqual({ channel: 'zalo-bot', messageId: 'm1', chatId: 'u1', senderId: 'u1', senderName: 'Lan', kind: 'text', text: '/capnhat NV-12 70%', writtenAt: new Date(1_763_600_000_000) });
    expect(inbound({ ok: true, result: text })).toEqual(inbound(text));
  });

  test.each([
    ['message.image.received', { photo: 'https://zdn.invalid/a.jpg', caption: 'sạt lở' }, { kind: 'attachment', text: 'sạt lở', attachments: [{ kind: 'image', url: 'https://zdn.invalid/a.jpg' }] }],
    ['message.voice.received', { voice_url: 'https://zdn.invalid/a.aac' }, { attachments: [{ kind: 'voice', url: 'https://zdn.invalid/a.aac' }] }],
    ['message.sticker.received', { sticker: 's', url: 'https://zdn.invalid/s' }, { attachments: [{ kind: 'other', url: 'https://zdn.invalid/s' }] }],
    ['message.unsupported.received', {}, { attachments: [{ kind: 'other' }] }],
  ])('%s', (event, body, expected) => {
    const { text: _text, ...bare } = message;
    expect(inbound({ event_name: event, message: { ...bare, ...body } })).toMatchObject(expected);
  });

  test('bots, chatter in groups, unknown events and nonsense are left alone', () => {
    const group = { ...message, chat: { id: 'g1', chat_type: 'GROUP' } };
    expect(inbound({ ...text, message: { ...message, from: { id: 'b', is_bot: true } } })).toBeUndefined();
    expect(inbound({ ...text, message: { ...group, text: 'chào cả nhà' } })).toBeUndefined();
    expect(inbound({ ...text, message: { ...group, text: '/nhiemvu' } })).toMatchObject({ group: true, chatId: 'g1', senderId: 'u1' });
    expect(inbound({ ...text, event_name: 'bot.added' })).toBeUndefined();
    fc.assert(fc.property(fc.anything(), (body) => void inbound(body)));
  });
});

test.each([
  [400, 'Bad Request: invalid chat_id', { kind: 'unreachable', dead: true }],
  [400, 'Bad Request: text', { kind: 'unreachable' }],
  [401, 'Unauthorized', { kind: 'rejected' }],
  [403, 'Internal server error', { kind: 'retry', maybeSent: true }],
  [404, 'Not Found', { kind: 'rejected' }],
  [408, 'Timeout', { kind: 'retry', maybeSent: true }],
  [429, 'Quota', { kind: 'retry', maybeSent: false, pauseChannel: true }],
  [500, '', { kind: 'retry', maybeSent: true }],
])('%i %s', (status, description, outcome) => expect(outcomeOf({ kind: 'refused', status, description })).toMatchObject({ ...outcome, code: `zalo-bot:${status}` }));

test('the month in words', () => {
  expect(zaloBotUse({ month: '2026-11', sent: 2950, sentLimit: 3000, users: 48, userLimit: 50 })).toBe('Zalo Bot: 2.950/3.000 tin trong tháng 11/2026, 48/50 người.');
});
