import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../../bots/zalo/zbs/errors.js';
import { fillTemplate } from '../../../bots/zalo/zbs/fill-template.js';
import { trackingId } from '../../../bots/zalo/zbs/sender.js';
import { zbsParamTypes, type ZbsParam } from '../../../src/delivery/zbs/zbs-template.model.js';

const param = (name: string, more: Partial<ZbsParam> = {}): ZbsParam => ({ name, type: 'STRING', maxLength: 30, from: name, ...more });
const filled = (params: ZbsParam[], pieces: Record<string, string>) => fillTemplate({ params }, { params: pieces });

describe('filling a template', () => {
  test('each blank gets its piece, shortened on a word to what Zalo takes', () => {
    const params = [param('ten_nguoi', { from: 'name' }), param('noi_dung', { from: 'content', maxLength: 20 }), param('han', { from: 'dueOn', type: 'DATE', maxLength: 20 }), param('tien_do', { from: 'percent', type: 'NUMBER', maxLength: 3 })];
    const pieces = { name: 'Hoàng Văn Dật', content: 'Báo cáo tiến độ\ngiải ngân từng dự án', dueOn: '24/11/2026', percent: '40', code: 'NV-2026-00012' };
    expect(filled(params, pieces)).toEqual({ data: { ten_nguoi: 'Hoàng Văn Dật', noi_dung: 'Báo cáo tiến độ…', han: '24/11/2026', tien_do: '40' } });
  });

  test.each<[string, ZbsParam, Record<string, string>]>([
    ['a missing piece', param('a'), {}],
    ['an empty piece', param('a'), { a: ' \n ' }],
    ['a number with words', param('a', { type: 'NUMBER' }), { a: '40%' }],
    ['a number too long to be shortened', param('a', { type: 'NUMBER', maxLength: 2 }), { a: '100' }],
    ['a deadline in words where a date is asked for', param('a', { type: 'DATE' }), { a: 'thứ Ba 24/11/2026' }],
  ])('%s: nothing is sent', (_name, blank, pieces) => expect(filled([blank], pieces)).toEqual({ problem: 'a' }));

  test('a secret matter has no pieces, so no template with blanks speaks of it', () => {
    expect(fillTemplate({ params: [param('a')] }, {})).toEqual({ problem: 'a' });
  });

  test('whatever the pieces, what goes out fits its blanks', () => {
    const blanks = fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z]{1,6}$/), type: fc.constantFrom(...zbsParamTypes), maxLength: fc.integer({ min: 1, max: 60 }), from: fc.constantFrom('x', 'y') }), { selector: (p) => p.name, maxLength: 6 });
    const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.nat().map(String), fc.constant('08:00 24/11/2026'));
    fc.assert(fc.property(blanks, fc.record({ x: text, y: text }), (params, pieces) => {
      const result = filled(params, pieces);
      if ('problem' in result) return;
      for (const { name, type, maxLength } of params) {
        const value = result.data[name] ?? '';
        expect(value.length).toBeGreaterThan(0);
        expect(value.length).toBeLessThanOrEqual(maxLength);
        expect(value).not.toMatch(/[\n\r]/);
        if (type === 'NUMBER') expect(value).toMatch(/^\d+$/);
      }
    }));
  });
});

test('a delivery has one tracking id, of at most 48 plain characters', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
    expect(trackingId(a)).toMatch(/^[A-Za-z0-9]{1,48}$/);
    expect(trackingId(a) === trackingId(b)).toBe(a === b);
  }));
});

test.each([
  [-118, { kind: 'unreachable' }], [-114, { kind: 'unreachable' }], [-139, { kind: 'unreachable' }], [-133, { kind: 'unreachable' }],
  [-1121, { kind: 'unreachable' }], [-146, { kind: 'unreachable' }], [-147, { kind: 'unreachable' }],
  [-115, { kind: 'rejected' }], [-144, { kind: 'rejected' }], [-321, { kind: 'rejected' }], [-124, { kind: 'rejected' }], [-105, { kind: 'rejected' }], [-1241, { kind: 'rejected' }],
  [-32, { kind: 'retry', maybeSent: false, pauseChannel: true }], [-100, { kind: 'retry', maybeSent: true }], [-99_999, { kind: 'retry', maybeSent: true }],
])('Zalo says %i', (code, outcome) => expect(outcomeOf(code)).toMatchObject({ ...outcome, code: `zbs:${code}` }));
