import { yearOf } from '../../src/kernel/local-date.js';
import type { Ctx } from '../../src/context.js';
import { keepUnread } from '../../src/inbox/keep-unread.js';
import { readHold } from '../../src/delivery/hold/hold.js';
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
import { extensionByLetter } from '../../src/texts/small-talk-texts.js';
import { keepWords, takeWords } from '../kept-words.js';
import { asksExtension } from './asks-extension.js';
import { AWAITING_MS, type Command, type CommandInput } from './command.js';
import { parseProgress, type ParsedProgress } from './parse-progress.js';
import { saidBefore } from './said-before.js';
import { foldInPlace } from './tidy.js';
import { refOf, resolveRef } from './which-task.js';

/** What a button of "is this meant?" says: the task, and the percent or that the words alone are to be written down. */
const MEANT = /^(NV-\d{4}-\d{5,}) (?:(\d{1,3})%|ghi)$/;

/** "/capnhat NV-12 70% nội dung", the answer to a reminder, and the words after a tap on "Cập nhật". */
export const capnhat: Command = {
  names: ['capnhat', 'cn'],
  run: async (ctx, actor, input) => {
    const args = await withKeptWords(ctx, input);
    const parsed = args.meant ?? parseProgress(args.text, args.replyTask ? refOf(args.replyTask) : undefined);
    const target = await targetOf(ctx, actor, parsed, args);
    if ('answer' in target) return target.answer;
    const { task } = target;
    await mustConcern(ctx, actor, 'task.report', task);
    mustNotBeClosed(task);
    if (task.secret) return forgetting(ctx, args, texts.notInChat());
    // Chats ask before they come here (small-talk.ts).
    if (!args.link && args.replyTask === task.code && asksExtension(args.text)) return extensionByLetter(task.code, args.text, ctx.config.OFFICE_PHONE);
    if (parsed.kind === 'report') return report(ctx, actor, { ...args, task }, { code: task.code, percent: parsed.percent, note: parsed.note });
    await waitFor(ctx, args, task);
    if (parsed.kind === 'unclear' && args.link && actor.kind === 'person') await keepUnread(ctx, { matter: task.code, personId: actor.personId, channel: actor.channel, text: args.text });
    return parsed.kind === 'unclear' ? askBack(ctx, args, { task, parsed }) : texts.askProgress(task);
  },
};

type Unclear = Extract<ParsedProgress, { kind: 'unclear' }>;

/** On doubt: what seems to be meant as a button, or in a letter as the sentence to send back; else the right form. */
async function askBack(ctx: Ctx, { link, text, replyTask }: CommandInput, { task, parsed: { why, percent } }: { task: Task; parsed: Unclear }): Promise<Message> {
  if (!link && replyTask === task.code) return texts.letterUnclear(task, { why, words: text, percent });
  const askable = link && (percent !== undefined || why === 'code-in-text' || why === 'done-or-not');
  if (!askable) return texts.notUnderstood(why, ctx.clock.now(), task.code, percent);
  return texts.isThisMeant(task, { words: text, token: await keepWords(ctx, link, text), percent, why }, yearOf(ctx.clock.now()));
}

/** Which task is meant: the one named, the one answered, or the only one open; else the question to ask. */
async function targetOf(ctx: Ctx, actor: Actor, parsed: ParsedProgress, args: CommandInput): Promise<{ task: Task } | { answer: Message }> {
  const named = 'task' in parsed ? parsed.task : undefined;
  const again = named && !named.year && args.replyTask && refOf(args.replyTask)?.number === named.number;
  if (named && !again) {
    const found = await resolveRef(ctx, actor, named);
    return 'several' in found ? { answer: texts.sameNumber(found.several) } : { task: await getTask(ctx, actor, found.code) };
  }
  if (args.replyTask) return { task: await getTask(ctx, actor, args.replyTask) };
  const guessed = await guessedTask(ctx, actor, parsed);
  if (guessed) return { task: guessed };
  // "Khoảng 35": of which task is the first question, and whether that number is meant the second.
  const about = parsed.kind === 'unclear' && parsed.percent !== undefined;
  if (parsed.kind === 'unclear' && parsed.why !== 'which-task' && !about) return { answer: texts.notUnderstood(parsed.why, ctx.clock.now(), undefined, parsed.percent) };
  const open = await reportable(ctx, actor);
  const [only] = open;
  if (!only) return { answer: texts.nothingToReport() };
  if (about) return open.length > 1 ? { answer: await askWhich(ctx, open, args, true) } : { task: only };
  if (open.length > 1 || parsed.kind === 'unclear') return { answer: await askWhich(ctx, open, { ...args, text: parsed.kind === 'report' ? args.text : '' }, args.text !== '') };
  return { task: only };
}

/** The own task a number without "NV" may be ("17 20"); null: none has it. */
export async function guessedTask(ctx: Ctx, actor: Actor, parsed: ParsedProgress): Promise<Task | null> {
  const guess = parsed.kind === 'unclear' ? parsed.guess : undefined;
  const found = guess ? (await reportable(ctx, actor)).filter(({ code }) => refOf(code)?.number === guess.number) : [];
  return found.length === 1 ? (found[0] ?? null) : null;
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

/** A tap on a task below "which one?" or "is this meant?": the words typed then are the report on it. */
async function withKeptWords(ctx: Ctx, input: CommandInput): Promise<CommandInput & { meant?: ParsedProgress }> {
  const { text, words } = await takeWords(ctx, input.link, input.text);
  const [, code, percent] = MEANT.exec(text) ?? [];
  // A button whose words were taken before, or are too old, writes nothing.
  if (words === undefined) return { ...input, text: text === input.text ? text : (code ?? text) };
  if (!code) return { ...input, text: words, replyTask: text };
  const note = readsAsPercentAlone(words) ? '' : words;
  return { ...input, text: words, replyTask: code, meant: { kind: 'report', note, ...(percent === undefined ? {} : { percent: Number(percent) }) } };
}

/** "cn 17 20", "nv17 dat 40": all of it is in the percent. */
const readsAsPercentAlone = (words: string): boolean => !/(?<!\p{L})(?!(?:cn|nv|dat)(?!\p{L}))\p{L}{2,}/u.test(foldInPlace(words));

async function report(ctx: Ctx, actor: Actor, args: CommandInput & { task: Task }, input: Parameters<typeof reportProgress>[2]): Promise<Message> {
  // Files go with a line of their own.
  const said = args.files ? undefined : saidBefore(args.task, actor, { ...input, cause: ctx.cause, now: ctx.clock.now() });
  const { task, entry } = said ? { task: args.task, entry: said } : await reportProgress(ctx, actor, input);
  const before = task.progress[task.progress.indexOf(entry) - 1]?.percent;
  const hold = await readHold(ctx);
  const held = hold !== null && !(hold.urgentPasses && task.urgency === 'express');
  return forgetting(ctx, args, input.percent === undefined ? texts.noteSaved(task, entry, held) : texts.progressSaved(task, entry, { before, held }));
}

async function waitFor(ctx: Ctx, { link }: CommandInput, task: Task): Promise<void> {
  if (link) await setAwaiting(ctx, link, { kind: 'progress', taskCode: task.code, until: new Date(ctx.clock.now().getTime() + AWAITING_MS) });
}

/** The matter is settled: the next words are no report any more. */
async function forgetting(ctx: Ctx, { link }: CommandInput, answer: Message): Promise<Message> {
  if (link?.awaiting) await setAwaiting(ctx, link, null);
  return answer;
}
