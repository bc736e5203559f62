import { loadCalendar } from '../src/calendar/load-calendar.js';
import type { Ctx } from '../src/context.js';
import { timeTags, type TimeTag } from '../src/directives/time-tag.js';
import { timeTagFilter } from '../src/directives/time-tag-filter.js';
import { openStages, type Task } from '../src/directives/task.model.js';
import type { WorkingCalendar } from '../src/kernel/working-calendar.js';
import { addDays, formatTime, formatWeekday, instantAt, localDateOf } from '../src/kernel/local-date.js';
import type { Meeting } from '../src/meetings/meeting.model.js';
import { can, taskScope } from '../src/people/policy.js';
import { currentUser } from './current.js';
import { stageWords, wordOf } from './locale/words.js';
import { formerDue, leftInWords } from './resources/due-in-words.js';
import { recentProblems } from './resources/delivery-resource.js';
import { hasConfirmed, meetingScope } from './resources/meeting-resource.js';
import { agencyNames, shortAgencyNames } from './resources/names.js';
import type { Query } from './resources/scoped-resource.js';

const SHOWN = 8;

/** The office's morning at a glance, of what this account may read: AdminJS calls it without any check of its own. */
export async function dashboard(ctx: Ctx) {
  const actor = currentUser()?.actor;
  if (!actor) return {};
  const now = ctx.clock.now();
  const [counts, submitted, agencies, overdue, meetings, failed] = await Promise.all([
    countsByTag(ctx, taskScope(actor), now),
    countSubmitted(ctx, taskScope(actor)),
    countsByAgency(ctx, taskScope(actor), now),
    overdueTasks(ctx, taskScope(actor), now),
    meetingsToday(ctx, meetingScope(actor), now),
    can(actor, 'delivery.read') ? ctx.db.Delivery.countDocuments((await recentProblems(ctx)) as never) : null,
  ]);
  return {
    today: formatWeekday(localDateOf(now)),
    todayOn: localDateOf(now),
    may: { assign: can(actor, 'task.assign'), meet: can(actor, 'meeting.write') },
    counts,
    submitted,
    agencies,
    overdue,
    meetings,
    failed,
  };
}

async function countsByTag(ctx: Ctx, scope: Query | null, now: Date): Promise<{ tag: TimeTag; count: number }[]> {
  const calendar = await loadCalendar(ctx);
  return Promise.all(timeTags.map(async (tag) => ({ tag, count: scope ? await ctx.db.Task.countDocuments({ $and: [scope, timeTagFilter(tag, now, calendar)] } as never) : 0 })));
}

/** Results that wait for the Office. */
const countSubmitted = (ctx: Ctx, scope: Query | null): Promise<number> =>
  scope ? ctx.db.Task.countDocuments({ $and: [scope, { stage: 'submitted' }] } as never).exec() : Promise.resolve(0);

/** Open tasks stand in exactly one of these; what waits for the Office is open too. */
const charted = ['overdue', 'due-soon', 'on-track', 'no-deadline', 'submitted'] as const;
type Charted = (typeof charted)[number];

const chartFilter = (part: Charted, now: Date, calendar: WorkingCalendar): Query =>
  part === 'submitted' ? { stage: 'submitted' } : { $and: [timeTagFilter(part, now, calendar) as Query, { stage: { $in: [...openStages] } }] };

/** Open tasks by lead agency and time, those with most overdue first. */
async function countsByAgency(ctx: Ctx, scope: Query | null, now: Date) {
  if (!scope) return [];
  const [calendar, nameOf, shortOf] = [await loadCalendar(ctx), await agencyNames(ctx), await shortAgencyNames(ctx)];
  const groups = await Promise.all(charted.map((part) => ctx.db.Task.aggregate<{ _id: string; count: number }>([{ $match: { $and: [scope, chartFilter(part, now, calendar)] } }, { $group: { _id: '$leadAgencyCode', count: { $sum: 1 } } }]).exec()));
  const rows = new Map<string, Record<Charted, number>>();
  groups.forEach((group, at) => group.forEach(({ _id, count }) => rows.set(_id, { ...(rows.get(_id) ?? { overdue: 0, 'due-soon': 0, 'on-track': 0, 'no-deadline': 0, submitted: 0 }), [charted[at] ?? 'on-track']: count })));
  return [...rows]
    .map(([code, counts]) => ({ code, name: nameOf(code), short: shortOf(code), ...counts }))
    .sort((a, b) => b.overdue - a.overdue || b['due-soon'] - a['due-soon'] || b['on-track'] - a['on-track'] || b.submitted - a.submitted || a.name.localeCompare(b.name, 'vi'));
}

/** The longest overdue first. */
async function overdueTasks(ctx: Ctx, scope: Query | null, now: Date) {
  if (!scope) return [];
  const [calendar, nameOf] = [await loadCalendar(ctx), await agencyNames(ctx)];
  const tasks = await ctx.db.Task.find({ $and: [scope, timeTagFilter('overdue', now, calendar)] } as never).sort({ dueAt: 1 }).limit(SHOWN).lean<Task[]>().exec();
  return tasks.map((task) => ({ code: task.code, content: task.content, agency: nameOf(task.leadAgencyCode), percent: task.percent, stage: wordOf(stageWords, task.stage), due: task.dueAt ? formerDue(task.dueAt, task.dueOn ?? undefined) : '', dueNote: leftInWords(task, now, calendar) }));
}

async function meetingsToday(ctx: Ctx, scope: Query | null, now: Date) {
  const today = localDateOf(now);
  if (!scope) return null;
  const day = { startsAt: { $gte: instantAt(today, '00:00'), $lt: instantAt(addDays(today, 1), '00:00') } };
  const meetings = await ctx.db.Meeting.find({ $and: [scope, day] } as never).sort({ startsAt: 1 }).lean<Meeting[]>().exec();
  return meetings.map((meeting) => ({
    code: meeting.code,
    title: meeting.title,
    time: formatTime(meeting.startsAt),
    place: meeting.place,
    urgent: meeting.kind === 'urgent',
    cancelled: meeting.status === 'cancelled',
    confirmed: meeting.attendees.filter(hasConfirmed).length,
    invited: meeting.attendees.length,
  }));
}
