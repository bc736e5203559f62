import type { Ctx } from '../src/context.js';
import type { InboundMessage } from '../src/inbox/inbound.js';
import { yearOf } from '../src/kernel/local-date.js';
import { personActor, personById } from '../src/people/receivers.js';
import { extensionByPhone, questionNotAnswered, thanksToo } from '../src/texts/chat-texts.js';
import type { Message } from '../src/texts/message.js';
import { mayAnswer } from './answer-limit.js';
import type { Known } from './answer-person.js';
import { reportable } from './commands/capnhat.js';
import { parseProgress } from './commands/parse-progress.js';
import { foldInPlace, tidy } from './commands/tidy.js';
import { refOf } from './commands/which-task.js';
import { keepWords } from './kept-words.js';

const THANKS = /^(?:(?:da|vang|ok)[, ]+)?(?:(?:toi|em|minh|chung toi|xin|rat|chan thanh|tran trong) )*(?:cam on|thanks|thank you)(?: (?:nhieu|rat nhieu|a|nhe|em|anh|chi|ban|dong chi|cac dong chi|van phong|he thong))*[\s.!]*$/;
const WHO_FOLLOWS = /^(?:(?:cho (?:toi |em )?)?hoi )?(?:ai (?:la )?(?:nguoi |can bo |dang )?(?:theo doi|phu trach|don doc)|(?:nguoi|can bo) (?:theo doi|phu trach)(?: la ai)?(?=\W*$)|(?:so dien thoai|lien he) )/;
const QUESTION = /\?[\s?!.]*$|^(?:ai|khi nao|bao gio|o dau|vi sao|tai sao|lam sao|lam the nao|the nao|cho (?:toi |em )?hoi|xin hoi)(?!\p{L})/u;

const CODE = String.raw`(?:nv|nhiem vu)[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?\d{1,7}[\s,:.-]*`;
/** A request for more time and nothing before it but how requests begin; "đã gửi văn bản xin gia hạn" is a report. */
const EXTENSION = new RegExp(
  String.raw`^(?:${CODE})?(?:(?:da(?=[ ,])|vang|thua|kinh|toi|em|minh|chung toi|chung em|ben em|don vi|co quan|so|phong|dong chi|van phong|anh|chi|cho|xin|xin phep|mong|de nghi|kinh de nghi|muon|duoc|can|ve|viec)[\s,]+)*(?:gia han|lui (?:thoi )?han|lui thoi gian|doi han|keo dai (?:thoi )?(?:han|gian)|them (?:thoi gian|\d+ ngay|(?:may|vai|it) ngay)|dieu chinh (?:thoi )?han)(?!\p{L})`,
  'u',
);

/** "Xin gia hạn NV-17 đến 30/11", "cho em lùi hạn": deadlines are moved by the Office alone. */
export function asksExtension(words: string): boolean {
  const read = parseProgress(words);
  return EXTENSION.test(foldInPlace(tidy(words))) && !(read.kind === 'report' && read.percent !== undefined);
}

/** What a machine might say back to a machine, or nothing the system could know; `answer` undefined: silence. */
export interface SmallTalk {
  answer: Message | undefined;
}

/**
 * Thanks, and questions about who follows the work; nothing is written. `awaited`: the task answered or whose report is
 * awaited; `reports`: they are read as a report, of which only plain thanks, "who follows it?" and requests for more time are no part.
 */
export async function smallTalk(ctx: Ctx, message: InboundMessage, known: Known, { words, awaited, reports = false }: { words: string; awaited?: string | undefined; reports?: boolean }): Promise<SmallTalk | undefined> {
  const folded = foldInPlace(tidy(words));
  if (THANKS.test(folded)) return { answer: (await mayAnswer(ctx, message, 'thanks')) ? thanksToo() : undefined };
  if (asksExtension(words)) return { answer: (await mayAnswer(ctx, message, 'hint')) ? await extension(ctx, known, { words, awaited }) : undefined };
  const asks = WHO_FOLLOWS.test(folded) || (!reports && QUESTION.test(folded));
  if (!asks) return undefined;
  return { answer: (await mayAnswer(ctx, message, 'hint')) ? questionNotAnswered(await whoFollows(ctx, known, awaited)) : undefined };
}

/** Whom to call about more time; the words can be put on the task with a tap, so that the Office reads them. */
async function extension(ctx: Ctx, known: Known, { words, awaited }: { words: string; awaited: string | undefined }): Promise<Message> {
  const read = parseProgress(words);
  const named = 'task' in read ? read.task : undefined;
  const about = await whoFollows(ctx, known, awaited, named?.number);
  return extensionByPhone({ ...(about ? { about: { ...about, words, token: await keepWords(ctx, known.link, words) } } : {}), year: yearOf(ctx.clock.now()), office: ctx.config.OFFICE_PHONE });
}

/** Who of the Office follows the one task that can be meant. */
async function whoFollows(ctx: Ctx, { person, link }: Known, awaited: string | undefined, number?: number): Promise<Parameters<typeof questionNotAnswered>[0]> {
  const open = await reportable(ctx, personActor(person, link.channel));
  const [task, more] = number !== undefined ? open.filter(({ code }) => refOf(code)?.number === number) : awaited ? open.filter(({ code }) => code === awaited) : open;
  if (!task || more) return undefined;
  const monitor = task.monitorId ? await personById(ctx, task.monitorId) : null;
  return { code: task.code, follower: monitor?.active ? { name: monitor.name, phone: monitor.phone ?? null } : null };
}
