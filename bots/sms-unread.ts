import type { Ctx } from '../src/context.js';
import { openTasksOf } from '../src/directives/find-tasks.js';
import type { Task } from '../src/directives/task.model.js';
import { keepUnread } from '../src/inbox/keep-unread.js';
import type { Message } from '../src/texts/message.js';
import { smsComesOrNot } from '../src/texts/sms-answer-texts.js';
import { refOf } from './commands/which-task.js';
import { foldInPlace } from './commands/tidy.js';
import { actorOf, type Holders } from './sms-holders.js';
import type { Invitation } from './sms-invitations.js';

const MEETING = /(?<![\p{L}\d])hop[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?0*(\d{1,7})/u;
const TASK = /(?<![\p{L}\d])nv[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?0*(\d{1,7})/u;

/**
 * Words by SMS that were not understood: kept for the Office at the meeting or task they name, else at the invitations open
 * on this number; answered with what to type, by the writer's own codes. Of a shared number nobody knows whose words they are.
 */
export async function unreadSms(ctx: Ctx, holders: Holders, { text, asked }: { text: string; asked: readonly Invitation[] }): Promise<Message> {
  const tasks = await ownTasks(ctx, holders);
  const [person, another] = holders.people;
  if (person && !another) {
    for (const matter of mattersIn(text, { asked, tasks, personId: String(person._id) })) await keepUnread(ctx, { matter, personId: String(person._id), channel: 'sms', text });
  }
  return smsComesOrNot({ meetings: asked.map(({ meeting }) => meeting.code), task: tasks[0]?.code }, ctx.clock.now());
}

/** Tasks the one holder of the number may report on, the nearest deadline first; secret ones are never named. */
async function ownTasks(ctx: Ctx, { phone, people }: Holders): Promise<Task[]> {
  const [person, another] = people;
  if (!person || another) return [];
  return (await openTasksOf(ctx, actorOf(person, { phone }))).filter(({ secret }) => !secret);
}

function mattersIn(text: string, { asked, tasks, personId }: { asked: readonly Invitation[]; tasks: readonly Task[]; personId: string }): string[] {
  const folded = foldInPlace(text);
  const [meeting, task] = [MEETING.exec(folded)?.[1], TASK.exec(folded)?.[1]];
  const invited = asked.filter(({ meeting: { attendees } }) => attendees.some((one) => String(one.personId) === personId)).map(({ meeting: { code } }) => code);
  if (meeting) return invited.filter((code) => Number(code.split('-')[2]) === Number(meeting)).slice(0, 1);
  if (task) return tasks.filter(({ code }) => refOf(code)?.number === Number(task)).map(({ code }) => code).slice(0, 1);
  return invited.slice(0, 3);
}
