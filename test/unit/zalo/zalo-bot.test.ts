import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNumber, withOffer } from '../../../bots/zalo/bot/choices.js';
import { outcomeOf } from '../../../bots/zalo/bot/errors.js';
import { commandsOf, renderBot, TEXT_LIMIT } from '../../../bots/zalo/bot/render.js';
import { readUpdate, toInbound } from '../../../bots/zalo/bot/to-inbound.js';
import { fit, readable } from '../../../bots/zalo/text.js';
import { zaloBotUse } from '../../../src/texts/zalo-bot-texts.js';

const now = new Date('2026-11-20T01:00:00Z');
const hours = (n: number) => new Date(now.getTime() + n * 3_600_000);

describe('numbers instead of buttons', () => {
  const offers = (...given: { key: string; commands: string[]; now: Date }[]) =>
    given.reduce<{ memory: Parameters<typeof withOffer>[0]; numbers: number[] }>((before, offered) => withOffer(before.memory, offered), { memory: null, numbers: [] });

  test('begin at 1, count on while people may still look at the last message, begin again after a night', () => {
    const first = { key: 'a', commands: ['/capnhat NV-2026-00001', '/chitiet NV-2026-00001'], now };
    const second = { key: 'b', commands: ['/xacnhan HOP-2026-00001'], now: hours(1) };
    expect(offers(first).numbers).toEqual([1, 2]);
    expect(offers(first, second).numbers).toEqual([3]);
    const nextDay = offers(first, second, { key: 'c', commands: ['/chitiet NV-2026-00009'], now: hours(24) });
    expect(nextDay.numbers).toEqual([1]);
    expect(nextDay.memory?.choices.map(({ n, command }) => [n, command])).toEqual([[2, '/chitiet NV-2026-00001'], [3, '/xacnhan HOP-2026-00001'], [1, '/chitiet NV-2026-00009']]);
  });

  test('a number stands for one thing only, whatever was offered before', () => {
    const offer = fc.record({ key: fc.uuid(), commands: fc.array(fc.string(), { minLength: 1, maxLength: 5 }), after: fc.integer({ min: 0, max: 30 }) });
    fc.assert(fc.property(fc.array(offer, { minLength: 1, maxLength: 60 }), (all) => {
      let at = now;
      let memory: Parameters<typeof withOffer>[0] = null;
      for (const { key, commands, after } of all) {
        at = new Date(at.getTime() + after * 3_600_000);
        const next = withOffer(memory, { key, commands, now: at });
        memory = next.memory;
        const held = memory.choices.map((choice) => choice.n);
        expect(new Set(held).size).toBe(held.length);
        expect(next.numbers.every((n) => n >= 1 && n <= 99)).toBe(true);
        expect(next.numbers.map((n) => memory?.choices.find((choice) => choice.n === n)?.command)).toEqual(commands);
      }
    }));
  });

  test.each([['1', 1], [' 2. ', 2], ['3)', 3], ['số 4', 4], ['Chọn số 12', 12], ['chon 5', 5], ['１', 1], ['so\u0302\u0301 6', 6]])('%j is a number', (typed, number) => expect(readNumber(typed)).toBe(number));
  test.each(['70%', '100', '1 2', 'NV-12', '', '1 đã họp', '/1'])('%j is none', (typed) => expect(readNumber(typed)).toBeUndefined());
});

describe('the text on the phone', () => {
  const buttons = [{ label: 'Cập nhật', command: '/capnhat NV-2026-00012' }, { label: 'Xem', url: 'https://nhacviec.invalid/nv' }, { label: 'Chi tiết', command: '/chitiet NV-2026-00012' }];

  test('choices to answer by number, links in the text', () => {
    expect(commandsOf({ text: '', buttons })).toEqual(['/capnhat NV-2026-00012', '/chitiet NV-2026-00012']);
    expect(renderBot({ text: '🔔 Nhắc việc', buttons }, [1, 2])).toBe('🔔 Nhắc việc\nXem: https://nhacviec.invalid/nv\nTrả lời số: 1. Cập nhật  2. Chi tiết');
    expect(renderBot({ text: 'Đã ghi nhận.' }, [])).toBe('Đã ghi nhận.');
  });

  test('never longer than the platform takes, never without its choices, never half a letter', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 3_000 }), (text) => {
      const shown = renderBot({ text, buttons }, [7, 8]);
      expect(shown.length).toBeLessThanOrEqual(TEXT_LIMIT);
      expect(shown.endsWith('Trả lời số: 7. Cập nhật  8. Chi tiết')).toBe(true);
      expect(shown).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
    }));
    expect(renderBot({ text: 'từ '.repeat(1_500) }, [])).toContain('đã rút gọn');
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
    expect(inbound(text)).toEqual({ channel: 'zalo-bot', messageId: 'm1', chatId: 'u1', senderId: 'u1', senderName: 'Lan', kind: 'text', text: '/capnhat NV-12 70%' });
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
