import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUpdate, toInbound } from '../../../bots/telegram/to-inbound.js';

const lan = { id: 5001, is_bot: false, first_name: 'Hoàng', last_name: 'Lan' };
const bot = { id: 7, is_bot: true, first_name: 'Bot' };
const privately = { id: 5001, type: 'private' };
const said = (message: object, from: object = lan, chat: object = privately) => ({ update_id: 88, message: { message_id: 5, date: 0, from, chat, ...message } });

describe('an update as the house knows it', () => {
  test('a text, composed (NFC) whatever the phone sent', () => {
    expect(toInbound(said({ text: '/capnhat 70% đã họp'.normalize('NFD') }))).toEqual({
      channel: 'telegram',
      messageId: '88',
      chatId: '5001',
      senderId: '5001',
      senderName: 'Hoàng Lan',
      kind: 'text',
      text: '/capnhat 70% đã họp'.normalize('NFC'),
      sentAs: '5',
    });
  });

  test('words changed after they were sent name the message they change; a preview or a place that moves on says nothing', () => {
    const edit = (message: object) => toInbound({ update_id: 90, edited_message: { message_id: 5, date: 1_700_000_000, edit_date: 1_700_000_060, from: lan, chat: privately, ...message } });
    expect(edit({ text: '50% đã họp' })).toEqual({ channel: 'telegram', messageId: '90', chatId: '5001', senderId: '5001', senderName: 'Hoàng Lan', kind: 'edited', edits: '5', text: '50% đã họp' });
    expect(edit({ caption: '50%', photo: [{ file_id: 'l' }] })).toMatchObject({ kind: 'edited', text: '50%' });
    expect(edit({ location: { latitude: 22, longitude: 104 } })).toBeUndefined();
    expect(toInbound({ update_id: 91, edited_message: { message_id: 5, date: 0, from: lan, chat: { id: -100, type: 'supergroup' }, text: '/capnhat NV-1 50%' } })).toBeUndefined();
  });

  test('a reply counts only where it answers us', () => {
    expect(toInbound(said({ text: '70%', reply_to_message: { message_id: 4, from: bot } }))).toMatchObject({ replyTo: '4' });
    expect(toInbound(said({ text: '70%', reply_to_message: { message_id: 4, from: lan } }))).not.toHaveProperty('replyTo');
  });

  test('a tap acts as typed and answers the message it hangs on', () => {
    const tap = { id: 'q1', from: lan, data: '/capnhat NV-2026-00012', message: { message_id: 9, chat: privately, from: bot } };
    expect(toInbound({ update_id: 89, callback_query: tap })).toMatchObject({ kind: 'button', text: '/capnhat NV-2026-00012', replyTo: '9', messageId: '89' });
  });

  test('a contact carries whose it is, if Telegram knows', () => {
    expect(toInbound(said({ contact: { phone_number: '+84912345678', first_name: 'Lan', user_id: 5001 } }))).toMatchObject({ kind: 'contact', contact: { phone: '+84912345678', ownerId: '5001' } });
    expect(toInbound(said({ contact: { phone_number: '+84912345678', first_name: 'X' } }))?.contact).toEqual({ phone: '+84912345678' });
  });

  test.each([
    ['document', { document: { file_id: 'f', file_name: 'bao-cao.docx', file_size: 12 }, caption: '/capnhat NV-12 70%' }, [{ kind: 'file', fileId: 'f', name: 'bao-cao.docx', size: 12 }], '/capnhat NV-12 70%'],
    ['photo, the largest', { photo: [{ file_id: 's' }, { file_id: 'l' }] }, [{ kind: 'image', fileId: 'l' }], undefined],
    ['voice', { voice: { file_id: 'v' } }, [{ kind: 'voice', fileId: 'v' }], undefined],
    ['sticker', { sticker: { file_id: 'x', emoji: '👍' } }, [{ kind: 'other' }], undefined],
    ['forwarded words, which are not the sender\'s', { text: '/capnhat NV-12 100%', forward_origin: { type: 'user' } }, [{ kind: 'other' }], undefined],
  ])('%s', (_name, message, attachments, text) => {
    const inbound = toInbound(said(message));
    expect(inbound).toMatchObject({ kind: 'attachment', attachments });
    expect(inbound?.text).toBe(text);
  });

  test('blocking and unblocking', () => {
    const change = (was: string, is: string) => toInbound({ update_id: 1, my_chat_member: { chat: privately, from: lan, date: 0, old_chat_member: { status: was }, new_chat_member: { status: is } } })?.kind;
    expect(change('member', 'kicked')).toBe('unfollow');
    expect(change('kicked', 'member')).toBe('follow');
    expect(change('member', 'member')).toBeUndefined();
  });

  test('groups: commands and being added are marked, chatter is not kept at all', () => {
    const group = { id: -100, type: 'supergroup' };
    expect(toInbound(said({ text: '/nhiemvu' }, lan, group))).toMatchObject({ group: true, chatId: '-100', senderId: '5001' });
    expect(toInbound(said({ text: 'chào cả nhà' }, lan, group))).toBeUndefined();
    expect(toInbound(said({ contact: { phone_number: '1' } }, lan, group))).toBeUndefined();
    const added = { chat: group, from: lan, old_chat_member: { status: 'left' }, new_chat_member: { status: 'member' } };
    expect(toInbound({ update_id: 2, my_chat_member: added })).toMatchObject({ kind: 'follow', group: true });
  });

  test.each([
    ['other bots', said({ text: '/start' }, bot)],
    ['channels', said({ text: '/start' }, lan, { id: -1, type: 'channel' })],
    ['service notes', said({ pinned_message: {} })],
    ['edits of a forwarded text', { update_id: 3, edited_message: { message_id: 1, from: lan, chat: privately, text: 'x', forward_origin: { type: 'user' } } }],
    ['taps without data', { update_id: 4, callback_query: { id: 'q', from: lan, message: { message_id: 1, chat: privately } } }],
  ])('nothing from %s', (_name, update) => {
    expect(toInbound(update)).toBeUndefined();
    expect(isUpdate(update)).toBe(true);
  });

  test('anything at all: an answer or nothing, never a crash', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (a, b) => {
        toInbound(a);
        toInbound({ update_id: 1, message: a, callback_query: b });
        toInbound(said({ text: a, contact: b, photo: a, reply_to_message: b }));
      }),
      { numRuns: 2_000 },
    );
  });
});
