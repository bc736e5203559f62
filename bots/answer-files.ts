import { formatDay, formatTime, localDateOf } from '../src/kernel/local-date.js';
import type { Ctx } from '../src/context.js';
import { getTask } from '../src/directives/find-tasks.js';
import { reportProgress } from '../src/directives/report-progress.js';
import type { Task } from '../src/directives/task.model.js';
import type { FileOwner, StoredFile } from '../src/files/file.model.js';
import { keepFile } from '../src/files/keep-file.js';
import type { Download, InboundFile } from '../src/inbox/download.js';
import type { AnyInbound, InboundSms } from '../src/inbox/inbound.js';
import { DomainError, type ErrorCode } from '../src/kernel/errors.js';
import type { Person } from '../src/people/person.model.js';
import { personActor } from '../src/people/receivers.js';
import { refused } from '../src/texts/chat-texts.js';
import { filesAdded, filesAsNote, withFiles, type FileProblem, type FileResult } from '../src/texts/file-texts.js';
import type { Message } from '../src/texts/message.js';
import { notInChat } from '../src/texts/progress-texts.js';

/** A file sent so long after a report still belongs to it. */
const AFTER_REPORT_MS = 10 * 60_000;
/** All files of one message together; the inbox's lease is longer. */
const PATIENCE_MS = 20_000;

/** A report the files go with. */
type Report = Extract<FileOwner, { kind: 'progress' }>;

/** A message from a chat or a mail. */
type WithFiles = Pick<Exclude<AnyInbound, InboundSms>, 'channel' | 'attachments'>;

export interface FilesFrom {
  person: Person;
  download: Download | undefined;
}

/** Words and files together: the words were worked on first and `said` is the answer to them; the files go with the report they made. */
export async function wordsWithFiles(ctx: Ctx, message: WithFiles, said: Message, from: FilesFrom): Promise<Message> {
  const report = await reportOf(ctx, from.person);
  const files = message.attachments ?? [];
  if (!report) return withFiles(said, { kept: [], failed: files.map(({ name = '' }) => ({ name, problem: 'no-task' as const })) });
  return withFiles(said, await keepAll(ctx, files, { ...from, report }));
}

/**
 * Files without words: they go with the report this person made within the last ten minutes, or are a report themselves on
 * the task they answer (`task`). What answers a message about a meeting goes with no report. Undefined: they belong to nothing, and nothing is kept.
 */
export async function filesAlone(ctx: Ctx, message: WithFiles, from: FilesFrom & { task: string | undefined; aboutMeeting?: boolean }): Promise<Message | undefined> {
  const files = message.attachments ?? [];
  try {
    const report = (await knownOf(ctx)) ?? (await reportOf(ctx, from.person)) ?? (from.task ? await newReport(ctx, message, { ...from, task: from.task }) : from.aboutMeeting ? null : await recentReport(ctx, from.person));
    if (!report) return undefined;
    return report === 'secret' ? notInChat() : filesAdded(report.code, await keepAll(ctx, files, { ...from, report }));
  } catch (error) {
    if (error instanceof DomainError) return refused(error);
    throw error;
  }
}

/** Where this very message's files went before a crash. */
async function knownOf(ctx: Ctx): Promise<Report | null> {
  const file = await ctx.db.StoredFile.findOne({ key: keyOf(ctx, 0) }).lean<StoredFile>();
  return file?.owner.kind === 'progress' ? file.owner : null;
}

/** The report this very message made, by this person; for whose agency is the report's matter. */
async function reportOf(ctx: Ctx, { _id }: Person): Promise<Report | null> {
  const own = { $elemMatch: { cause: ctx.cause, 'by.personId': _id.toString() } };
  const task = await ctx.db.Task.findOne({ secret: { $ne: true }, progress: own } as never, { code: 1 }).lean<Task>();
  return task ? { kind: 'progress', code: task.code, cause: ctx.cause } : null;
}

async function recentReport(ctx: Ctx, person: Person): Promise<Report | null> {
  const since = new Date(ctx.clock.now().getTime() - AFTER_REPORT_MS);
  const byMe = { 'by.personId': person._id.toString(), at: { $gte: since } };
  const tasks = await ctx.db.Task.find({ secret: { $ne: true }, progress: { $elemMatch: byMe } }).lean<Task[]>();
  const mine = tasks.flatMap(({ code, progress }) => progress.filter(({ by, at }) => by.personId === byMe['by.personId'] && at >= since).map(({ at, cause }) => ({ code, at, cause })));
  const last = mine.sort((a, b) => a.at.getTime() - b.at.getTime()).at(-1);
  return last ? { kind: 'progress', code: last.code, cause: last.cause } : null;
}

/** The text first, in which the files are named: what cannot be fetched afterwards was at least announced. */
async function newReport(ctx: Ctx, { channel, attachments = [] }: WithFiles, { person, task }: { person: Person; task: string }): Promise<Report | 'secret'> {
  const actor = personActor(person, channel);
  const { code, secret } = await getTask(ctx, actor, task);
  if (secret) return 'secret';
  await reportProgress(ctx, actor, { code, note: filesAsNote(attachments.map(({ name = '' }) => name)) });
  return { kind: 'progress', code, cause: ctx.cause };
}

const keyOf = (ctx: Ctx, n: number): string => `in:${ctx.cause}:${n}`;

async function keepAll(ctx: Ctx, files: readonly InboundFile[], from: FilesFrom & { report: Report }): Promise<FileResult> {
  const result: FileResult = { kept: [], failed: [] };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (const [n, file] of files.entries()) {
    const kept = await keepOne(ctx, file, { ...from, key: keyOf(ctx, n), signal });
    if ('problem' in kept) {
      ctx.log.warn({ event: 'file.not-kept', problem: kept.problem });
      result.failed.push({ name: file.name ?? '', problem: kept.problem });
    } else result.kept.push({ name: kept.name, size: kept.size });
  }
  return result;
}

/** A photo comes without a name: by when it came it is told from the others. The ending follows from its bytes. */
const nameByTime = ({ kind }: InboundFile, at: Date): string => `${kind === 'image' ? 'ảnh' : 'tệp'} ${formatDay(localDateOf(at)).replaceAll('/', '-')} ${formatTime(at).replace(':', 'h')}`;

const problems: Partial<Record<ErrorCode, FileProblem>> = { 'file-too-large': 'too-large', 'file-type-unsupported': 'type-unsupported', 'file-empty': 'empty' };

async function keepOne(ctx: Ctx, file: InboundFile, { key, signal, report, person, download }: FilesFrom & { report: Report; key: string; signal: AbortSignal }): Promise<StoredFile | { problem: FileProblem }> {
  const known = await ctx.db.StoredFile.findOne({ key }).lean<StoredFile>();
  if (known) return known;
  if (!download) return { problem: 'not-supported' };
  const first = await download(file, signal);
  // Once more: a phone's network, or the provider's, hiccups.
  const got = first.kind === 'failed' && first.problem === 'not-downloaded' && !signal.aborted ? await download(file, signal) : first;
  if (got.kind === 'failed') return { problem: got.problem };
  try {
    return await keepFile(ctx, { key, name: file.name ?? got.name ?? nameByTime(file, ctx.clock.now()), bytes: got.bytes, owner: report, by: person.name, rule: 'incoming' });
  } catch (error) {
    const problem = error instanceof DomainError ? problems[error.code] : undefined;
    if (problem) return { problem };
    throw error;
  }
}
