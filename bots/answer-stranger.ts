import type { Ctx } from '../src/context.js';
import type { InboundMessage } from '../src/inbox/inbound.js';
import { DomainError } from '../src/kernel/errors.js';
import { keepPhoneHint } from '../src/people/links/phone-hints.js';
import { linkChatByContact } from '../src/people/links/link-chat.js';
import { phoneHintKept } from '../src/texts/person-hints.js';
import { howToLink, linked, linkRefused } from '../src/texts/link-texts.js';
import type { Message } from '../src/texts/message.js';
import { mayAnswer, type Automatic } from './answer-limit.js';
import { huylienket } from './commands/huylienket.js';
import { readCommand } from './commands/index.js';
import { lienket } from './commands/lienket.js';
import { findLinkCommand, type LinkAnswer, type LinkCommand } from './commands/link-command.js';
import { start } from './commands/start.js';

/** Commands that need no link. */
export const linkCommands: readonly LinkCommand[] = [start, lienket, huylienket];

/**
 * What a chat that is nobody's hears: linking works, everything else is told kindly how to link. Undefined: silence,
 * because this chat was answered enough (two machines must not talk to each other for ever).
 */
export async function answerStranger(ctx: Ctx, message: InboundMessage): Promise<Message | undefined> {
  const call = readCommand(message.text ?? '');
  const link = call && findLinkCommand(call, linkCommands);
  if (message.kind === 'contact') return limited(ctx, message, await linkByContact(ctx, message), 'stranger');
  if (link) return limited(ctx, message, await link.command.run(ctx, message, { text: link.text, person: null }), 'stranger');
  const asked = call?.command?.names[0] === 'trogiup';
  return limited(ctx, message, { message: howToLink(), done: false }, asked ? 'stranger' : 'how-to-link');
}

async function limited(ctx: Ctx, chat: InboundMessage, answer: LinkAnswer, kind: Automatic): Promise<Message | undefined> {
  return answer.done || (await mayAnswer(ctx, chat, kind)) ? answer.message : undefined;
}

async function linkByContact(ctx: Ctx, { channel, chatId, senderId, contact }: InboundMessage): Promise<LinkAnswer> {
  // Zalo's form may be filled in with any number: the office sees it beside the person, and a code still has to be typed.
  if (channel === 'zalo' && contact && !contact.ownerId && (await keepPhoneHint(ctx, { channel, chatId, phone: contact.phone }))) return { message: phoneHintKept(), done: false };
  try {
    const { phone = '', ownerId } = contact ?? {};
    return { message: linked(await linkChatByContact(ctx, { channel, chatId, senderId, phone, ...(ownerId ? { ownerId } : {}) })), done: true };
  } catch (error) {
    if (error instanceof DomainError) return { message: linkRefused(error.message), done: false };
    throw error;
  }
}
