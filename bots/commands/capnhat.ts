import type { Ctx } from '../../src/context.js';
import { actsFor } from '../../src/directives/acts-for.js';
import { getTask, openTasksOf } from '../../src/directives/find-tasks.js';
import { reportProgress } from '../../src/directives/report-progress.js';
import { isOpen } from '../../src/directives/reminder-times.js';
import { mustConcern, mustNotBeClosed } from '../../src/directives/task-rights.js';
import type { Task } from '../../src/directives/task.model.js';
import type { Actor } from '../../src/people/actor.js';
import { can } from '../../src/people/policy.js';
import { setAwaiting } from '../../src/people/links/who-is.js';
import type { Message } from '../../src/texts/message.js';
import * as texts from '../../src/texts/progress-texts.js';
import { keepWords, takeWords } from '../kept-words.js';
import { AWAITING_MS, type Command, type CommandInput } from './command.js';
import { parseProgress, type ParsedProgress } from './parse-progress.js';
import { refOf, resolveRef, yearOf } from './which-task.js';

/** "/capnhat NV-12 70% nội dung", the answer to a reminder, and the words after a tap on "Cập nhật". */
export const capnhat: Command = {
  names: ['capnhat', 'cn'],
  run: async (ctx, actor, input) => {
    const args = await withKeptWords(ctx, input);
    const parsed = parseProgress(args.text, args.replyTask ? refOf(args.replyTask) : undefined);
    const target = await targetOf(ctx, actor, parsed, args);
    if ('answer' in target) return target.answer;
    const { task } = target;
    await mustConcern(ctx, actor, 'task.report', task);
    mustNotBeClosed(task);
    if (task.secret) return forgetting(ctx, args, texts.notInChat());
    if (parsed.kind === 'report') return report(ctx, actor, args, { code: task.code, percent: parsed.percent, note: parsed.note });
    await waitFor(ctx, args, task);
    return parsed.kind === 'unclear' ? texts.notUnderstood(parsed.why, task.code) : texts.askProgress(task);
  },
};

/** Which task is meant: the one named, the one answered, or the only one open; else the question to ask. */
async function targetOf(ctx: Ctx, actor: Actor, parsed: ParsedProgress, args: CommandInput): Promise<{ task: Task } | { answer: Message }> {
  const named = 'task' in parsed ? parsed.task : undefined;
  const again = named && !named.year && args.replyTask && refOf(args.replyTask)?.number === named.number;
  if (named && !again) {
    const found = await resolveRef(ctx, actor, named);
    return 'several' in found ? { answer: texts.sameNumber(found.several) } : { task: await getTask(ctx, actor, found.code) };
  }
  if (args.replyTask) return { task: await getTask(ctx, actor, args.replyTask) };
  if (parsed.kind === 'unclear' && parsed.why !== 'which-task') return { answer: texts.notUnderstood(parsed.why) };
  const open = await reportable(ctx, actor);
  const [only] = open;
  if (!only) return { answer: texts.nothingToReport() };
  if (open.length > 1 || parsed.kind === 'unclear') return { answer: await askWhich(ctx, open, { ...args, text: parsed.kind === 'report' ? args.text : '' }, args.text !== '') };
  return { task: only };
}

/** The tasks this actor may report on in a chat, the most pressing first. */
export async function reportable(ctx: Ctx, actor: Actor): Promise<Task[]> {
  const absent = await actsFor(ctx, actor);
  return (await openTasksOf(ctx, actor)).filter((task) => isOpen(task.stage) && !task.secret && can(actor, 'task.report', { ...task, actsFor: absent }));
}

/** Words that can be a report are kept for the tap; where nothing was typed, the next ones are waited for. */
async function askWhich(ctx: Ctx, open: readonly Task[], { text, link }: CommandInput, said: boolean): Promise<Message> {
  const year = yearOf(ctx.clock.now());
  if (!link || (said && !text)) return texts.whichTask(open, year, said);
  if (text) return texts.whichTask(open, year, true, { words: text, token: await keepWords(ctx, link, text) });
  await setAwaiting(ctx, link, { kind: 'task', until: new Date(ctx.clock.now().getTime() + AWAITING_MS) });
  return texts.whichTask(open, year, false);
}

/** A tap on a task below "which one?": the words typed then are the report on it. */
async function withKeptWords(ctx: Ctx, input: CommandInput): Promise<CommandInput> {
  const { text, words } = await takeWords(ctx, input.link, input.text);
  return words === undefined ? { ...input, text } : { ...input, text: words, replyTask: text };
}

async function report(ctx: Ctx, actor: Actor, args: CommandInput, input: Parameters<typeof reportProgress>[2]): Promise<Message> {
  const { task, entry } = await reportProgress(ctx, actor, input);
  const before = task.progress[task.progress.indexOf(entry) - 1]?.percent;
  return forgetting(ctx, args, input.percent === undefined ? texts.noteSaved(task, entry) : texts.progressSaved(task, entry, before));
}

async function waitFor(ctx: Ctx, { link }: CommandInput, task: Task): Promise<void> {
  if (link) await setAwaiting(ctx, link, { kind: 'progress', taskCode: task.code, until: new Date(ctx.clock.now().getTime() + AWAITING_MS) });
}

/** The matter is settled: the next words are no report any more. */
async function forgetting(ctx: Ctx, { link }: CommandInput, answer: Message): Promise<Message> {
  if (link?.awaiting) await setAwaiting(ctx, link, null);
  return answer;
}
