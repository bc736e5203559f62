import { yearOf } from '../src/kernel/local-date.js';
import type { Ctx } from '../src/context.js';
import { personActor } from '../src/people/receivers.js';
import type { Message } from '../src/texts/message.js';
import { isThisMeant, whichTask } from '../src/texts/progress-texts.js';
import type { Known } from './answer-person.js';
import { guessedTask, reportable } from './commands/capnhat.js';
import { parseProgress } from './commands/parse-progress.js';
import { saysDone } from './commands/done-words.js';
import { keepWords } from './kept-words.js';
import { askedNow } from './plain-words.js';

/**
 * Words that are a report but name no task: the open tasks as buttons, each writes these words down with one tap. Words
 * without a percent count only after "/capnhat", or where they say that all is done. Undefined: no report, or nothing to
 * report on. Nothing is written here.
 */
export async function offerTasks(ctx: Ctx, { person, link }: Known, words: string): Promise<Message | undefined> {
  const read = parseProgress(words);
  if (('task' in read && read.task) || (read.kind !== 'report' && read.kind !== 'unclear')) return undefined;
  const done = read.kind === 'report' && read.percent === undefined && saysDone(words);
  const why = read.kind === 'unclear' ? read.why : 'done-or-not';
  const percent = done ? 100 : read.percent;
  if (percent === undefined && (read.kind !== 'report' || askedNow(ctx, link)?.kind !== 'task')) return undefined;
  const actor = personActor(person, link.channel);
  const guessed = await guessedTask(ctx, actor, read);
  const open = guessed ? [guessed] : read.kind === 'unclear' && read.guess ? [] : await reportable(ctx, actor);
  const [only, another] = open;
  if (!only) return undefined;
  const year = yearOf(ctx.clock.now());
  const kept = { words, token: await keepWords(ctx, link, words) };
  const asks = done || read.kind === 'unclear';
  return asks && !another ? isThisMeant(only, { ...kept, percent, why }, year) : whichTask(open, year, true, kept);
}
