import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workingCalendar } from '../../src/kernel/working-calendar.js';
import { alertStep, type AlertAction } from '../../src/meetings/escalation-steps.js';

const calendar = workingCalendar([]);
const minutes = (date: Date | null, from: Date): number | null => (date ? (date.getTime() - from.getTime()) / 60_000 : null);

/** All steps of an attendee who never answers, as [minutes after the call, actions]. */
function silent(kind: 'urgent' | 'regular', calledAt: Date, startsAt: Date): [number, AlertAction[]][] {
  const steps: [number, AlertAction[]][] = [];
  let [now, step]: [Date | null, number] = [calledAt, 0];
  while (now) {
    const done = alertStep({ kind, startsAt }, step, { now, calendar });
    steps.push([minutes(now, calledAt) ?? 0, done.actions]);
    [now, step] = [done.nextStepAt, done.step];
  }
  return steps;
}

const calledAt = new Date('2026-11-23T02:00:00Z'); // Monday 09:00

test('urgent: at once, again after 5 minutes, after 10 the deputy and the office', () => {
  expect(silent('urgent', calledAt, new Date('2026-11-23T09:00:00Z'))).toEqual([[0, ['tell']], [5, ['remind']], [10, ['deputy', 'office']]]);
});

test('urgent and very near: all steps still fit before it begins', () => {
  const steps = silent('urgent', calledAt, new Date(calledAt.getTime() + 6 * 60_000));
  expect(steps).toEqual([[0, ['tell']], [2, ['remind']], [4, ['deputy', 'office']]]);
});

describe('regular', () => {
  const at = (iso: string): number => (new Date(iso).getTime() - calledAt.getTime()) / 60_000;
  test('at once, the working day before at 15:00, and an hour before', () => {
    expect(silent('regular', calledAt, new Date('2026-11-30T01:30:00Z'))).toEqual([
      [0, ['tell']],
      [at('2026-11-27T08:00:00Z'), ['remind']], // Friday 15:00 for Monday
      [at('2026-11-30T00:30:00Z'), ['remind']],
    ]);
  });
  test('called late: reminders too close to the call are left out', () => {
    expect(silent('regular', calledAt, new Date('2026-11-23T03:30:00Z'))).toEqual([[0, ['tell']]]);
    expect(silent('regular', calledAt, new Date('2026-11-23T09:00:00Z'))).toEqual([[0, ['tell']], [at('2026-11-23T08:00:00Z'), ['remind']]]);
  });
  test('after a standstill one reminder goes out, not two', () => {
    const step = alertStep({ kind: 'regular', startsAt: new Date('2026-11-30T01:30:00Z') }, 1, { now: new Date('2026-11-30T01:00:00Z'), calendar });
    expect(step).toEqual({ actions: ['remind'], step: 2, nextStepAt: null });
  });
});

test('nothing once it has begun; every chain ends, in order, before the beginning', () => {
  const span = fc.integer({ min: 1, max: 30 * 24 * 3_600 }).map((s) => s * 1_000);
  fc.assert(fc.property(fc.constantFrom('urgent', 'regular'), span, (kind, ms) => {
    const startsAt = new Date(calledAt.getTime() + ms);
    expect(alertStep({ kind, startsAt }, 0, { now: startsAt, calendar })).toMatchObject({ actions: [], nextStepAt: null });
    const steps = silent(kind, calledAt, startsAt);
    expect(steps.length).toBeLessThanOrEqual(3);
    expect(steps.every(([at], i) => at < ms / 60_000 && (i === 0 || at > (steps[i - 1]?.[0] ?? 0)))).toBe(true);
    expect(steps.flatMap(([, actions]) => actions).filter((a) => a === 'tell')).toHaveLength(1);
    if (kind === 'urgent' && ms > 10) expect(steps.at(-1)?.[1]).toEqual(['deputy', 'office']);
  }));
});
