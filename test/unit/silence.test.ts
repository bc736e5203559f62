import { expect, test } from 'vitest';
import { defaultPolicy } from '../../src/delivery/policy.js';
import { silentAt } from '../../src/delivery/receipts/silence.js';

const at = new Date('2026-11-23T01:00:00Z');
const row = { lane: 'normal', kind: 'task-reminder', chat: null, personId: 'p', channel: 'zalo' };
/** Minutes until a message counts as unheard; null: never. */
const wait = (more: object, unheardMs?: number): number | null => {
  const silent = silentAt({ ...row, ...more } as never, at, defaultPolicy, unheardMs);
  return silent && (silent.getTime() - at.getTime()) / 60_000;
};

test.each<[what: string, delivery: object, ofTemplate: number | undefined, minutes: number | null]>([
  ['a reminder on Zalo', {}, undefined, null],
  ['what begins something', { kind: 'task-assigned' }, undefined, 1_440],
  ['urgent', { lane: 'urgent' }, undefined, 3],
  ['any kind as a template message', { channel: 'zbs' }, undefined, 30],
  ['what begins something as a template message', { channel: 'zbs', kind: 'task-assigned' }, undefined, 30],
  ['as its template says', { channel: 'zbs' }, 45, 45],
  ['longer for a reminder', { channel: 'zbs' }, 600, 600],
  ['urgent never waits longer than urgent matters do', { channel: 'zbs', lane: 'urgent' }, 45, 3],
  ['urgent, shorter', { channel: 'zbs', lane: 'urgent' }, 2, 2],
  ['an answer', { channel: 'zbs', kind: 'reply' }, 45, null],
  ['a test to one\'s own phone', { channel: 'zbs', chat: { channel: 'zbs', to: '84912345678' } }, 45, null],
  ['to nobody in particular', { channel: 'zbs', personId: null }, 45, null],
])('%s', (_what, delivery, ofTemplate, minutes) => {
  expect(wait(delivery, ofTemplate === undefined ? undefined : ofTemplate * 60_000)).toBe(minutes);
});
