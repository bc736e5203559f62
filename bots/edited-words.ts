import { because, type Ctx } from '../src/context.js';
import type { InboundMessage } from '../src/inbox/inbound.js';
import type { InboundRecord } from '../src/inbox/inbound.model.js';
import { findByChat } from '../src/people/links/who-is.js';
import { editNotHeard } from '../src/texts/chat-texts.js';
import { mayAnswer } from './answer-limit.js';
import { tidy } from './commands/tidy.js';
import { reply } from './reply.js';

/**
 * Words changed on the phone after they were sent: what was written down stands, and nothing is ever recorded from an edit. Its
 * writer, where we know them, is told so once per message, if it was taken as words and now says something else.
 */
export async function answerEdit(outer: Ctx, message: InboundMessage): Promise<void> {
  const { channel, chatId, edits, text = '' } = message;
  const known = edits && !message.group ? await findByChat(outer, channel, chatId) : null;
  if (!known) return;
  const first = await outer.db.Inbound.findOne({ channel, chatId, 'message.sentAs': edits, 'message.kind': { $in: ['text', 'attachment'] } } as never, { message: 1 }).lean<Pick<InboundRecord, 'message'>>();
  if (!first?.message.text || substance(first.message.text) === substance(text)) return;
  // One cause for all edits of a message: its answer has one key.
  const ctx = because(outer, `${channel}:edited:${chatId}:${edits}`);
  if (await mayAnswer(ctx, message, 'hint')) await reply(ctx, message, editNotHeard(), known.person._id.toString());
}

/** What it says, without its signs, blanks and capitals; "vâng" and "vắng" are two. */
const substance = (text: string): string => tidy(text).normalize('NFC').toLocaleLowerCase('vi').replace(/[^\p{L}\p{N}%]+/gu, '');
