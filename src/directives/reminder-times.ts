import { addDays, instantAt, localDateOf, type LocalDate } from '../kernel/local-date.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import { openStages, type Stage, type Task } from './task.model.js';

/** When people are reminded. Times are Vietnamese wall clock, days are working days. */
export interface ReminderPolicy {
  /** Working days before the last day, besides the day itself. */
  daysBefore: readonly number[];
  /** Time of day from which a daily reminder is ready, "HH:mm"; it leaves in the person's digest at their own hour. */
  at: string;
  /** Before a deadline that has an hour. */
  hoursBefore: number;
  /** Nobody is reminded outside of these times of day. */
  earliest: string;
  latest: string;
  /** Somebody has taken note and nothing was reported: reminded after so many working days, and again after as many. */
  silentDays: number;
}

/** The office's default; the message of assignment itself is the first reminder. */
export const defaultPolicy: ReminderPolicy = { daysBefore: [7, 3, 1], at: '06:30', hoursBefore: 2, earliest: '06:30', latest: '21:00', silentDays: 5 };

/** Hỏa tốc goes alone, passes quiet hours and still lets people sleep: when a daily reminder of it leaves, "HH:mm". */
const URGENT_AT = '07:30';
export const urgentReminderAt = (ready: Date): Date => instantAt(localDateOf(ready), URGENT_AT);

/** One planned reminder: "T-7", "T-3", "T-1", "T-0" (the day itself), "T-2h", "T+1", "T+2" … while overdue, and "A+5", "A+10" … after it was taken note of and nothing came. */
export interface Reminder {
  at: Date;
  slot: string;
}

export type ReminderFacts = Pick<Task, 'stage' | 'dueAt' | 'dueByHour'> & Partial<Pick<Task, 'acknowledgements'>>;

/** True in the stages in which somebody still has to act. */
export const isOpen = (stage: Stage): boolean => (openStages as readonly Stage[]).includes(stage);

/**
 * The first reminder strictly after `after`; null without a deadline or where nobody has to act. Never in the past: after a
 * standstill ask with the present moment, and what was missed is not made up one by one.
 */
export function nextReminder(task: ReminderFacts, after: Date, calendar: WorkingCalendar, policy = defaultPolicy): Reminder | null {
  const silent = silentAfter(task, after, calendar, policy);
  const dated = datedAfter(task, after, calendar, policy);
  return !silent || (dated && dated.at <= silent.at) ? dated : silent;
}

function datedAfter(task: ReminderFacts, after: Date, calendar: WorkingCalendar, policy: ReminderPolicy): Reminder | null {
  if (!task.dueAt || !isOpen(task.stage)) return null;
  const before = upToDeadline(task.dueAt, task.dueByHour, calendar, policy).find((reminder) => reminder.at > after);
  return before ?? overdueAfter(localDateOf(task.dueAt), after, calendar, policy);
}

/** The latest reminder due at or before `now`, or null: after a standstill the only one worth sending. */
export function latestReminder(task: ReminderFacts, now: Date, calendar: WorkingCalendar, policy = defaultPolicy): Reminder | null {
  const silent = silentBefore(task, now, calendar, policy);
  const dated = datedBefore(task, now, calendar, policy);
  return !silent || (dated && dated.at >= silent.at) ? dated : silent;
}

function datedBefore(task: ReminderFacts, now: Date, calendar: WorkingCalendar, policy: ReminderPolicy): Reminder | null {
  if (!task.dueAt || !isOpen(task.stage)) return null;
  const lastDay = localDateOf(task.dueAt);
  const daily = instantAt(localDateOf(now), policy.at) <= now ? localDateOf(now) : addDays(localDateOf(now), -1);
  const day = calendar.isWorkingDay(daily) ? daily : calendar.addWorkingDays(daily, -1);
  if (day > lastDay) return overdueOn(lastDay, day, calendar, policy);
  return upToDeadline(task.dueAt, task.dueByHour, calendar, policy).findLast((reminder) => reminder.at <= now) ?? null;
}

/** Everything up to the deadline, oldest first. */
function upToDeadline(dueAt: Date, byHour: boolean, calendar: WorkingCalendar, policy: ReminderPolicy): Reminder[] {
  const lastDay = localDateOf(dueAt);
  const slots = policy.daysBefore.map((n) => ({ at: instantAt(calendar.addWorkingDays(lastDay, -n), policy.at), slot: `T-${n}` }));
  const [ofTheDay, last] = [instantAt(lastDay, policy.at), byHour ? shortlyBefore(dueAt, policy) : null];
  // Two at once are one.
  if (last?.getTime() !== ofTheDay.getTime()) slots.push({ at: ofTheDay, slot: 'T-0' });
  if (last) slots.push({ at: last, slot: `T-${policy.hoursBefore}h` });
  return slots.filter((slot) => slot.at < dueAt).sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Some hours before, moved into the permitted times of that day. */
function shortlyBefore(dueAt: Date, policy: ReminderPolicy): Date {
  const wanted = new Date(dueAt.getTime() - policy.hoursBefore * 3_600_000);
  const day = localDateOf(wanted);
  const [earliest, latest] = [instantAt(day, policy.earliest), instantAt(day, policy.latest)];
  return wanted < earliest ? earliest : wanted > latest ? latest : wanted;
}

/** The first daily reminder of an overdue task strictly after `after`. */
function overdueAfter(lastDay: LocalDate, after: Date, calendar: WorkingCalendar, policy: ReminderPolicy): Reminder {
  const today = localDateOf(after);
  const candidate = calendar.rollForward(today > lastDay ? today : addDays(lastDay, 1));
  const first = overdueOn(lastDay, candidate, calendar, policy);
  return first.at > after ? first : overdueOn(lastDay, calendar.addWorkingDays(candidate, 1), calendar, policy);
}

const overdueOn = (lastDay: LocalDate, day: LocalDate, calendar: WorkingCalendar, policy: ReminderPolicy): Reminder => ({
  at: instantAt(day, policy.at),
  slot: `T+${calendar.workingDaysBetween(lastDay, day)}`,
});

/** A confirmation ends no matter: from when a task lies still after it. A report moves the task out of that stage. */
const takenOn = ({ stage, acknowledgements }: ReminderFacts): LocalDate | null => {
  const first = stage === 'acknowledged' ? acknowledgements?.[0] : undefined;
  return first ? localDateOf(first.at) : null;
};

/** The first reminder of a silent task strictly after `after`, before the last day; on the days of the deadline's own there is none. */
function silentAfter(task: ReminderFacts, after: Date, calendar: WorkingCalendar, policy: ReminderPolicy): Reminder | null {
  const taken = takenOn(task);
  if (!taken) return null;
  const from = Math.max(1, Math.floor(calendar.workingDaysBetween(taken, localDateOf(after)) / policy.silentDays));
  const next = silentSlots(task, { taken, from, to: from + policy.daysBefore.length + 3 }, calendar, policy);
  return next.find(({ at }) => at > after) ?? null;
}

/** The latest one due at or before `now`. */
function silentBefore(task: ReminderFacts, now: Date, calendar: WorkingCalendar, policy: ReminderPolicy): Reminder | null {
  const taken = takenOn(task);
  if (!taken) return null;
  const to = Math.floor(calendar.workingDaysBetween(taken, localDateOf(now)) / policy.silentDays);
  return silentSlots(task, { taken, from: Math.max(1, to - policy.daysBefore.length - 3), to }, calendar, policy).findLast(({ at }) => at <= now) ?? null;
}

function silentSlots(task: ReminderFacts, span: { taken: LocalDate; from: number; to: number }, calendar: WorkingCalendar, policy: ReminderPolicy): Reminder[] {
  const dated = task.dueAt ? upToDeadline(task.dueAt, task.dueByHour, calendar, policy).map(({ at }) => localDateOf(at)) : [];
  const slots: Reminder[] = [];
  for (let n = span.from; n <= span.to; n++) {
    const day = calendar.addWorkingDays(span.taken, n * policy.silentDays);
    if (task.dueAt && day >= localDateOf(task.dueAt)) break;
    if (!dated.includes(day)) slots.push({ at: instantAt(day, policy.at), slot: `A+${n * policy.silentDays}` });
  }
  return slots;
}
