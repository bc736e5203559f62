import type { Ctx } from '../../src/context.js';
import { DomainError } from '../../src/kernel/errors.js';
import { fold } from '../../src/kernel/fold.js';
import { linkChat, type ChatIdentity } from '../../src/people/links/link-chat.js';
import type { Person } from '../../src/people/person.model.js';
import { linkRefused, linked } from '../../src/texts/link-texts.js';
import type { Message } from '../../src/texts/message.js';
import type { CommandCall } from './index.js';

/** A command that works before anybody is linked: it gets a chat instead of an actor. */
export interface LinkCommand {
  /** ASCII, lower case, without the leading sign. */
  names: string[];
  /** `text` is what follows the name; `person` is whose chat it is now. */
  run(ctx: Ctx, chat: ChatIdentity, input: { text: string; person: Person | null }): Promise<LinkAnswer>;
}

/** What to say, and whether the chat's owner changed: a success is always answered, however often this chat was answered before. */
export interface LinkAnswer {
  message: Message;
  done: boolean;
}

/** Tries a code; a rule's "no" becomes its sentence with the right form. */
export async function linkByCode(ctx: Ctx, chat: ChatIdentity, code: string): Promise<LinkAnswer> {
  try {
    const { channel, chatId, senderId } = chat;
    return { message: linked(await linkChat(ctx, { channel, chatId, senderId, code })), done: true };
  } catch (error) {
    if (error instanceof DomainError) return { message: linkRefused(error.message), done: false };
    throw error;
  }
}

/** The link command somebody calls, its name typed in any of the ways commands may be typed ("/Hủy liên kết" too). */
export function findLinkCommand(call: CommandCall, commands: readonly LinkCommand[]): { command: LinkCommand; text: string } | undefined {
  const words = [call.name.replace(/@\w+$/, ''), ...call.text.split(/\s+/).filter(Boolean)];
  for (const syllables of [1, 2, 3]) {
    const name = fold(words.slice(0, syllables).join(''));
    const command = commands.find(({ names }) => names.includes(name));
    if (command) return { command, text: words.slice(syllables).join(' ') };
  }
  return undefined;
}
