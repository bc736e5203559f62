import fc from 'fast-check';
import { expect, test } from 'vitest';
import { turns, type Turned } from '../../src/delivery/turns.js';

const row = fc.record({
  lane: fc.constantFrom('urgent', 'normal'),
  taskCode: fc.constantFrom(null, 'NV-1', 'NV-2'),
  meetingCode: fc.constantFrom(null, 'HOP-1'),
  notBefore: fc.integer({ min: 0, max: 3 }).map((hours) => new Date(Date.UTC(2026, 10, 20, hours))),
});
const flowOf = ({ lane, taskCode, meetingCode, notBefore }: Turned): string | null => {
  const matter = taskCode ?? meetingCode;
  return matter && `${lane} ${matter} ${notBefore.toISOString()}`;
};

test('the first of a matter is never held back, further ones come one after the other, none waits for ever', () => {
  fc.assert(fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
    const turn = turns();
    const last = new Map<string, number>();
    for (const one of rows) {
      const [at, flow, due] = [turn(one).getTime(), flowOf(one), one.notBefore.getTime()];
      const before = flow === null ? undefined : last.get(flow);
      if (before === undefined) expect(at).toBe(due);
      else expect(at).toBeGreaterThan(before);
      expect(at).toBeGreaterThanOrEqual(due);
      if (flow !== null) last.set(flow, at);
    }
  }));
});

test('the ten-thousandth copy has its turn five minutes later, not half an hour', () => {
  const turn = turns();
  const one = { lane: 'normal', taskCode: 'NV-1', meetingCode: null, notBefore: new Date(0) };
  const at = Array.from({ length: 10_000 }, () => turn(one).getTime());
  expect(at[1_000]).toBe(33_000);
  expect(at.at(-1)).toBe(5 * 60_000);
});

test('a matter planned later comes between the copies of a large one, wherever both are due', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 290_000 }), (laterMs) => {
    const turn = turns();
    const large = Array.from({ length: 10_000 }, () => turn({ lane: 'normal', taskCode: 'NV-1', meetingCode: null, notBefore: new Date(0) }).getTime());
    const single = turns()({ lane: 'normal', taskCode: 'NV-2', meetingCode: null, notBefore: new Date(laterMs) }).getTime();
    const ahead = large.filter((at) => at <= single).length;
    expect(ahead).toBeLessThanOrEqual(Math.floor(laterMs / 33) + 1);
  }));
});
