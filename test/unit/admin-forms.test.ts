import { expect, test } from 'vitest';
import { deadlineForm, taskForm } from '../../admin/actions/fields.js';
import { dayFrom, dayInWords, dayShort, timeFrom } from '../../admin/components/day-input.js';
import { createLoginLimit } from '../../admin/login-limit.js';
import { dueInWords } from '../../admin/resources/due-in-words.js';
import { instantAt } from '../../src/kernel/local-date.js';
import { workingCalendar } from '../../src/kernel/working-calendar.js';
import { TestClock } from '../support/test-clock.js';

test.each([
  ['24/11/2026', '2026-11-24'], ['4/1/2027', '2027-01-04'], ['24.11.2026', '2026-11-24'], ['24112026', '2026-11-24'], ['24-11-2026', '2026-11-24'], ['mai', 'mai'], ['', ''],
])('a day typed as %j is %j', (typed, day) => expect(dayFrom(typed)).toBe(day));

test.each([['14', '14:00'], ['14h', '14:00'], ['14h30', '14:30'], ['1430', '14:30'], ['8.15', '08:15'], ['chiều', 'chiều']])('an hour typed as %j is %j', (typed, hour) => expect(timeFrom(typed)).toBe(hour));

test('a day is shown back with its weekday', () => {
  expect([dayInWords('2026-11-24'), dayInWords('2026-1'), dayInWords('2026-13-45'), dayShort('2026-11-24')]).toEqual(['thứ Ba 24/11/2026', '', '', '24/11/2026']);
});

test('a deadline form says a day, or an instant of Vietnamese time, or nothing', () => {
  const task = { content: 'Báo cáo', leadAgencyCode: 'STC', dueMode: 'day', dueOn: '2026-11-24', dueTime: '' };
  expect(taskForm.parse(task)).toMatchObject({ dueOn: '2026-11-24' });
  expect(taskForm.parse({ ...task, dueMode: 'hour', dueTime: '16:30' })).toMatchObject({ dueAt: instantAt('2026-11-24', '16:30') });
  expect(taskForm.parse({ ...task, dueMode: 'none' })).not.toHaveProperty('dueOn');
  expect(taskForm.safeParse({ ...task, dueOn: '2026-02-30' }).success).toBe(false);
  expect(deadlineForm.safeParse({ dueMode: 'none', reason: 'x' }).success).toBe(false);
});

test('what is left of a deadline, in words', () => {
  const calendar = workingCalendar([]);
  const task = { dueOn: '2026-11-24', dueAt: new Date('2026-11-24T16:59:59.999Z'), dueByHour: false, stage: 'new' as const, submittedAt: null };
  const at = (now: string) => dueInWords(task, new Date(now), calendar).dueNote;
  expect(at('2026-11-20T01:00:00Z')).toBe('còn 2 ngày làm việc');
  expect(at('2026-11-24T10:00:00Z')).toBe('đến hạn hôm nay');
  expect(at('2026-11-26T01:00:00Z')).toBe('quá hạn 2 ngày');
  expect(dueInWords({ ...task, stage: 'completed' }, new Date('2026-12-01T00:00:00Z'), calendar)).toEqual({ due: '24/11/2026', dueNote: '' });
  expect(dueInWords({ ...task, dueOn: null, dueAt: null }, new Date('2026-12-01T00:00:00Z'), calendar).due).toBe('Không hạn');
});

test('ten failures close the door for fifteen minutes, for that key only', () => {
  const clock = new TestClock('2026-11-20T01:00:00Z');
  const limit = createLoginLimit(clock);
  for (let n = 0; n < 10; n++) limit.failed('a');
  expect([limit.blocked('a'), limit.blocked('b')]).toEqual([true, false]);
  clock.advance({ minutes: 15 });
  expect(limit.blocked('a')).toBe(false);
});
