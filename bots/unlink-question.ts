import type { Ctx } from '../src/context.js';
import type { Delivery } from '../src/delivery/delivery.model.js';
import type { InboundMessage } from '../src/inbox/inbound.js';
import type { Awaiting } from '../src/people/links/chat-link.model.js';
import { setAwaiting } from '../src/people/links/who-is.js';
import { linkKept, unlinkOrNot } from '../src/texts/link-texts.js';
import type { Message } from '../src/texts/message.js';
import type { Known } from './answer-person.js';
import { readUnlinkAnswer, unlink } from './commands/huylienket.js';
import { readCommand } from './commands/index.js';

/**
 * The next message after "hủy liên kết?" closes that question, whatever it says: a "có" about something else later on must
 * not cut anybody off. `answer`: what is said where it was an answer; `known`: the chat with nothing awaited.
 */
export async function closeUnlinkQuestion(ctx: Ctx, message: InboundMessage, known: Known, about: Pick<Delivery, 'taskCode' | 'meetingCode'> | null): Promise<{ known: Known; answer?: Message }> {
  const { link } = known;
  const asked = openFor(ctx, link.awaiting);
  if (!asked) return { known };
  if (!asked.closedBy) await setAwaiting(ctx, link, { ...asked, closedBy: ctx.cause });
  const after = { known: { ...known, link: { ...link, awaiting: null } } };
  const words = message.text ?? '';
  if (message.kind !== 'text' || readCommand(words) || about?.taskCode || about?.meetingCode) return after;
  const said = readUnlinkAnswer(words);
  if (said === 'yes') return { ...after, answer: (await unlink(ctx, message)).message };
  if (said === 'no') return { ...after, answer: linkKept(known.person) };
  return said === 'unsure' ? { ...after, answer: unlinkOrNot() } : after;
}

/** The question, where this message is the one that answers it; also where it is worked on again after a crash. */
function openFor(ctx: Ctx, awaiting: Awaiting | null): Extract<Awaiting, { kind: 'unlink' }> | undefined {
  if (awaiting?.kind !== 'unlink') return undefined;
  if (awaiting.closedBy) return awaiting.closedBy === ctx.cause ? awaiting : undefined;
  return awaiting.until > ctx.clock.now() ? awaiting : undefined;
}
