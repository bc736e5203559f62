import type { Ctx } from '../../src/context.js';
import type { Actor } from '../../src/people/actor.js';
import type { ChatLink } from '../../src/people/links/chat-link.model.js';
import type { Message } from '../../src/texts/message.js';

/** After a question the next words count as its answer for so long. */
export const AWAITING_MS = 10 * 60_000;

/** One attendee's place at one meeting. */
export interface MeetingPlace {
  meetingCode: string;
  place: string;
}

/** What a command gets besides who asks. */
export interface CommandInput {
  /** Text after the command's name, NFC, trimmed. */
  text: string;
  /** Task of the message replied to, tapped, or awaited after a tap on "Cập nhật". */
  replyTask?: string;
  /** Of an invitation replied to or tapped: the meeting, and the attendee (id) whom it invites. */
  replyPlace?: MeetingPlace;
  /** Files came along: they go with what is written down because of it. */
  files?: boolean;
  /** The chat it came from; null outside linked chats. */
  link: ChatLink | null;
}

/** One thing people can ask for in a chat, on any channel. */
export interface Command {
  /** First is the main one; ASCII, lower case, without the leading "/" or "#". */
  names: string[];
  /** Does it and says what came of it. Throws DomainError, whose sentence the caller shows. */
  run(ctx: Ctx, actor: Actor, args: CommandInput): Promise<Message>;
}
