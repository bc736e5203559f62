import { loadCalendar } from '../src/calendar/load-calendar.js';
import type { Ctx } from '../src/context.js';
import { isOpen } from '../src/directives/reminder-times.js';
import { mayConcern } from '../src/directives/task-rights.js';
import type { Task } from '../src/directives/task.model.js';
import { keepUnread } from '../src/inbox/keep-unread.js';
import type { Actor } from '../src/people/actor.js';
import { personById } from '../src/people/receivers.js';
import type { Message } from '../src/texts/message.js';
import * as texts from '../src/texts/sms-task-texts.js';
import { reportable } from './commands/capnhat.js';
import type { TaskQuestion } from './commands/read-task-question.js';
import type { TaskRef } from './commands/task-code.js';
import { actorOf, type Holders } from './sms-holders.js';
import { taskOfHolder } from './sms-tasks.js';

/**
 * "NV-12", "NV-12 la viec gi": what the task is, until when, how it stands and how to answer; nothing is recorded. A question
 * of another kind is kept at the task for the Office. Throws task-unknown, task-not-yours.
 */
export async function answerTaskQuestion(ctx: Ctx, holders: Holders, { question, text }: { question: TaskQuestion; text: string }): Promise<Message> {
  const meant = await taskOfHolder(ctx, holders, question.task);
  if ('answer' in meant) return meant.answer;
  const { actor, task } = meant;
  if (task.secret) return texts.smsSecretTask();
  if (!question.plain) await keepWords(ctx, actor, { task, text });
  return texts.smsTaskDetails(task, {
    now: ctx.clock.now(),
    calendar: await loadCalendar(ctx),
    most: ctx.config.SMS_TASK_EXCERPT === 0 ? 0 : texts.MOST_CONTENT,
    mayReport: isOpen(task.stage) && (await mayConcern(ctx, actor, 'task.report', task)),
    call: question.plain ? null : await whomToCall(ctx, task),
  });
}

/** "Xin lui han NV-12": whom to call; the words are kept at the one task they can be about, for the Office to read. */
export async function answerMoreTime(ctx: Ctx, holders: Holders, { ref, text }: { ref: TaskRef | undefined; text: string }): Promise<Message> {
  const now = ctx.clock.now();
  const [person, another] = holders.people;
  if (!person) return texts.smsTaskUnclearWho();
  if (!ref && another) return texts.smsTaskUnclearWho();
  if (!ref) {
    const actor = actorOf(person, { phone: holders.phone });
    const open = await reportable(ctx, actor);
    const [task, more] = open;
    return task && !more ? moreTimeFor(ctx, actor, { task, text }) : texts.smsMoreTimeWhich(open.map(({ code }) => code), { now, call: ctx.config.OFFICE_PHONE ?? null });
  }
  const meant = await taskOfHolder(ctx, holders, ref);
  if ('answer' in meant) return meant.answer;
  return meant.task.secret ? texts.smsSecretTask() : moreTimeFor(ctx, meant.actor, { task: meant.task, text });
}

async function moreTimeFor(ctx: Ctx, actor: Actor, { task, text }: { task: Task; text: string }): Promise<Message> {
  await keepWords(ctx, actor, { task, text });
  return texts.smsMoreTime(task, { now: ctx.clock.now(), call: await whomToCall(ctx, task) });
}

async function keepWords(ctx: Ctx, actor: Actor, { task, text }: { task: Task; text: string }): Promise<void> {
  if (actor.kind === 'person') await keepUnread(ctx, { matter: task.code, personId: actor.personId, channel: 'sms', text });
}

/** Who of the Office follows the task, else the Office's number. */
async function whomToCall(ctx: Ctx, { monitorId }: Task): Promise<texts.WhomToCall | null> {
  const monitor = monitorId ? await personById(ctx, monitorId) : null;
  if (monitor?.active && monitor.phone) return { name: monitor.name, phone: monitor.phone };
  return ctx.config.OFFICE_PHONE ?? null;
}
