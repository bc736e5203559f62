import type { Ctx } from '../src/context.js';
import { keepUnread } from '../src/inbox/keep-unread.js';
import type { InboundMessage } from '../src/inbox/inbound.js';
import { findByChat } from '../src/people/links/who-is.js';
import type { Message } from '../src/texts/message.js';

const CODES = /\b(?:NV|HOP)-\d{4}-\d{5,}\b/g;
/** Words that may be about more meetings than this say nothing of any of them. */
const MOST = 3;

/** Typed words that are asked back: kept for the Office with the one task, or the few meetings, the buttons of the question are about. */
export async function keepUnreadChat(ctx: Ctx, message: InboundMessage, question: Message): Promise<void> {
  if (message.kind !== 'text' || !message.text) return;
  const codes = [...new Set((question.buttons ?? []).flatMap((button) => ('command' in button ? (button.command.match(CODES) ?? []) : [])))];
  const about = codes.length === 1 || (codes.length <= MOST && codes.every((code) => code.startsWith('HOP-'))) ? codes : [];
  const known = about.length > 0 ? await findByChat(ctx, message.channel, message.chatId) : null;
  if (!known) return;
  for (const matter of about) await keepUnread(ctx, { matter, personId: String(known.person._id), channel: message.channel, text: message.text });
}
