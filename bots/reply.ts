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

const FULL = /\b(?:NV|HOP)-\d{4}-\d{5,}\b/g;
const ANY = /\b(?:NV|HOP)-\d+(?:-\d{5,})?\b/g;

/** An answer that speaks of one task, or one meeting, and no other is about it: a reply to it is a word on that. */
function matterOf(answer: Message): { taskCode?: string; meetingCode?: string } {
  const tapped = (answer.buttons ?? []).flatMap((b) => ('command' in b ? (b.command.match(FULL) ?? []) : []));
  const codes = new Set(tapped.length > 0 ? tapped : spokenOf(answer.text));
  const [only] = codes;
  if (!only || codes.size > 1) return {};
  return only.startsWith('NV') ? { taskCode: only } : { meetingCode: only };
}

/** Codes in our own words, not in what the person is quoted with; short ones ("NV-17") are of the full one beside them, or of another matter. */
function spokenOf(text: string): string[] {
  const own = text.replace(/“[^”]*”/gu, '');
  const full = [...new Set(own.match(FULL) ?? [])];
  const short = (code: string): string => code.replace(/^([A-Z]+)-\d{4}-0*(\d+)$/, '$1-$2');
  const others = (own.match(ANY) ?? []).filter((code) => !full.some((one) => one === code || short(one) === code));
  return full.length > 0 ? [...full, ...others] : [];
}
