import type { StoredMessage, World } from './world.js';

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** A user as updates carry it. */
export const wireUser = (world: World, userId: string) => ({
  id: Number(userId),
  is_bot: false,
  first_name: world.phone(userId).name,
  language_code: 'vi',
});

/** A chat as updates carry it: a private one has the person's own id. */
export function wireChat(world: World, chatId: string) {
  const group = world.groups.get(chatId);
  return group ? { id: Number(chatId), type: 'group', title: group.title } : { id: Number(chatId), type: 'private', first_name: world.phone(chatId).name };
}

/** A stored message as the API returns it and updates quote it. */
export function wireMessage(world: World, message: StoredMessage) {
  const inline = message.markup.kind === 'inline';
  return {
    message_id: message.id,
    from: message.from === 'bot' ? world.bot : wireUser(world, message.chatId),
    chat: wireChat(world, message.chatId),
    date: seconds(message.at),
    ...(message.edited ? { edit_date: seconds(world.clock.now()) } : {}),
    text: message.text,
    ...(inline ? { reply_markup: { inline_keyboard: message.markup.buttons.map((b) => [wireButton(b)]) } } : {}),
  };
}

const wireButton = (button: StoredMessage['markup']['buttons'][number]) =>
  'data' in button ? { text: button.label, callback_data: button.data } : 'url' in button ? { text: button.label, url: button.url } : { text: button.label };
