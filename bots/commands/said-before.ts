import type { ProgressEntry, Task } from '../../src/directives/task.model.js';
import { byOf, type Actor } from '../../src/people/actor.js';
import { foldInPlace, tidy } from './tidy.js';

/** The same report within so many milliseconds is one. */
const SAME_MS = 12 * 3_600_000;
const DATE_OR_TIME = /\d{1,2}\s*[:h]\s*\d{2}(?:\s*:\s*\d{2})?(?:\s*[ap]m)?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/g;

/**
 * The newest line of a task's log, where the same writer said the same in it by another message and nothing has changed since:
 * the report is written down already. Times and dates in the words do not matter: a machine that answers every letter would
 * fill the log.
 */
export function saidBefore(task: Pick<Task, 'progress' | 'stage' | 'percent'>, actor: Actor, said: { percent?: number | undefined; note: string; cause: string; now: Date }): ProgressEntry | undefined {
  const last = task.progress.at(-1);
  if (!last || last.cause === said.cause || task.progress.some(({ cause }) => cause === said.cause)) return undefined;
  const by = byOf(actor);
  const sameWriter = last.by.personId === by.personId && last.by.channel === by.channel && (by.personId !== undefined || last.by.name === by.name);
  const nothingSince = task.stage === last.stage && task.percent === last.percent && said.now.getTime() - last.at.getTime() < SAME_MS;
  const same = sameWriter && nothingSince && (said.percent === undefined || said.percent === last.percent) && wordsOf(said.note) === wordsOf(last.note);
  return same ? last : undefined;
}

const wordsOf = (note: string): string => foldInPlace(tidy(note)).replace(DATE_OR_TIME, '').replace(/[^\p{L}\d%]+/gu, ' ').trim();
