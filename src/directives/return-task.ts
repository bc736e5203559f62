import { recordAudit } from '../audit/record-audit.js';
import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import { byOf, type Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { changeTask } from './change-task.js';
import { mustBeText } from './clean-text.js';
import { replanned } from './report-progress.js';
import { receiversOf, tellReturned } from './task-intents.js';
import { mustNotBeClosed } from './task-rights.js';
import type { Task } from './task.model.js';

/**
 * The Office returns a result: it counts as not completed, the percent goes back to what was last reported before the
 * submission (where nothing was, it stands as reported), and reminders begin again. Throws forbidden, input-invalid, task-unknown, task-closed, task-not-submitted, changed-meanwhile.
 */
export async function returnTask(ctx: Ctx, actor: Actor, input: { code: string; reason: string }): Promise<Task> {
  const reason = mustBeText(input.reason, 'reason', 2_000);
  const calendar = await loadCalendar(ctx);
  const { task, before } = await changeTask(ctx, 'return', input.code, async (current, version) => {
    mustBeAllowed(actor, 'task.return', current);
    mustNotBeClosed(current);
    if (current.stage !== 'submitted') throw new DomainError('task-not-submitted', { code: current.code });
    const now = ctx.clock.now();
    const percent = percentBeforeSubmission(current);
    return {
      set: { stage: 'returned', percent, submittedAt: null, ...replanned(current, 'returned', now, calendar) },
      progress: { percent, note: reason, stage: 'returned', by: byOf(actor), at: now, cause: ctx.cause },
      intents: [tellReturned(current, await receiversOf(ctx, current), version)],
    };
  });
  await recordAudit(ctx, actor, {
    action: 'task.return', entity: 'task', entityKey: task.code,
    before: before ? { stage: before.stage, percent: before.percent } : null,
    after: { stage: task.stage, percent: task.percent, reason: task.secret ? null : reason },
  });
  return task;
}

const percentBeforeSubmission = (task: Task): number => task.progress.findLast((entry) => entry.percent < 100)?.percent ?? task.percent;
