import { loadCalendar } from '../../src/calendar/load-calendar.js';
import type { Ctx } from '../../src/context.js';
import { timeTag } from '../../src/directives/time-tag.js';
import type { Task } from '../../src/directives/task.model.js';
import { DomainError } from '../../src/kernel/errors.js';
import { formatDay } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import { mustBeAllowed, taskScope } from '../../src/people/policy.js';
import { stageWords, urgencyWords, wordOf } from '../locale/words.js';
import { dueInWords } from '../resources/due-in-words.js';
import { agencyNames } from '../resources/names.js';

/** A document with those of its tasks the actor may read. Throws directive-unknown, forbidden. */
export async function directiveDetail(ctx: Ctx, actor: Actor, id: string) {
  mustBeAllowed(actor, 'task.read');
  const directive = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.Directive.findById(id).lean().exec() : null;
  const scope = taskScope(actor);
  if (!directive || !scope) throw new DomainError('directive-unknown');
  const [calendar, agencyOf, tasks] = await Promise.all([
    loadCalendar(ctx),
    agencyNames(ctx),
    ctx.db.Task.find({ $and: [scope, { directiveId: directive._id }] }).sort({ code: 1 }).lean<Task[]>().exec(),
  ]);
  return {
    symbol: directive.symbol,
    kind: directive.kind,
    issuedOn: formatDay(directive.issuedOn),
    signer: directive.signer,
    summary: directive.summary,
    urgency: wordOf(urgencyWords, directive.urgency),
    secret: directive.secret,
    agency: agencyOf(directive.agencyCode),
    tasks: tasks.map((task) => ({
      code: task.code,
      content: task.content,
      agency: agencyOf(task.leadAgencyCode),
      ...dueInWords(task, ctx.clock.now(), calendar),
      tag: timeTag(task, ctx.clock.now(), calendar),
      percent: task.percent,
      stage: wordOf(stageWords, task.stage),
    })),
  };
}
