import { instantAt, localDateOf } from '../kernel/local-date.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import type { Meeting } from './meeting.model.js';

/** What a step does: invite, remind the same person, call in the deputy, tell the office whom to phone. */
export type AlertAction = 'tell' | 'remind' | 'deputy' | 'office';

export interface AlertPolicy {
  /** Urgent: nobody answered for so long, and the next step follows. Milliseconds. */
  urgentGapMs: number;
  /** Regular: reminded on the working day before at this hour (Asia/Ho_Chi_Minh) … */
  dayBeforeAt: string;
  /** … and so long before the beginning. */
  beforeMs: number;
  /** A reminder closer than this to the last message is left out. */
  leastGapMs: number;
}

/** Source: the office's practice for giấy mời họp and họp hỏa tốc, as the project's brief gives it. */
export const alertPolicy: AlertPolicy = { urgentGapMs: 5 * 60_000, dayBeforeAt: '15:00', beforeMs: 60 * 60_000, leastGapMs: 60 * 60_000 };

export interface AlertStep {
  actions: AlertAction[];
  /** The step that comes next. */
  step: number;
  /** When; null: nothing more to do. Always before the meeting begins. */
  nextStepAt: Date | null;
}

/**
 * What is done now for an attendee who has not confirmed, and what comes next. Level-triggered: after a standstill the step
 * that is due is done once, and the following ones are counted from now.
 */
export function alertStep(meeting: Pick<Meeting, 'kind' | 'startsAt'>, step: number, at: { now: Date; calendar: WorkingCalendar }, policy = alertPolicy): AlertStep {
  if (at.now >= meeting.startsAt) return { actions: [], step, nextStepAt: null };
  return meeting.kind === 'urgent' ? urgentStep(meeting.startsAt, step, at.now, policy) : regularStep(meeting.startsAt, step, at, policy);
}

const urgentActions: readonly AlertAction[][] = [['tell'], ['remind'], ['deputy', 'office']];

function urgentStep(startsAt: Date, step: number, now: Date, policy: AlertPolicy): AlertStep {
  const actions = [...(urgentActions[step] ?? [])];
  const stepsLeft = urgentActions.length - 1 - step;
  if (stepsLeft <= 0) return { actions, step: urgentActions.length, nextStepAt: null };
  // A meeting that begins very soon still sees all its steps: they share what is left.
  const gap = Math.min(policy.urgentGapMs, Math.floor((startsAt.getTime() - now.getTime()) / (stepsLeft + 1)));
  return { actions, step: step + 1, nextStepAt: new Date(now.getTime() + Math.max(1, gap)) };
}

function regularStep(startsAt: Date, step: number, { now, calendar }: { now: Date; calendar: WorkingCalendar }, policy: AlertPolicy): AlertStep {
  const dayBefore = instantAt(calendar.addWorkingDays(localDateOf(startsAt), -1), policy.dayBeforeAt);
  const hourBefore = new Date(startsAt.getTime() - policy.beforeMs);
  const next = [dayBefore, hourBefore].find((slot) => slot.getTime() - now.getTime() >= policy.leastGapMs) ?? null;
  return { actions: [step === 0 ? 'tell' : 'remind'], step: step + 1, nextStepAt: next };
}
