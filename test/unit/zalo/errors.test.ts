import { expect, test } from 'vitest';
import { outcomeOf } from '../../../bots/zalo/oa/errors.js';

const noon = new Date('2026-11-20T05:00:00Z');

test.each([
  [-230, 'unreachable', 'silent for more than 7 days: another channel, never again here'],
  [-232, 'unreachable', 'never wrote to the OA'],
  [-211, 'unreachable', 'out of quota'],
  [-244, 'unreachable', 'the person switched this type off'],
  [-218, 'unreachable', "the person's quota"],
  [-32, 'retry', 'too fast'],
  [-100, 'retry', 'unknown'],
  [-200, 'retry', 'send failed, perhaps'],
  [-99999, 'retry', 'a code nobody has seen'],
  [-224, 'rejected', 'the package, not the window'],
  [-216, 'rejected', 'token refused twice'],
  [-235, 'rejected', 'wrong type of OA'],
  [-321, 'rejected', 'out of money'],
  [112, 'rejected', 'app not linked'],
])('%i -> %s (%s)', (code, kind) => {
  expect(outcomeOf(code, '', noon)).toMatchObject({ kind, code: `zalo:${code}` });
});

test('people who left are marked, people who are silent are not', () => {
  expect(outcomeOf(-213, '', noon)).toMatchObject({ dead: true });
  expect(outcomeOf(-227, '', noon)).toMatchObject({ dead: true });
  expect(outcomeOf(-230, '', noon)).not.toHaveProperty('dead');
});

test('-201 is one person where it names the user id, our bug where it names anything else', () => {
  expect(outcomeOf(-201, 'user_id is invalid', noon)).toMatchObject({ kind: 'unreachable', dead: true });
  expect(outcomeOf(-201, 'payload is invalid', noon)).toMatchObject({ kind: 'rejected' });
});

test('only errors that may hide a delivery say so', () => {
  const maybe = [-32, -100, -200, -234, -240, -777].map((code) => [code, outcomeOf(code, '', noon)]);
  expect(maybe.filter(([, o]) => (o as { maybeSent?: boolean }).maybeSent).map(([code]) => code)).toEqual([-100, -200, -777]);
});

test('too fast pauses the whole OA, not one person', () => {
  expect(outcomeOf(-32, '', noon)).toMatchObject({ pauseChannel: true, afterMs: 60_000 });
});

test('a type that is closed at night waits for six in the morning in Vietnam', () => {
  const after = (instant: string) => outcomeOf(-234, '', new Date(instant));
  expect(after('2026-11-20T15:30:00Z')).toMatchObject({ afterMs: 7.5 * 3_600_000 }); // 22:30
  expect(after('2026-11-20T22:59:00Z')).toMatchObject({ afterMs: 60_000 }); // 05:59
});
