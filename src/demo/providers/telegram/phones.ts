import type { PhoneMessage, PhoneNetwork } from '../phone-network.js';
import type { CallbackQueries } from './callback-queries.js';
import type { Faults } from './faults.js';
import type { PhoneButton } from './markup.js';
import type { Updates } from './updates.js';
import { wireChat, wireMessage, wireUser } from './wire.js';
import type { StoredMessage, World } from './world.js';

export interface PhonesOn {
  world: World;
  updates: Updates;
  queries: CallbackQueries;
  faults: Faults;
}

const noMarkup = { buttons: [], kind: 'none' } as const;
const onScreen = (button: PhoneButton) => ('url' in button ? { label: button.label, url: button.url } : { label: button.label });
const shown = (m: StoredMessage): PhoneMessage => ({
  id: String(m.id),
  from: m.from,
  text: m.text,
  buttons: m.markup.buttons.map(onScreen),
  at: m.at,
  edited: m.edited,
  ...(m.attachment ? { attachment: m.attachment } : {}),
});

/** The people's side of the stand-in: whatever they do becomes an update on its way to the bot. */
export function telegramPhones({ world, updates, queries, faults }: PhonesOn): PhoneNetwork {
  const write = async (userId: string, text: string, body: Record<string, unknown>, attachment?: { name: string; size: number }): Promise<void> => {
    const phone = world.phone(userId);
    if (phone.blocked) await setBlocked({ world, updates }, userId, false);
    phone.started = true;
    const stored = world.add(userId, { from: 'user', text, markup: { ...noMarkup, buttons: [] }, ...(attachment ? { attachment } : {}) });
    const { text: _shown, ...envelope } = wireMessage(world, stored);
    await updates.push('message', { ...envelope, ...body });
  };
  const find = (userId: string, messageId: string) => {
    const message = world.messages(userId).find((m) => String(m.id) === messageId);
    if (!message) throw new RangeError(`No message ${messageId} on the phone of ${userId}`);
    return message;
  };
  const contact = (userId: string, phone: string, ownerId: string) =>
    write(userId, `Danh thiếp: ${phone}`, { contact: { phone_number: phone, first_name: world.phone(userId).name, user_id: Number(ownerId) } });

  return {
    channel: 'telegram',
    messagesOf: (userId) => (world.chats.get(userId) ?? []).map(shown),
    say: async (userId, text, options) => {
      const reply = options?.replyTo ? { reply_to_message: wireMessage(world, find(userId, options.replyTo)) } : {};
      const length = /^\/\w+/.exec(text)?.[0].length;
      const entities = length ? { entities: [{ type: 'bot_command', offset: 0, length }] } : {};
      await write(userId, text, { text, ...entities, ...reply });
    },
    tap: async (userId, messageId, index) => {
      const message = find(userId, messageId);
      const button = message.markup.buttons[index];
      if (!button) throw new RangeError(`Message ${messageId} has no button ${index}`);
      if ('contact' in button) return contact(userId, world.phone(userId).phone, userId);
      if (!('data' in button)) return;
      const id = `${userId}${world.nextId()}`;
      queries.opened(id);
      await updates.push('callback_query', { id, from: wireUser(world, userId), message: wireMessage(world, message), chat_instance: `ci-${userId}`, data: button.data });
    },
    shareContact: async (userId, phone, options) => contact(userId, phone, options?.someoneElses ? String(Number(userId) + 1) : userId),
    attach: async (userId, file) => {
      const fileId = `file-${world.nextId()}`;
      world.files.set(fileId, { name: file.name, bytes: file.bytes });
      const caption = file.caption ? { caption: file.caption } : {};
      await write(userId, file.caption ?? '', { ...media(fileId, file), ...caption }, { name: file.name, size: file.bytes.length });
    },
    onChange: (listener) => world.onChange(listener),
    misbehave: (fault, times, options) => faults.plan(fault, times, options),
    calls: () => [...world.calls],
  };
}

function media(fileId: string, file: { name: string; type: string; bytes: Uint8Array }) {
  const common = { file_id: fileId, file_unique_id: `u-${fileId}`, file_size: file.bytes.length };
  if (file.type.startsWith('image/')) return { photo: [{ ...common, width: 90, height: 60 }, { ...common, width: 1280, height: 853 }] };
  if (file.type === 'audio/ogg') return { voice: { ...common, duration: 3, mime_type: file.type } };
  return { document: { ...common, file_name: file.name, mime_type: file.type } };
}

/** Blocks or unblocks the bot on a phone; the bot is told, as for real. */
export function setBlocked({ world, updates }: Pick<PhonesOn, 'world' | 'updates'>, userId: string, blocked: boolean): Promise<void> {
  world.phone(userId).blocked = blocked;
  const member = (status: string) => ({ user: world.bot, status, ...(status === 'kicked' ? { until_date: 0 } : {}) });
  const [was, is] = blocked ? ['member', 'kicked'] : ['kicked', 'member'];
  return updates.push('my_chat_member', {
    chat: wireChat(world, userId),
    from: wireUser(world, userId),
    date: Math.floor(world.clock.now().getTime() / 1000),
    old_chat_member: member(was as string),
    new_chat_member: member(is as string),
  });
}

/** Somebody changes a text of their own after it was sent; the bot is told, as for real. */
export function editText({ world, updates }: Pick<PhonesOn, 'world' | 'updates'>, userId: string, { id, text }: { id: string; text: string }): Promise<void> {
  const message = world.messages(userId).find((m) => String(m.id) === id && m.from === 'user' && !m.attachment);
  if (!message) throw new RangeError(`Message ${id} is no text of ${userId}`);
  Object.assign(message, { text, edited: true });
  world.changed(userId);
  return updates.push('edited_message', wireMessage(world, message));
}

/** Somebody writes in a group the bot is in. */
export function sayInGroup({ world, updates }: Pick<PhonesOn, 'world' | 'updates'>, groupId: string, userId: string, text: string): Promise<void> {
  world.groups.set(groupId, world.groups.get(groupId) ?? { title: 'Nhóm' });
  const stored = world.add(groupId, { from: 'user', text, markup: { ...noMarkup, buttons: [] } });
  return updates.push('message', { message_id: stored.id, from: wireUser(world, userId), chat: wireChat(world, groupId), date: Math.floor(stored.at.getTime() / 1000), text });
}
