import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toInbound } from '../../../bots/zalo/oa/to-inbound.js';

const raw = Buffer.from('raw');
const from = { app_id: '1', timestamp: '1735689600123', sender: { id: '7011000000000000001' }, recipient: { id: '4318657068771012646' } };
const read = (body: unknown) => toInbound(body, raw);

test('typed text, composed, with the message it answers', () => {
  const text = '/cập nhật 12 hoàn thành';
  expect(read({ ...from, event_name: 'user_send_text', message: { msg_id: 'm1', text: text.normalize('NFD'), quote_msg_id: 'q9' } })).toEqual({
    kind: 'message',
    message: { channel: 'zalo', messageId: 'user_send_text:m1', chatId: '7011000000000000001', senderId: '7011000000000000001', kind: 'text', text, replyTo: 'q9', writtenAt: new Date('2025-01-01T00:00:00.123Z') },
  });
});

test('a tap is text that anyone could have typed', () => {
  expect(read({ ...from, event_name: 'user_send_text', message: { msg_id: 'm2', text: '#capnhat NV-2026-00012' } })).toMatchObject({ message: { kind: 'text', text: '#capnhat NV-2026-00012' } });
});

test('a picture with words, a file, a voice message', () => {
  const attachments = [{ type: 'image', payload: { url: 'https://x.zdn.vn/1', thumbnail: 'https://x.zdn.vn/1t' } }];
  expect(read({ ...from, event_name: 'user_send_image', message: { msg_id: 'm3', text: 'hiện trường', attachments } })).toMatchObject({
    message: { kind: 'attachment', text: 'hiện trường', attachments: [{ kind: 'image', url: 'https://x.zdn.vn/1' }] },
  });
  const file = [{ type: 'file', payload: { url: 'https://x.zdn.vn/2', name: 'báo cáo.pdf'.normalize('NFD'), size: '2048', type: 'pdf' } }];
  expect(read({ ...from, event_name: 'user_send_file', message: { msg_id: 'm4', attachments: file } })).toMatchObject({
    message: { attachments: [{ kind: 'file', name: 'báo cáo.pdf', size: 2048 }] },
  });
  expect(read({ ...from, event_name: 'user_send_audio', message: { msg_id: 'm5', attachments: [{ type: 'audio', payload: { url: 'https://x.zdn.vn/3' } }] } })).toMatchObject({ message: { attachments: [{ kind: 'voice' }] } });
});

test('following and leaving carry no sender, only a follower', () => {
  const event = { app_id: '1', oa_id: '4', follower: { id: '70' }, source: 'qr', timestamp: '5' };
  expect(read({ ...event, event_name: 'follow' })).toMatchObject({ message: { kind: 'follow', chatId: '70', messageId: 'follow:70:5' } });
  expect(read({ ...event, event_name: 'unfollow' })).toMatchObject({ message: { kind: 'unfollow', chatId: '70' } });
});

test('receipts', () => {
  expect(read({ ...from, event_name: 'user_received_message', message: { msg_id: 'a' } })).toMatchObject({ kind: 'receipt', what: 'delivered', providerIds: ['a'], at: new Date('2025-01-01T00:00:00.123Z') });
  expect(read({ ...from, event_name: 'user_seen_message', message: { msg_ids: ['a', 'b'] } })).toMatchObject({ kind: 'receipt', what: 'seen', providerIds: ['a', 'b'] });
});

test('a phone number from the form is a hint: nobody vouches for its owner', () => {
  const event = read({ ...from, event_name: 'user_submit_info', info: { name: 'A', phone: 84912345678 } });
  expect(event).toMatchObject({ message: { kind: 'contact', contact: { phone: '84912345678' } } });
  expect(event.kind === 'message' && event.message.contact?.ownerId).toBeUndefined();
});

test.each(['oa_send_text', 'oa_send_image', 'oa_reacted_message', 'user_reacted_message', 'anonymous_send_text', 'change_oa_daily_quota', 'user_click_chatnow'])('%s is none of our business', (event_name) => {
  expect(read({ ...from, event_name, message: { msg_id: 'm', text: '/capnhat 12 100%' } }).kind).toBe('ignored');
});

test("the console's test message is not stored", () => {
  expect(read({ ...from, event_name: 'user_send_text', message: { msg_id: 'This is message id', text: 'This is testing message' } })).toEqual({ kind: 'ignored', why: 'console-test' });
});

test('an id that lost its last digits as a number is not believed', () => {
  expect(read({ ...from, sender: { id: Number('7011000000000000001') }, event_name: 'user_send_text', message: { msg_id: 'm', text: 'x' } }).kind).toBe('ignored');
});

test('no body makes it throw', () => {
  const name = fc.constantFrom('user_send_text', 'user_send_image', 'follow', 'user_seen_message', 'user_received_message', 'user_submit_info');
  fc.assert(fc.property(fc.jsonValue(), (body) => void read(body)));
  fc.assert(
    fc.property(fc.record({ event_name: name, message: fc.jsonValue(), sender: fc.jsonValue(), follower: fc.jsonValue(), info: fc.jsonValue(), timestamp: fc.jsonValue() }), (body) => void read(body)),
  );
});
