import { yearOf } from '../../src/kernel/local-date.js';
import type { Ctx } from '../../src/context.js';
import { actsFor } from '../../src/directives/acts-for.js';
import { openTasksOf } from '../../src/directives/find-tasks.js';
import { isOpen } from '../../src/directives/reminder-times.js';
import { comingMeetingsOf } from '../../src/meetings/find-meetings.js';
import type { Actor } from '../../src/people/actor.js';
import { can } from '../../src/people/policy.js';
import { leadsProvince } from '../../src/people/presiding.js';
import { shortCode } from '../../src/texts/common-texts.js';
import type { ExampleCodes } from '../../src/texts/help-texts.js';

/** The reader's own newest codes (first of tasks they report on), for examples that can be typed as they stand; secret tasks are never named. */
export async function ownCodes(ctx: Ctx, actor: Actor): Promise<ExampleCodes> {
  const year = yearOf(ctx.clock.now());
  const newest = (rows: readonly { code: string }[]): string | undefined => rows.map(({ code }) => code).sort().at(-1);
  const open = (await openTasksOf(ctx, actor)).filter(({ secret }) => !secret);
  const absent = await actsFor(ctx, actor);
  const task = newest(open.filter((one) => isOpen(one.stage) && can(actor, 'task.report', { ...one, actsFor: absent }))) ?? newest(open);
  const meeting = newest(await comingMeetingsOf(ctx, actor));
  return { ...(task ? { task: shortCode(task, year) } : {}), ...(meeting ? { meeting: shortCode(meeting, year) } : {}) };
}

/** A leader of the province: gives tasks and presides, reports on none. */
export async function onlyPresides(ctx: Ctx, actor: Actor): Promise<boolean> {
  return actor.kind === 'person' && !actor.roles.includes('officer') && leadsProvince(ctx, actor);
}
