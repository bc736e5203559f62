import { expect, test } from 'vitest';
import { isTokenRefused, outcomeOf } from '../../../bots/zalo/oa/errors.js';
import type { SendOutcome } from '../../../src/delivery/sender.js';

const noon = new Date('2026-11-20T05:00:00Z');

/** What an outcome does to the person and to the channel. */
function deed(outcome: SendOutcome): string {
  if (outcome.kind === 'retry') return outcome.pauseChannel ? 'pause' : outcome.maybeSent ? 'unsure' : 'again';
  return outcome.kind === 'unreachable' ? (outcome.dead ? 'gone' : 'elsewhere') : outcome.kind === 'rejected' ? 'stop' : 'accepted';
}

/** Zalo's official table of error numbers with what each asks of us; every row of it, and those of no row. */
test.each<[number, string, string]>([
  [-32, 'rate limit of app or OA', 'pause'],
  [-100, 'unknown, or an attachment that expired', 'unsure'],
  [-200, 'send failed, yet some arrived', 'unsure'],
  [-204, 'OA disabled', 'stop'], [-205, 'OA not found', 'stop'],
  [-209, 'app not activated', 'stop'], [-212, 'API not registered', 'stop'], [-219, 'app removed', 'stop'], [-223, 'OA has not granted the API', 'stop'], [112, 'app not linked to the OA', 'stop'],
  [-210, 'parameter over its limit', 'stop'],
  [-211, 'out of quota', 'elsewhere'],
  [-213, 'has not followed', 'gone'],
  [-214, 'article processing', 'stop'],
  [-216, 'token invalid after one refresh', 'stop'], [-220, 'token expired after one refresh', 'stop'],
  [-217, 'blocked invitations', 'elsewhere'],
  [-218, "the recipient's quota", 'elsewhere'],
  [-221, 'OA must be verified', 'stop'], [-224, 'OA must upgrade its package', 'stop'],
  [-227, 'banned, or inactive for 45 days', 'gone'],
  [-230, 'silent for seven days', 'elsewhere'], [-232, 'interaction expired or never was', 'elsewhere'],
  [-233, 'message type unsupported', 'stop'],
  [-234, 'closed at night', 'again'],
  [-235, 'API not for this type of OA, on both endpoints', 'stop'],
  [-237, 'group disabled', 'gone'],
  [-238, 'asset used', 'stop'], [-241, 'asset disabled', 'stop'],
  [-240, 'v2 shut', 'again'],
  [-242, 'appsecret_proof', 'stop'],
  [-244, 'this type restricted by the person', 'elsewhere'],
  [-248, 'violates the policy', 'stop'],
  [-249, 'template not by user id', 'elsewhere'],
  [-320, 'not connected to a Cloud Account', 'stop'], [-321, 'Cloud Account out of money', 'stop'],
  [-403, 'not in the group', 'gone'],
  [-1, 'not in the table', 'unsure'], [999_999, 'not in the table', 'unsure'],
])('%i (%s): %s', (code, _meaning, wanted) => expect(deed(outcomeOf(code, '', noon))).toBe(wanted));

test('only the two codes of the token ask for a new one', () => {
  expect(Array.from({ length: 500 }, (_, i) => -i).filter(isTokenRefused)).toEqual([-216, -220]);
});
