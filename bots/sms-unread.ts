import type { Ctx } from '../src/context.js';
import type { Task } from '../src/directives/task.model.js';
import { keepUnread } from '../src/inbox/keep-unread.js';
import type { Message } from '../src/texts/message.js';
import { smsComesOrNot } from '../src/texts/sms-answer-texts.js';
import { smsProgressOf } from '../src/texts/sms-task-texts.js';
import { reportable } from './commands/capnhat.js';
import { readComing } from './commands/coming-words.js';
import { guessedPercent } from './commands/spoken-progress.js';
import { refOf } from './commands/which-task.js';
import { foldInPlace } from './commands/tidy.js';
import { actorOf, type Holders } from './sms-holders.js';
import type { Invitation } from './sms-invitations.js';

const MEETING = /(?<![\p{L}\d])hop[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?0*(\d{1,7})/u;
const TASK = /(?<![\p{L}\d])nv[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?0*(\d{1,7})/u;

/** Work is spoken of, and no coming or not coming. */
const PROGRESS = /%|(?<!\p{L})(?:phan tram|tien do)(?!\p{L})/u;

/**
 * Words by SMS that were not understood: kept for the Office at the meeting or task they name, else at the invitations open
 * on this number; words that clearly speak of progress at the only task that is open. Answered with what to type, by the
 * writer's own codes. Of a shared number nobody knows whose words they are.
 */
export async function unreadSms(ctx: Ctx, holders: Holders, { text, asked }: { text: string; asked: readonly Invitation[] }): Promise<Message> {
  const tasks = await ownTasks(ctx, holders);
  const [person, another] = holders.people;
  const progress = tasks.length > 0 && speaksOfProgress(text);
  if (person && !another) {
    for (const matter of mattersIn(text, { asked, tasks, personId: String(person._id), progress })) await keepUnread(ctx, { matter, personId: String(person._id), channel: 'sms', text });
  }
  const now = ctx.clock.now();
  return progress ? smsProgressOf(tasks.map(({ code }) => code), { percent: guessedPercent(text), now }) : smsComesOrNot({ meetings: asked.map(({ meeting }) => meeting.code), task: tasks[0]?.code }, now);
}

/** "em lam duoc khoang 35 phan tram a", "lam xong roi a"; what names a meeting or speaks of coming does not. */
function speaksOfProgress(text: string): boolean {
  const folded = foldInPlace(text);
  return !MEETING.test(folded) && readComing(text) === undefined && (guessedPercent(text) !== undefined || PROGRESS.test(folded));
}

/** Tasks the one holder of the number may report on, the nearest deadline first; secret ones are never named. */
async function ownTasks(ctx: Ctx, { phone, people }: Holders): Promise<Task[]> {
  const [person, another] = people;
  return !person || another ? [] : reportable(ctx, actorOf(person, { phone }));
}

function mattersIn(text: string, { asked, tasks, personId, progress }: { asked: readonly Invitation[]; tasks: readonly Task[]; personId: string; progress: boolean }): string[] {
  const folded = foldInPlace(text);
  const [meeting, task] = [MEETING.exec(folded)?.[1], TASK.exec(folded)?.[1]];
  const invited = asked.filter(({ meeting: { attendees } }) => attendees.some((one) => String(one.personId) === personId)).map(({ meeting: { code } }) => code);
  if (meeting) return invited.filter((code) => Number(code.split('-')[2]) === Number(meeting)).slice(0, 1);
  if (task) return tasks.filter(({ code }) => refOf(code)?.number === Number(task)).map(({ code }) => code).slice(0, 1);
  if (progress) return tasks.length === 1 ? tasks.map(({ code }) => code) : [];
  return invited.slice(0, 3);
}
