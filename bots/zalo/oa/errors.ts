import { addDays, instantAt, localDateOf } from '../../../src/kernel/local-date.js';
import type { SendOutcome } from '../../../src/delivery/sender.js';

/** What Zalo's `error` number asks us to do; the numbers come with HTTP 200 (official error table). */
type Treatment = 'again' | 'flooded' | 'unsure' | 'night' | 'next-channel' | 'gone' | 'stop';

const treatments: Readonly<Record<number, Treatment>> = {
  [-32]: 'flooded', // rate limit of the app or the OA
  [-100]: 'unsure', // unknown error, or an attachment older than 7 days
  [-200]: 'unsure', // "send failed", yet some were delivered
  [-204]: 'stop', // OA disabled
  [-205]: 'stop', // OA not found
  [-209]: 'stop', // app not activated
  [-210]: 'stop', // parameter over its limit: our bug
  [-211]: 'next-channel', // out of quota
  [-212]: 'stop', // OA API not registered
  [-213]: 'gone', // has not followed the OA
  [-214]: 'stop', // about articles; never ours
  [-216]: 'stop', // token refused even after one refresh
  [-217]: 'next-channel', // blocked invitations
  [-218]: 'next-channel', // this recipient reached the quota
  [-219]: 'stop', // app removed
  [-220]: 'stop', // as -216
  [-221]: 'stop', // OA must be verified
  [-223]: 'stop', // OA has not granted this group of calls
  [-224]: 'stop', // OA must buy a higher package; not the 7-day window, whatever blogs say
  [-227]: 'gone', // banned, or inactive for 45 days
  [-230]: 'next-channel', // no interaction within 7 days
  [-232]: 'next-channel', // interaction expired or never was
  [-233]: 'stop', // message type unsupported: our bug
  [-234]: 'night', // this type is not sent 22:00-06:00
  [-235]: 'stop', // this API is not for this type of OA, on both endpoints
  [-237]: 'gone', // group disabled
  [-238]: 'stop',
  [-240]: 'again', // the v2 endpoint is shut for this OA; the sender has forgotten it by now
  [-241]: 'stop',
  [-242]: 'stop', // appsecret_proof missing or wrong
  [-244]: 'next-channel', // the person restricted this type of message
  [-248]: 'stop', // violates Zalo's policy
  [-249]: 'next-channel', // template not for this user
  [-320]: 'stop', // not connected to a Zalo Cloud Account
  [-321]: 'stop', // the Cloud Account is out of money
  [-403]: 'gone', // not in the group
  [112]: 'stop', // app not linked to the OA
};

/** How long the OA rests after "too fast" where Zalo names no span. */
export const FLOOD_MS = 60_000;

/** Codes after which the token is renewed and the call made once more. */
export const isTokenRefused = (code: number): boolean => code === -216 || code === -220;

/** The code as the ledger shows it, e.g. "zalo:-230". */
export const zaloCode = (code: number | string): string => `zalo:${code}`;

/**
 * Zalo's refusal as an outcome. `message` is only consulted for -201, which means "some field is invalid": a wrong user id
 * concerns one person, any other field is our bug. `now` serves -234 (closed until 06:00 in Vietnam).
 */
export function outcomeOf(code: number, message: string, now: Date): SendOutcome {
  if (code === -201) return /user[_ ]?id/i.test(message) ? { kind: 'unreachable', code: zaloCode(code), dead: true } : { kind: 'rejected', code: zaloCode(code) };
  return outcomes[treatments[code] ?? 'unsure'](zaloCode(code), now);
}

const outcomes: Record<Treatment, (code: string, now: Date) => SendOutcome> = {
  again: (code) => ({ kind: 'retry', code, maybeSent: false }),
  flooded: (code) => ({ kind: 'retry', code, afterMs: FLOOD_MS, maybeSent: false, pauseChannel: true }),
  unsure: (code) => ({ kind: 'retry', code, afterMs: 30_000, maybeSent: true }),
  night: (code, now) => ({ kind: 'retry', code, afterMs: msUntilSix(now), maybeSent: false }),
  'next-channel': (code) => ({ kind: 'unreachable', code }),
  gone: (code) => ({ kind: 'unreachable', code, dead: true }),
  stop: (code) => ({ kind: 'rejected', code }),
};

function msUntilSix(now: Date): number {
  const today = localDateOf(now);
  const six = instantAt(today, '06:00');
  const next = six > now ? six : instantAt(addDays(today, 1), '06:00');
  return next.getTime() - now.getTime();
}
