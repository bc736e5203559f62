import type { Ctx } from '../src/context.js';
import type { Delivery } from '../src/delivery/delivery.model.js';
import type { ChatLink } from '../src/people/links/chat-link.model.js';
import type { Button } from '../src/texts/message.js';

/** The answer of ours that stands last in a chat, and what it offers to tap. */
export interface Shown {
  meetingCode: string | null;
  choices: Extract<Button, { command: string }>[];
}

/** What this chat shows last, where that is an answer of ours since `since` with something to tap; null: it is none. */
export async function lastShown(ctx: Ctx, { personId, channel, chatId }: ChatLink, since: Date): Promise<Shown | null> {
  const last = await ctx.db.Delivery.findOne({ personId, acceptedAt: { $gte: since }, channel, to: chatId }, { kind: 1, meetingCode: 1, data: 1 }).sort({ acceptedAt: -1, _id: -1 }).lean<Pick<Delivery, 'kind' | 'meetingCode' | 'data'>>();
  if (last?.kind !== 'reply' || typeof last.data['buttons'] !== 'string') return null;
  const choices = (JSON.parse(last.data['buttons']) as Button[]).filter((button) => 'command' in button);
  return choices.length > 0 ? { meetingCode: last.meetingCode, choices } : null;
}
