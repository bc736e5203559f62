import type { Ctx } from '../src/context.js';
import { enqueue } from '../src/delivery/enqueue.js';
import { keys } from '../src/delivery/keys.js';
import type { InboundMessage, InboundSms } from '../src/inbox/inbound.js';
import type { Message } from '../src/texts/message.js';

/** An answer nobody waited for any more only confuses. */
const STALE_MS = 12 * 3_600_000;

/** Answers in the chat the message came from, through the outbox; once per message, however often it is worked on. */
export const reply = (ctx: Ctx, to: InboundMessage | InboundSms, answer: Message, personId?: string): Promise<void> =>
  enqueue(ctx, {
    key: keys.reply(ctx.cause),
    kind: 'reply',
    lane: 'normal',
    chat: { channel: to.channel, to: to.chatId },
    data: {
      text: answer.text,
      ...(answer.buttons?.length ? { buttons: JSON.stringify(answer.buttons) } : {}),
      ...(answer.askContact ? { askContact: true } : {}),
    },
    ...(personId ? { personId } : {}),
    ...matterOf(answer),
    expiresAt: new Date(ctx.clock.now().getTime() + STALE_MS),
  });

/** An answer whose buttons all speak of one task, or one meeting, is about it: a reply to it is a word on that. */
function matterOf(answer: Message): { taskCode?: string; meetingCode?: string } {
  const codes = new Set((answer.buttons ?? []).flatMap((b) => ('command' in b ? (b.command.match(/\b(?:NV|HOP)-\d{4}-\d{5,}\b/g) ?? []) : [])));
  const [only] = codes;
  if (!only || codes.size > 1) return {};
  return only.startsWith('NV') ? { taskCode: only } : { meetingCode: only };
}
