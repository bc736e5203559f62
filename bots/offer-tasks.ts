import type { Ctx } from '../src/context.js';
import { personActor } from '../src/people/receivers.js';
import type { Message } from '../src/texts/message.js';
import { whichTask } from '../src/texts/progress-texts.js';
import type { Known } from './answer-person.js';
import { reportable } from './commands/capnhat.js';
import { parseProgress } from './commands/parse-progress.js';
import { yearOf } from './commands/which-task.js';
import { keepWords } from './kept-words.js';
import { askedNow } from './plain-words.js';

/**
 * Words that are a report but name no task: the open tasks as buttons, each writes these words down with one tap. Words
 * without a percent count only after "/capnhat". Undefined: no report, or nothing to report on. Nothing is written here.
 */
export async function offerTasks(ctx: Ctx, { person, link }: Known, words: string): Promise<Message | undefined> {
  const read = parseProgress(words);
  if (read.kind !== 'report' || read.task) return undefined;
  if (read.percent === undefined && askedNow(ctx, link)?.kind !== 'task') return undefined;
  const open = await reportable(ctx, personActor(person, link.channel));
  if (open.length === 0) return undefined;
  return whichTask(open, yearOf(ctx.clock.now()), true, { words, token: await keepWords(ctx, link, words) });
}
