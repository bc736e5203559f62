import type { Ctx } from '../src/context.js';
import type { Delivery } from '../src/delivery/delivery.model.js';
import type { Awaiting, ChatLink } from '../src/people/links/chat-link.model.js';
import { comesAfterAll } from './commands/coming-words.js';
import { isNoReason } from './commands/not-away.js';
import { callsReport, isMereNod, parseProgress } from './commands/parse-progress.js';
import { foldInPlace } from './commands/tidy.js';

/** What words without a command ask for. */
export type Meant =
  /** "NV-23 80% đã họp": a report, on the task it names. */
  | { kind: 'report'; task?: string }
  /** "NV-23" alone: what about it? */
  | { kind: 'details' }
  /** The reason for being away from a meeting. */
  | { kind: 'absence'; meetingCode: string; place?: string }
  /** Words about a meeting that say neither yes nor no for sure. */
  | { kind: 'meeting'; meetingCode: string; place?: string }
  | { kind: 'nothing' };

const NAMES_TASK = /(?<![\p{L}\d])nv[\s.\-_#:]*\d/u;

/** A task is named by its code somewhere in the words, or by its number behind "cn". */
export const namesTask = (words: string): boolean => NAMES_TASK.test(foldInPlace(words)) || callsReport(words);

/** Who comes first: a task named, then the message answered, then the question asked last, then nothing. */
export function meaningOf(ctx: Ctx, link: ChatLink, words: string, about: Pick<Delivery, 'taskCode' | 'meetingCode'> | null): Meant {
  const asked = askedNow(ctx, link);
  if (namesTask(words)) {
    const read = parseProgress(words);
    if ('task' in read && read.task) return read.kind === 'code-only' ? { kind: 'details' } : { kind: 'report', ...taskOf(about, asked) };
  }
  if (asked?.kind === 'absence' && (!about || about.meetingCode === asked.meetingCode)) return { kind: isMereNod(words) || comesAfterAll(words) || isNoReason(words) ? 'meeting' : 'absence', meetingCode: asked.meetingCode, ...(asked.place ? { place: asked.place } : {}) };
  if (about?.meetingCode) return { kind: 'meeting', meetingCode: about.meetingCode };
  const { task } = taskOf(about, asked);
  return task ? { kind: 'report', task } : { kind: 'nothing' };
}

/** The question still open in this chat. */
export const askedNow = (ctx: Ctx, link: ChatLink): Awaiting | null => (link.awaiting && link.awaiting.until > ctx.clock.now() ? link.awaiting : null);

function taskOf(about: Pick<Delivery, 'taskCode'> | null, asked: Awaiting | null): { task?: string } {
  const task = about?.taskCode ?? (asked?.kind === 'progress' ? asked.taskCode : undefined);
  return task ? { task } : {};
}
