import { recordAudit } from '../audit/record-audit.js';
import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import { markAcknowledged } from '../delivery/receipts/mark-acknowledged.js';
import { strippedText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import type { Actor } from '../people/actor.js';
import { byOn } from './acts-for.js';
import { changeTask, type TaskChange } from './change-task.js';
import { mustBeText, optionalText } from './clean-text.js';
import { isOpen, nextReminder } from './reminder-times.js';
import { tellProgress } from './task-intents.js';
import { mustConcern, mustNotBeClosed } from './task-rights.js';
import type { ProgressEntry, Stage, Task } from './task.model.js';

export interface ProgressInput {
  code: string;
  /** 0 to 100; absent: a note that keeps the percent. */
  percent?: number;
  note: string;
}

const MAX_NOTE = 2_000;

/**
 * An answer on a task. 100% submits the result to the Office, which alone completes a task; a percent lower than before
 * needs a note and stands in the log. The log entry, the stage and the notice to the Office are one write.
 * Throws task-unknown, task-not-yours, task-closed, input-invalid, progress-too-long, progress-needs-reason, changed-meanwhile.
 */
export async function reportProgress(ctx: Ctx, actor: Actor, input: ProgressInput): Promise<{ task: Task; entry: ProgressEntry }> {
  // Somebody in a chat cannot see such a sign, much less mend it.
  const answer = readAnswer(actor.kind === 'person' ? { ...input, note: strippedText(input.note) } : input);
  const calendar = await loadCalendar(ctx);
  const { task, before } = await changeTask(ctx, 'report', input.code, async (current, version) => {
    await mustConcern(ctx, actor, 'task.report', current);
    mustNotBeClosed(current);
    return progressChange(ctx, current, { ...answer, by: await byOn(ctx, actor, current), version, calendar });
  });
  const entry = task.progress.find((one) => one.cause === ctx.cause);
  if (!entry) throw new Error(`No progress entry of ${ctx.cause} on ${task.code}`);
  const after = { percent: entry.percent, stage: entry.stage, note: task.secret ? null : entry.note };
  // Whoever reports has read what told them of the task.
  if (entry.by.personId) await markAcknowledged(ctx, { taskCode: task.code, personId: entry.by.personId, kinds: ['task-assigned'], until: entry.at });
  await recordAudit(ctx, actor, { action: 'task.report', entity: 'task', entityKey: task.code, before: before ? { percent: before.percent, stage: before.stage } : null, after });
  return { task, entry };
}

function readAnswer({ percent, note }: ProgressInput): { percent: number | undefined; note: string } {
  if (note.length > MAX_NOTE) throw new DomainError('progress-too-long', { path: 'note', max: MAX_NOTE });
  if (percent === undefined) return { percent, note: mustBeText(note, 'note', MAX_NOTE) };
  if (!Number.isInteger(percent) || percent < 0 || percent > 100) throw new DomainError('input-invalid', { path: 'percent', expected: 'số nguyên từ 0 đến 100' });
  return { percent, note: optionalText(note, 'note', MAX_NOTE) };
}

type Answer = { percent: number | undefined; note: string; by: ProgressEntry['by']; version: number; calendar: WorkingCalendar };

function progressChange(ctx: Ctx, task: Task, answer: Answer): TaskChange {
  const percent = answer.percent ?? task.percent;
  // A result that came back is naturally less than it was thought to be.
  if (percent < task.percent && !answer.note && task.stage !== 'returned') throw new DomainError('progress-needs-reason', { code: task.code, percent: task.percent });
  const at = ctx.clock.now();
  const stage = stageAfter(task.stage, answer.percent);
  const entry: ProgressEntry = { percent, note: answer.note, stage, by: answer.by, at, cause: ctx.cause };
  const submittedAt = stage !== 'submitted' ? null : task.stage === 'submitted' ? task.submittedAt : at;
  return {
    set: { percent, stage, submittedAt, ...replanned(task, stage, at, answer.calendar) },
    progress: entry,
    intents: [tellProgress(task, answer.version, ctx.cause)],
  };
}

/** Only an explicit 100 submits; a note leaves a submitted or paused task where it is. */
function stageAfter(stage: Stage, percent: number | undefined): Stage {
  if (percent === 100) return 'submitted';
  if (stage === 'paused' || (stage === 'submitted' && percent === undefined)) return stage;
  return 'in-progress';
}

/** Reminders stop with a submission and begin again when it is taken back; otherwise the plan stands. */
export function replanned(task: Task, stage: Stage, now: Date, calendar: WorkingCalendar): Partial<Task> {
  if (isOpen(task.stage) && isOpen(stage)) return {};
  const reminder = nextReminder({ ...task, stage }, now, calendar);
  return { nextReminderAt: reminder?.at ?? null, nextReminderSlot: reminder?.slot ?? null };
}
