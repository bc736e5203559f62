import { expect, test } from 'vitest';
import { endingAt, GRANT_DAYS, grantEnd } from '../../bots/zalo/oa/ending.js';

const issuedAt = new Date('2026-11-20T01:00:00Z');
const grant = { issuedAt, obtainedAt: null, lost: null };
const before = (days: number) => endingAt(grant, new Date(issuedAt.getTime() + (GRANT_DAYS - days) * 86_400_000));

test.each([
  [89, undefined, undefined], [14.01, undefined, undefined], [14, 14, 14], [10, 14, 10], [7, 7, 7], [3.5, 7, 3], [3, 3, 3], [1, 1, 1], [0.5, 1, 0], [-2, 1, 0],
])('%d days before the end: step %s, %s days left', (days, step, left) => {
  expect([before(days)?.step, before(days)?.daysLeft]).toEqual([step, left]);
});

test('the sentence says the day and what to do', () => {
  expect(before(7)?.words).toBe('Zalo OA: quyền truy cập hết hạn ngày 17/02/2027 (còn 7 ngày), đề nghị quản trị OA cấp quyền lại ở trang Kênh.');
  expect(before(0.2)?.words).toContain('dưới một ngày');
});

test('documents of earlier versions count from the last refresh; an unknown age or a lost grant warns of nothing', () => {
  const now = new Date('2027-02-16T01:00:00Z');
  expect(grantEnd({ obtainedAt: issuedAt })).toEqual(new Date('2027-02-17T01:00:00Z'));
  expect(endingAt({ issuedAt: null, obtainedAt: null, lost: null }, now)).toBeNull();
  expect(endingAt({ ...grant, lost: { at: now, code: 'x', interrupted: false } }, now)).toBeNull();
});
