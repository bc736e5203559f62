import type { PhoneNetwork } from '../phone-network.js';
import type { Updates } from './updates.js';
import { newId, type Fault, type World } from './world.js';

export interface PhonesOn {
  world: World;
  updates: Updates;
  mediaRoot(): string;
}

/** The people's side: whatever they do becomes an update on its way to the bot. */
export function botPhones({ world, updates, mediaRoot }: PhonesOn): PhoneNetwork {
  const write = (userId: string, event: string, body: Record<string, unknown>, shown: { text: string; attachment?: { name: string; size: number } }) => {
    world.meet(userId);
    const { id } = world.add(userId, { from: 'user', ...shown });
    return updates.push(updateOf(world, { event, messageId: id, userId, chatId: userId, body }));
  };
  return {
    channel: 'zalo-bot',
    messagesOf: (userId) => [...world.messages(userId)],
    // The platform has no replies: the person's quote does not reach the bot.
    say: (userId, text) => write(userId, 'message.text.received', { text }, { text }),
    tap: async (_userId, messageId) => {
      throw new RangeError(`Message ${messageId} has no buttons: Zalo Bot has none`);
    },
    // A contact card is one of the things the platform does not pass on.
    shareContact: (userId, phone) => write(userId, 'message.unsupported.received', {}, { text: `Danh thiếp: ${phone}` }),
    attach: async (userId, file) => {
      const id = newId();
      world.files.set(id, { type: file.type, bytes: file.bytes });
      const url = `${mediaRoot()}/${id}`;
      const shown = { text: file.caption ?? '', attachment: { name: file.name, size: file.bytes.byteLength } };
      const caption = file.caption ? { caption: file.caption } : {};
      if (file.type.startsWith('image/')) return write(userId, 'message.image.received', { photo: url, ...caption }, shown);
      if (file.type.startsWith('audio/')) return write(userId, 'message.voice.received', { voice_url: url }, shown);
      return write(userId, 'message.unsupported.received', {}, shown);
    },
    onChange: (listener) => world.onChange(listener),
    misbehave: (fault, times = 1) => {
      for (let i = 0; i < times; i++) world.faults.push(faultOf(fault));
    },
    calls: () => [...world.calls],
  };
}

/** Somebody writes in a group the bot is in. */
export const sayInGroup = ({ world, updates }: PhonesOn, groupId: string, userId: string, text: string): Promise<void> => {
  world.meet(groupId);
  const { id } = world.add(groupId, { from: 'user', text });
  return updates.push(updateOf(world, { event: 'message.text.received', messageId: id, userId, chatId: groupId, body: { text } }));
};

interface Said {
  event: string;
  messageId: string;
  userId: string;
  chatId: string;
  body: Record<string, unknown>;
}

/** `date` is in milliseconds, unlike Telegram's. */
const updateOf = (world: World, { event, messageId, userId, chatId, body }: Said): Record<string, unknown> => ({
  event_name: event,
  message: {
    from: { id: userId, display_name: 'Người dùng minh họa', is_bot: false },
    chat: { id: chatId, chat_type: chatId === userId ? 'PRIVATE' : 'GROUP' },
    message_id: messageId,
    date: world.clock.now().getTime(),
    ...body,
  },
});

function faultOf(fault: Parameters<PhoneNetwork['misbehave']>[0]): Fault {
  if (fault === 'flood-429') return { kind: 'error', code: 429, description: 'Too many requests' };
  if (fault === 'blocked') return { kind: 'error', code: 400, description: 'Bad Request: invalid chat_id' };
  return { kind: fault, delivered: fault === 'broken-json' };
}
