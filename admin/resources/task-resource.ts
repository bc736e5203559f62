import { loadCalendar } from '../../src/calendar/load-calendar.js';
import type { Ctx } from '../../src/context.js';
import type { Directive } from '../../src/directives/directive.model.js';
import { timeTag, timeTags, type TimeTag } from '../../src/directives/time-tag.js';
import { timeTagFilter } from '../../src/directives/time-tag-filter.js';
import { openStages, stages, type Stage, type Task } from '../../src/directives/task.model.js';
import { fold } from '../../src/kernel/fold.js';
import { taskScope } from '../../src/people/policy.js';
import { stageWords, urgencyWords, wordOf } from '../locale/words.js';
import { tagLooks } from '../look.js';
import { dueInWords } from './due-in-words.js';
import { agencyNames } from './names.js';
import { asCode, codesMeant, containsFolded } from './find.js';
import { contains, yearOf } from './rules.js';
import type { ResourceSpec } from './scoped-resource.js';

/** Nhiệm vụ: everyone sees the ones that concern them. */
export const taskResource = (ctx: Ctx): ResourceSpec<Task> => ({
  id: 'Task',
  model: ctx.db.Task,
  key: 'code',
  title: 'code',
  columns: [
    { name: 'code', as: 'code', sort: 'code' },
    { name: 'content', as: 'clamp' },
    { name: 'agency', sort: 'leadAgencyCode' },
    { name: 'due', sort: 'dueAt' },
    { name: 'tag', as: 'tag' },
    { name: 'percent', as: 'percent', sort: 'percent' },
    { name: 'stage', sort: 'stage' },
  ],
  filters: [
    { name: 'q', as: 'search', where: async (value) => ({ $or: [{ contentFold: contains(fold(value)) }, { code: contains(asCode(value)) }, { code: { $in: codesMeant(value, yearOf(ctx)) } }, { 'directive.symbol': containsFolded(value) }, { directiveId: { $in: await directivesAbout(ctx, value) } }] }) },
    { name: 'tag', as: 'choice', choices: Object.fromEntries(timeTags.filter((tag) => tag !== 'paused').map((tag) => [tag, tagLooks[tag]?.words ?? tag])), where: async (value) => (isTimeTag(value) ? (timeTagFilter(value, ctx.clock.now(), await loadCalendar(ctx)) as Record<string, unknown>) : null) },
    { name: 'stage', as: 'choice', choices: { open: 'Đang mở', ...Object.fromEntries(reachedStages.map((stage) => [stage, wordOf(stageWords, stage)])) }, where: (value) => (value === 'open' ? { stage: { $in: [...openStages, 'submitted'] } } : (stages as readonly string[]).includes(value) ? { stage: value } : null) },
    { name: 'agency', as: 'agency', where: (value) => ({ leadAgencyCode: value }) },
    { name: 'coordinating', as: 'agency', where: (value) => ({ coordinatingAgencyCodes: value }) },
  ],
  sort: { by: 'code', direction: 'desc' },
  scope: taskScope,
  select: 'code content directive urgency secret leadAgencyCode dueAt dueOn dueByHour originalDueAt stage percent completedAt submittedAt',
  present: async (rows) => {
    const [calendar, nameOf] = [await loadCalendar(ctx), await agencyNames(ctx)];
    return rows.map((task) => ({
      code: task.code,
      codeNote: task.urgency === 'normal' ? '' : wordOf(urgencyWords, task.urgency),
      codeTone: task.urgency === 'express' ? 'bad' : 'warn',
      content: task.content,
      contentNote: `${task.directive.kind} số ${task.directive.symbol}${task.secret ? ' · Mật' : ''}`,
      agency: nameOf(task.leadAgencyCode),
      ...dueInWords(task, ctx.clock.now(), calendar),
      tag: timeTag(task, ctx.clock.now(), calendar),
      percent: task.percent,
      stage: wordOf(stageWords, task.stage),
      stageCode: task.stage,
      leadCode: task.leadAgencyCode,
    }));
  },
});

/** So many documents are looked into, the newest; a word that stands in more of them narrows nothing down. */
const DOCUMENTS = 500;

/** Documents whose summary has these words: there are far fewer of them than tasks, whose own index leads on from there. */
async function directivesAbout(ctx: Ctx, words: string): Promise<Directive['_id'][]> {
  const found = await ctx.db.Directive.find({ summary: containsFolded(words.trim()) }, { _id: 1 }).sort({ issuedOn: -1 }).limit(DOCUMENTS).lean<Pick<Directive, '_id'>[]>();
  return found.map(({ _id }) => _id);
}

/** Stages some deed leads to today; the others are kept for the deeds to come, and nobody looks for them yet. */
const reachedStages = ['new', 'acknowledged', 'in-progress', 'submitted', 'returned', 'completed'] as const satisfies readonly Stage[];

const isTimeTag = (value: string): value is TimeTag => (timeTags as readonly string[]).includes(value);
