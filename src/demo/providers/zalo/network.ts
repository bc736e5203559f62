import type { PhoneMessage, PhoneNetwork } from '../phone-network.js';
import { baseEvent, type WebhookCaller } from './webhook.js';
import { newId, phoneOf, show, type Fault, type StoredMessage, type ZaloWorld } from './world.js';

/** The people's phones: what they do becomes signed webhook calls. */
export function createNetwork(world: ZaloWorld, webhook: WebhookCaller, mediaRoot: () => string): Required<PhoneNetwork> & { unfollow(userId: string): Promise<void> } {
  const touch = async (userId: string): Promise<void> => {
    const phone = phoneOf(world, userId);
    phone.lastInteractionAt = world.clock.now();
    if (phone.following) return;
    // Opening the OA for the first time means following it.
    phone.following = true;
    await webhook.tell(followEvent(world, 'follow', userId));
  };
  const send = (userId: string, name: string, message: Record<string, unknown>) => webhook.tell({ ...baseEvent(world, name, userId), message });
  const saying = async (userId: string, text: string, quote?: string) => {
    await touch(userId);
    const { id } = show(world, userId, { from: 'user', text });
    await send(userId, 'user_send_text', { text, msg_id: id, ...(quote ? { quote_msg_id: quote } : {}) });
  };
  return {
    channel: 'zalo',
    messagesOf: (userId) => (world.phones.get(userId)?.messages ?? []).map(shown),
    say: (userId, text, options) => saying(userId, text, options?.replyTo),
    tap: async (userId, messageId, index) => {
      const button = findMessage(world, userId, messageId).sent[index];
      if (!button) throw new RangeError(`Message ${messageId} has no button ${index}`);
      if (button.type === 'oa.query.show') return saying(userId, String(button.payload));
      if (button.type !== 'oa.query.hide') return; // opened on the phone; the OA hears nothing
      await touch(userId);
      await send(userId, 'user_send_text', { text: button.payload, msg_id: newId() });
    },
    look: async (userId) => {
      const unseen = phoneOf(world, userId).messages.filter((m) => m.from === 'bot' && !m.seen);
      if (unseen.length === 0) return;
      for (const message of unseen) message.seen = true;
      await send(userId, 'user_seen_message', { msg_ids: unseen.map((m) => m.id) });
    },
    shareContact: async (userId, phone) => {
      await touch(userId);
      show(world, userId, { from: 'user', text: `Đã chia sẻ số điện thoại ${phone}` });
      await webhook.tell({ ...baseEvent(world, 'user_submit_info', userId), info: { name: 'Người dùng minh họa', phone } });
    },
    attach: (userId, file) => attach(world, { userId, file, touch, send, mediaRoot }),
    unfollow: async (userId) => {
      phoneOf(world, userId).following = false;
      await webhook.tell(followEvent(world, 'unfollow', userId));
    },
    onChange: (listener) => {
      world.listeners.add(listener);
      return () => void world.listeners.delete(listener);
    },
    misbehave: (fault, times = 1) => {
      for (let i = 0; i < times; i++) world.faults.push(faultOf(fault));
    },
    calls: () => [...world.calls],
  };
}

interface Attaching {
  userId: string;
  file: Parameters<PhoneNetwork['attach']>[1];
  touch(userId: string): Promise<void>;
  send(userId: string, name: string, message: Record<string, unknown>): Promise<void>;
  mediaRoot(): string;
}

async function attach(world: ZaloWorld, { userId, file, touch, send, mediaRoot }: Attaching): Promise<void> {
  await touch(userId);
  const id = newId();
  world.uploads.set(id, { ...file, at: world.clock.now() });
  const size = file.bytes.byteLength;
  const message = show(world, userId, { from: 'user', text: file.caption ?? '', attachment: { name: file.name, size } });
  const isImage = file.type.startsWith('image/');
  const url = `${mediaRoot()}/${id}`;
  const payload = isImage ? { url, thumbnail: url } : { url, name: file.name, size: String(size), type: file.name.split('.').at(-1) };
  const caption = file.caption && isImage ? { text: file.caption } : {};
  await send(userId, isImage ? 'user_send_image' : 'user_send_file', { msg_id: message.id, ...caption, attachments: [{ type: isImage ? 'image' : 'file', payload }] });
}

/** Follow events have no sender, unlike all others. */
const followEvent = (world: ZaloWorld, name: 'follow' | 'unfollow', userId: string): Record<string, unknown> => ({
  oa_id: world.oaId,
  follower: { id: userId },
  user_id_by_app: userId,
  event_name: name,
  source: 'oa_profile',
  app_id: world.appId,
  timestamp: String(world.clock.now().getTime()),
});

function findMessage(world: ZaloWorld, userId: string, messageId: string): StoredMessage {
  const message = world.phones.get(userId)?.messages.find((m) => m.id === messageId);
  if (!message) throw new RangeError(`No message ${messageId} on this phone`);
  return message;
}

const shown = ({ id, from, text, buttons, at, edited, attachment }: StoredMessage): PhoneMessage => ({ id, from, text, buttons, at, edited, ...(attachment ? { attachment } : {}) });

function faultOf(fault: Parameters<PhoneNetwork['misbehave']>[0]): Fault {
  if (fault === 'flood-429') return { kind: 'error', code: -32, message: 'Rate limit exceeded' };
  if (fault === 'blocked') return { kind: 'error', code: -213, message: 'User has not followed OA' };
  return { kind: fault, delivered: fault === 'broken-json' };
}
