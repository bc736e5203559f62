import type { Static } from '@sinclair/typebox';
import type { Task } from '../directives/task.model.js';
import { timeTag } from '../directives/time-tag.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import type { taskDetailsSchema, taskLineSchema } from './task-schemas.js';

/** A task as other systems see it in a list, with its time tag of this moment. */
export const taskLine = (task: Task, now: Date, calendar: WorkingCalendar): Static<typeof taskLineSchema> => ({
  code: task.code,
  directive: { id: task.directiveId.toString(), ...task.directive },
  content: task.content,
  urgency: task.urgency,
  secret: task.secret,
  leadAgencyCode: task.leadAgencyCode,
  coordinatingAgencyCodes: task.coordinatingAgencyCodes,
  officerId: task.officerId?.toString() ?? null,
  monitorId: task.monitorId?.toString() ?? null,
  leaderId: task.leaderId?.toString() ?? null,
  dueOn: task.dueOn,
  dueAt: iso(task.dueAt),
  originalDueOn: task.originalDueOn,
  originalDueAt: iso(task.originalDueAt),
  stage: task.stage,
  timeTag: timeTag(task, now, calendar),
  percent: task.percent,
  assignedAt: task.assignedAt.toISOString(),
  completedAt: iso(task.completedAt),
});

/** The same with what was answered, by whom and through which channel. */
export const taskDetails = (task: Task, now: Date, calendar: WorkingCalendar): Static<typeof taskDetailsSchema> => ({
  ...taskLine(task, now, calendar),
  progress: task.progress.map(({ percent, note, by, at }) => ({ percent, note, author: by.name, authorId: by.personId ?? null, channel: by.channel, at: at.toISOString() })),
  extensions: task.extensions.map(({ fromDueAt, toDueAt, toDueOn, reason, by, at }) => ({ fromDueAt: iso(fromDueAt), toDueAt: toDueAt.toISOString(), toDueOn, reason, author: by.name, at: at.toISOString() })),
  nextReminder: task.nextReminderAt ? { at: task.nextReminderAt.toISOString(), slot: task.nextReminderSlot } : null,
});

const iso = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;
