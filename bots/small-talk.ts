import type { Ctx } from '../src/context.js';
import type { InboundMessage } from '../src/inbox/inbound.js';
import { personActor, personById } from '../src/people/receivers.js';
import { questionNotAnswered, thanksToo } from '../src/texts/chat-texts.js';
import type { Message } from '../src/texts/message.js';
import { mayAnswer } from './answer-limit.js';
import type { Known } from './answer-person.js';
import { reportable } from './commands/capnhat.js';
import { foldInPlace, tidy } from './commands/tidy.js';

const THANKS = /^(?:(?:da|vang|ok)[, ]+)?(?:(?:toi|em|minh|chung toi|xin|rat|chan thanh|tran trong) )*(?:cam on|thanks|thank you)(?: (?:nhieu|rat nhieu|a|nhe|em|anh|chi|ban|dong chi|cac dong chi|van phong|he thong))*[\s.!]*$/;
const WHO_FOLLOWS = /^(?:(?:cho (?:toi |em )?)?hoi )?(?:ai (?:la )?(?:nguoi |can bo |dang )?(?:theo doi|phu trach|don doc)|(?:nguoi|can bo) (?:theo doi|phu trach)(?: la ai)?(?=\W*$)|(?:so dien thoai|lien he) )/;
const QUESTION = /\?[\s?!.]*$|^(?:ai|khi nao|bao gio|o dau|vi sao|tai sao|lam sao|lam the nao|the nao|cho (?:toi |em )?hoi|xin hoi)(?!\p{L})/u;

/** What a machine might say back to a machine, or nothing the system could know; `answer` undefined: silence. */
export interface SmallTalk {
  answer: Message | undefined;
}

/**
 * Thanks, and questions about who follows the work; nothing is written. `awaited`: the task whose report is awaited: then
 * only plain thanks and "who follows it?" are taken out, everything else may be the report.
 */
export async function smallTalk(ctx: Ctx, message: InboundMessage, known: Known, { words, awaited }: { words: string; awaited?: string }): Promise<SmallTalk | undefined> {
  const folded = foldInPlace(tidy(words));
  if (THANKS.test(folded)) return { answer: (await mayAnswer(ctx, message, 'thanks')) ? thanksToo() : undefined };
  const asks = WHO_FOLLOWS.test(folded) || (!awaited && QUESTION.test(folded));
  if (!asks) return undefined;
  return { answer: (await mayAnswer(ctx, message, 'hint')) ? questionNotAnswered(await whoFollows(ctx, known, awaited)) : undefined };
}

/** Who of the Office follows the one task that can be meant. */
async function whoFollows(ctx: Ctx, { person, link }: Known, awaited: string | undefined): Promise<Parameters<typeof questionNotAnswered>[0]> {
  const open = await reportable(ctx, personActor(person, link.channel));
  const [task, more] = awaited ? open.filter(({ code }) => code === awaited) : open;
  if (!task || more) return undefined;
  const monitor = task.monitorId ? await personById(ctx, task.monitorId) : null;
  return { code: task.code, follower: monitor?.active ? { name: monitor.name, phone: monitor.phone ?? null } : null };
}
