import { createHash } from 'node:crypto';
import type { InboundMessage } from '../../../src/inbox/inbound.js';

/** What a webhook body means to the house. */
export type ZaloEvent =
  | { kind: 'message'; message: InboundMessage }
  | { kind: 'receipt'; what: 'delivered' | 'seen'; providerIds: string[]; at: Date }
  /** An echo of our own message, a kind we do not use, or the console's test. */
  | { kind: 'ignored'; why: string };

type Json = Record<string, unknown>;

/** Zalo's ids have some thirty characters; longer ones were never given by it. */
const LONGEST_ID = 128;
/** Messages one "seen" may speak of: a person opens a chat with what has gathered there. */
const MOST_RECEIPTS = 100;

/** Reads one verified webhook body. `rawBody` only serves as an identity for events without an id. Never throws. */
export function toInbound(body: unknown, rawBody: Uint8Array): ZaloEvent {
  const event = asObject(body);
  const name = text(event['event_name']);
  const message = asObject(event['message']);
  if (name === 'follow' || name === 'unfollow') return followed(name, event);
  if (name === 'user_received_message' || name === 'user_seen_message') return receipt(name, event, message);
  if (name === 'user_submit_info') return submitted(event, rawBody);
  if (!/^user_send_[a-z_]+$/.test(name)) return { kind: 'ignored', why: name || 'no-event-name' };
  return sent(name, event, message, rawBody);
}

function sent(name: string, event: Json, message: Json, rawBody: Uint8Array): ZaloEvent {
  const senderId = text(asObject(event['sender'])['id']);
  const msgId = text(message['msg_id']);
  if (!senderId) return { kind: 'ignored', why: 'no-sender' };
  // The console proves the address with this signed dummy (msg_id "This is message id").
  if (msgId === 'This is message id') return { kind: 'ignored', why: 'console-test' };
  const files = attachmentsOf(message);
  const words = text(message['text']).normalize('NFC').trim();
  const quoted = text(message['quote_msg_id']);
  return inbound(`${name}:${msgId && msgId.length <= LONGEST_ID ? msgId : hash(rawBody)}`, senderId, {
    kind: name === 'user_send_text' ? 'text' : 'attachment',
    ...writtenAt(event),
    ...(words ? { text: words } : {}),
    ...(quoted ? { replyTo: quoted } : {}),
    ...(files.length > 0 ? { attachments: files } : {}),
  });
}

/** Milliseconds as text. */
function writtenAt(event: Json): Pick<InboundMessage, 'writtenAt'> {
  const at = Number(text(event['timestamp']));
  return at > 0 && at < 8e15 ? { writtenAt: new Date(at) } : {};
}

function followed(name: 'follow' | 'unfollow', event: Json): ZaloEvent {
  const senderId = text(asObject(event['follower'])['id']);
  if (!senderId) return { kind: 'ignored', why: 'no-follower' };
  return inbound(`${name}:${senderId}:${text(event['timestamp'])}`, senderId, { kind: name });
}

function receipt(name: string, event: Json, message: Json): ZaloEvent {
  const ids = Array.isArray(message['msg_ids']) ? message['msg_ids'] : [message['msg_id']];
  const providerIds = [...new Set(ids.slice(0, MOST_RECEIPTS).map(text))].filter((id) => id !== '' && id.length <= LONGEST_ID);
  const at = new Date(Number(text(event['timestamp'])));
  if (providerIds.length === 0 || Number.isNaN(at.getTime())) return { kind: 'ignored', why: 'receipt-without-id' };
  return { kind: 'receipt', what: name === 'user_seen_message' ? 'seen' : 'delivered', providerIds, at };
}

/** The form's number can be edited by the person in some client versions: a hint, so it carries no `ownerId`. */
function submitted(event: Json, rawBody: Uint8Array): ZaloEvent {
  const senderId = text(asObject(event['sender'])['id']);
  const phone = text(asObject(event['info'])['phone']).replace(/\D/g, '');
  if (!senderId || !phone) return { kind: 'ignored', why: 'empty-form' };
  return inbound(`user_submit_info:${hash(rawBody)}`, senderId, { kind: 'contact', contact: { phone } });
}

const inbound = (messageId: string, senderId: string, rest: Pick<InboundMessage, 'kind'> & Partial<InboundMessage>): ZaloEvent => ({
  kind: 'message',
  // On Zalo a chat with the OA is the person: one id for both.
  message: { channel: 'zalo', messageId, chatId: senderId, senderId, ...rest },
});

const attachmentKinds: Readonly<Record<string, 'image' | 'file' | 'voice'>> = { image: 'image', gif: 'image', file: 'file', audio: 'voice' };

function attachmentsOf(message: Json): NonNullable<InboundMessage['attachments']> {
  const list = Array.isArray(message['attachments']) ? message['attachments'] : [];
  return list.slice(0, 20).map((item: unknown) => {
    const { type, payload } = asObject(item);
    const { url, name, size } = asObject(payload);
    const bytes = Number(text(size));
    return {
      kind: attachmentKinds[text(type)] ?? 'other',
      ...(text(url) ? { url: text(url) } : {}),
      ...(text(name) ? { name: text(name).normalize('NFC') } : {}),
      ...(bytes > 0 ? { size: bytes } : {}),
    };
  });
}

const asObject = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {});
/** Ids above 2^53 must come as strings; a number is only accepted where it is exact. */
const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : '');
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32);
