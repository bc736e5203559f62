import type { Ctx } from '../src/context.js';
import type { Task } from '../src/directives/task.model.js';
import type { InboundMessage } from '../src/inbox/inbound.js';
import { yearOf } from '../src/kernel/local-date.js';
import { comingMeetingsOf } from '../src/meetings/find-meetings.js';
import { personActor, personById } from '../src/people/receivers.js';
import { extensionByPhone, questionNotAnswered, thanksToo } from '../src/texts/chat-texts.js';
import type { Message } from '../src/texts/message.js';
import { extensionOfWhich, nothingWaits, whatWasReceived } from '../src/texts/small-talk-texts.js';
import { mayAnswer } from './answer-limit.js';
import type { Known } from './answer-person.js';
import { reportable } from './commands/capnhat.js';
import { asksExtension } from './commands/asks-extension.js';
import { isMereNod, parseProgress } from './commands/parse-progress.js';
import { foldInPlace, tidy } from './commands/tidy.js';
import { refOf } from './commands/which-task.js';
import { keepWords } from './kept-words.js';

const THANKS = /^(?:(?:da|vang|ok)[, ]+)?(?:(?:toi|em|minh|chung toi|xin|rat|chan thanh|tran trong) )*(?:cam on|thanks|thank you)(?: (?:nhieu|rat nhieu|a|nhe|em|anh|chi|ban|dong chi|cac dong chi|van phong|he thong))*[\s.!]*$/;
const WHO_FOLLOWS = /^(?:(?:cho (?:toi |em )?)?hoi )?(?:ai (?:la )?(?:nguoi |can bo |dang )?(?:theo doi|phu trach|don doc)|(?:nguoi|can bo) (?:theo doi|phu trach)(?: la ai)?(?=\W*$)|(?:so dien thoai|lien he) )/;
const QUESTION = /\?[\s?!.]*$|^(?:ai|khi nao|bao gio|o dau|vi sao|tai sao|lam sao|lam the nao|the nao|cho (?:toi |em )?hoi|xin hoi)(?!\p{L})/u;

/** What a machine might say back to a machine, or nothing the system could know; `answer` undefined: silence. */
export interface SmallTalk {
  answer: Message | undefined;
}

/**
 * Thanks, nods, requests for more time and questions about who follows the work; nothing is written. `awaited`: the task answered or whose report is
 * awaited; `reports`: they are read as a report, of which only plain thanks, "who follows it?" and requests for more time are no part.
 */
export async function smallTalk(ctx: Ctx, message: InboundMessage, known: Known, { words, awaited, reports = false }: { words: string; awaited?: string | undefined; reports?: boolean }): Promise<SmallTalk | undefined> {
  const folded = foldInPlace(tidy(words));
  if (THANKS.test(folded)) return { answer: (await mayAnswer(ctx, message, 'thanks')) ? thanksToo() : undefined };
  if (asksExtension(words)) return { answer: (await mayAnswer(ctx, message, 'hint')) ? await extension(ctx, known, { words, awaited }) : undefined };
  const nodded = isNod(words) ? await nod(ctx, message, known, { words, awaited, reports }) : undefined;
  if (nodded) return nodded;
  const asks = WHO_FOLLOWS.test(folded) || (!reports && QUESTION.test(folded));
  if (!asks) return undefined;
  return { answer: (await mayAnswer(ctx, message, 'hint')) ? questionNotAnswered(await followerOf(ctx, await meantBy(ctx, known, awaited))) : undefined };
}

/** "Ok anh", "đã nhận"; a greeting is none, and "vang" may be "vắng". */
const isNod = (words: string): boolean => isMereNod(words) && !/^(?:(?:hi|hello|alo|chao)(?!\p{L})|vang[\s.!]*$)/u.test(tidy(words).toLowerCase());

/** Said of invitations as well. */
const RECEIVED = /(?<!\p{L})nhan(?!\p{L})/u;

/** What waits for "Đã nhận" as buttons, else a short word. Undefined: said where a report is awaited, whose form helps more. */
async function nod(ctx: Ctx, message: InboundMessage, { person, link }: Known, { words, awaited, reports }: { words: string; awaited: string | undefined; reports: boolean }): Promise<SmallTalk | undefined> {
  const actor = personActor(person, link.channel);
  const tasks = (await reportable(ctx, actor)).filter(({ code, stage }) => stage === 'new' && (!reports || code === awaited));
  const meetings = reports || !RECEIVED.test(foldInPlace(tidy(words))) ? [] : (await comingMeetingsOf(ctx, actor)).filter(({ attendees }) => attendees.some((one) => String(one.personId) === String(person._id) && !one.acknowledgedAt && !one.answer));
  if (tasks.length + meetings.length > 0) return { answer: (await mayAnswer(ctx, message, 'hint')) ? whatWasReceived(tasks, meetings, yearOf(ctx.clock.now())) : undefined };
  if (reports) return undefined;
  return { answer: (await mayAnswer(ctx, message, 'thanks')) ? nothingWaits() : undefined };
}

/** Whom to call about more time; the words can be put on the task with a tap, so that the Office reads them. */
async function extension(ctx: Ctx, known: Known, { words, awaited }: { words: string; awaited: string | undefined }): Promise<Message> {
  const read = parseProgress(words);
  const named = 'task' in read ? read.task : undefined;
  const open = await meantBy(ctx, known, awaited, named?.number);
  const year = yearOf(ctx.clock.now());
  const kept = open.length > 0 ? { words, token: await keepWords(ctx, known.link, words) } : undefined;
  if (kept && open.length > 1) return extensionOfWhich(open, { ...kept, year, office: ctx.config.OFFICE_PHONE });
  const about = await followerOf(ctx, open);
  return extensionByPhone({ ...(about && kept ? { about: { ...about, ...kept } } : {}), year, office: ctx.config.OFFICE_PHONE });
}

/** The open tasks that can be meant: the one named, else the one awaited, else all. */
async function meantBy(ctx: Ctx, { person, link }: Known, awaited: string | undefined, number?: number): Promise<Task[]> {
  const open = await reportable(ctx, personActor(person, link.channel));
  if (number !== undefined) return open.filter(({ code }) => refOf(code)?.number === number);
  return awaited ? open.filter(({ code }) => code === awaited) : open;
}

/** Who of the Office follows the one task that can be meant. */
async function followerOf(ctx: Ctx, [task, another]: readonly Task[]): Promise<Parameters<typeof questionNotAnswered>[0]> {
  if (!task || another) return undefined;
  const monitor = task.monitorId ? await personById(ctx, task.monitorId) : null;
  return { code: task.code, follower: monitor?.active ? { name: monitor.name, phone: monitor.phone ?? null } : null };
}
