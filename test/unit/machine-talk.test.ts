import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANSWERS_IN_A_ROW, mattersOf, printOf, rowOf, type Turn } from '../../bots/machine-talk.js';

interface Line {
  text: string;
  /** Seconds after the answer before. */
  after?: number;
  unclear?: boolean;
  matter?: string;
}

/** Rows of a conversation, each message answered at once. */
function rows(channel: 'telegram' | 'email', lines: readonly Line[], kind: 'text' | 'button' = 'text'): number[] {
  let at = Date.UTC(2026, 10, 20);
  const turns: Turn[] = [];
  for (const [i, { text, after = 1, unclear = false, matter }] of lines.entries()) {
    at += after * 1_000;
    const turn = { cause: String(i), written: at, at, matter: matter ?? mattersOf(text), print: printOf(text), unclear };
    turns.push({ ...turn, row: rowOf({ channel, kind }, turn, turns.slice(-8)) });
  }
  return turns.map(({ row }) => row);
}
const times = (n: number, line: (i: number) => Line): Line[] => Array.from({ length: n }, (_, i) => line(i));
const stopped = (found: readonly number[]): boolean => found.some((row) => row >= ANSWERS_IN_A_ROW);

describe('a machine', () => {
  test('says the same with another time in it: five answers, then none', () => {
    expect(rows('telegram', times(7, (i) => ({ text: `Hiện tôi đang bận (10:3${i})`, after: 30, unclear: true })))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
  test('answers within seconds, each time in other words', () => {
    expect(stopped(rows('telegram', times(7, (i) => ({ text: `câu ${'abcdefg'[i]}`, unclear: true }))))).toBe(true);
  });
  test('answers every letter within the minute', () => {
    expect(stopped(rows('email', times(7, (i) => ({ text: `đang đi công tác ${'abcdefg'[i]}`, after: 20, matter: 'nv-1' }))))).toBe(true);
  });
  test('says two things by turns', () => {
    expect(stopped(rows('email', times(8, (i) => ({ text: i % 2 ? 'đang bận' : 'đi vắng', after: 600, matter: 'nv-1' }))))).toBe(true);
  });
});

describe('a person', () => {
  test('reports on any tasks, one after the other, as quickly as they like', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 9_999 }), { minLength: 5, maxLength: 40 }), fc.constantFrom('telegram' as const, 'email' as const), fc.integer({ min: 0, max: 60 }), (numbers, channel, after) => {
      expect(rows(channel, numbers.map((n) => ({ text: `NV-${n} 60% đã họp các đơn vị`, after })))).toEqual(numbers.map(() => 0));
    }));
  });
  test('reports other percents on one task', () => {
    expect(rows('telegram', times(9, (i) => ({ text: `NV-1 ${i * 10}%` })))).toEqual(Array.from({ length: 9 }, () => 0));
  });
  test('asks the same every few minutes, and taps buttons as fast as they can', () => {
    expect(stopped(rows('telegram', times(12, () => ({ text: '/nhiemvu', after: 180 }))))).toBe(false);
    expect(stopped(rows('telegram', times(12, () => ({ text: '/nhiemvu', after: 0 })), 'button'))).toBe(false);
  });
  test('is not understood five times, thinking in between', () => {
    expect(stopped(rows('telegram', times(9, (i) => ({ text: `việc ${'abcdefghi'[i]}`, after: 20, unclear: true }))))).toBe(false);
  });
  test('ends the row of a machine', () => {
    expect(rows('telegram', [...times(7, () => ({ text: 'đang bận', after: 30 })), { text: 'NV-1 60%', after: 30 }]).at(-1)).toBe(0);
  });
});

test('what a report says stays in the print; times, dates, signs and marks do not', () => {
  const same = (a: string, b: string): boolean => printOf(a) === printOf(b);
  expect([same('Bận đến 10:30 22/11', 'bận  đến 11:45, 23/11!'), same('NV-1 60%', 'NV-2 60%'), same('NV-1 60%', 'NV-1 70%'), same('HOP-1', 'NV-1'), same('nv 2026-00001 60 %', 'NV-1 60%')]).toEqual([true, false, false, false, true]);
});
