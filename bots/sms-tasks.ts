import type { Ctx } from '../src/context.js';
import { acknowledgeTask } from '../src/directives/acknowledge-task.js';
import { getTask, openTasksOf } from '../src/directives/find-tasks.js';
import { reportProgress } from '../src/directives/report-progress.js';
import { mustConcern, mustNotBeClosed } from '../src/directives/task-rights.js';
import type { Task } from '../src/directives/task.model.js';
import type { Actor } from '../src/people/actor.js';
import { mayText } from '../src/people/phones/may-text.js';
import type { Message } from '../src/texts/message.js';
import * as texts from '../src/texts/sms-task-texts.js';
import type { ParsedProgress } from './commands/parse-progress.js';
import type { TaskRef } from './commands/task-code.js';
import { refOf, resolveRef } from './commands/which-task.js';
import { actorOf, type Holders } from './sms-holders.js';

/** `recorded`: something was written down because of this very message. */
type Answer = { message: Message; recorded: boolean };

/** "DA NHAN NV-12" by SMS. Throws what acknowledgeTask throws. */
export async function takeTaskBySms(ctx: Ctx, holders: Holders, ref: TaskRef): Promise<Answer> {
  const meant = await meantBy(ctx, holders, ref);
  if ('answer' in meant) return { message: meant.answer, recorded: false };
  const task = await acknowledgeTask(ctx, meant.actor, { code: meant.task.code });
  return { message: texts.smsTaskAcknowledged(task, ctx.clock.now()), recorded: (task.acknowledgements ?? []).some(({ cause }) => cause === ctx.cause) };
}

/** "NV-12 70 noi dung" by SMS, read as in a chat. Throws what reportProgress throws. */
export async function reportBySms(ctx: Ctx, holders: Holders, parsed: Extract<ParsedProgress, { kind: 'report' }> & { task: TaskRef }): Promise<Answer> {
  const meant = await meantBy(ctx, holders, parsed.task);
  if ('answer' in meant) return { message: meant.answer, recorded: false };
  const { task, entry } = await reportProgress(ctx, meant.actor, { code: meant.task.code, note: parsed.note, ...(parsed.percent === undefined ? {} : { percent: parsed.percent }) });
  return { message: texts.smsProgressSaved(task, entry, ctx.clock.now()), recorded: true };
}

/** The task to be reported on, and by whom. */
async function meantBy(ctx: Ctx, holders: Holders, ref: TaskRef): Promise<{ actor: Actor; task: Task } | { answer: Message }> {
  const meant = await taskOfHolder(ctx, holders, ref);
  if ('answer' in meant) return meant;
  await mustConcern(ctx, meant.actor, 'task.report', meant.task);
  mustNotBeClosed(meant.task);
  return meant.task.secret ? { answer: texts.smsTaskElsewhere() } : meant;
}

/**
 * Whose task it is and which, for them to read; of a shared number nobody's, unless the office lets it count and one proven
 * holder alone answers for it. Throws task-unknown, task-not-yours.
 */
export async function taskOfHolder(ctx: Ctx, { phone, people }: Holders, ref: TaskRef): Promise<{ actor: Actor; task: Task } | { answer: Message }> {
  const shared = people.length > 1;
  if (shared && ctx.config.SMS_SHARED_NUMBER !== 'counts') return { answer: texts.smsTaskUnclearWho() };
  const all = people.map((person) => actorOf(person, { phone, ...(shared ? { shared: true as const } : {}) }));
  const own = shared ? await asyncFilter(all, async (actor) => (await openTasksOf(ctx, actor)).some(({ code }) => refOf(code)?.number === ref.number)) : all;
  const [actor] = own;
  // Another holder's proof says nothing about this one.
  const proven = actor?.kind === 'person' && people.some((person) => actor.personId === String(person._id) && mayText(person, ctx.config.SMS_REQUIRE_VERIFIED));
  if (!actor || own.length > 1 || !proven) return { answer: texts.smsTaskUnclearWho() };
  const found = await resolveRef(ctx, actor, ref);
  return 'several' in found ? { answer: texts.smsTaskElsewhere() } : { actor, task: await getTask(ctx, actor, found.code) };
}

async function asyncFilter<T>(all: readonly T[], keep: (one: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(all.map(keep));
  return all.filter((_, i) => kept[i]);
}
