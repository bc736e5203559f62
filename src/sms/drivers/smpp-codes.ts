import type { SendOutcome } from '../../delivery/sender.js';

/** command_status values we treat in a way of their own (SMPP 3.4 issue 1.2, table 5-2). */
const STATUS = {
  ok: 0x00,
  invalidSource: 0x0a,
  invalidDestination: 0x0b,
  bindFailed: 0x0d,
  invalidPassword: 0x0e,
  invalidSystemId: 0x0f,
  queueFull: 0x14,
  throttled: 0x58,
} as const;

/** The SMSC names no span. Its queue drains more slowly than a rate limit passes. */
const THROTTLED_MS = 5_000;
const QUEUE_FULL_MS = 15_000;

/** Our set-up is wrong: nothing would go out. Wrong bind state (0x04) is not here, a new bind heals it. */
const STOP = new Set<number>([STATUS.invalidSource, STATUS.invalidPassword, STATUS.invalidSystemId, 0x15, 0x48, 0x49, 0x50, 0x51, 0x53]);

/** This number or this text is not taken; others are. 0x01 length, 0x33… destination lists, 0x61-0x63 times, 0x66 permanent refusal. */
const NEXT_CHANNEL = new Set<number>([0x01, STATUS.invalidDestination, 0x33, 0x34, 0x40, 0x43, 0x61, 0x62, 0x66]);

/** The code as the ledger shows it, e.g. "smpp-0x0b". */
export const smppCode = (status: number): string => `smpp-0x${status.toString(16).padStart(2, '0')}`;

/** A submit_sm_resp that is not ESME_ROK. The SMSC did not take the message, so a repeat makes no second copy. */
export function outcomeOf(status: number): SendOutcome {
  if (status === STATUS.throttled) return { kind: 'retry', code: 'throttled', afterMs: THROTTLED_MS, maybeSent: false, pauseChannel: true };
  if (status === STATUS.queueFull) return { kind: 'retry', code: 'throttled', afterMs: QUEUE_FULL_MS, maybeSent: false, pauseChannel: true };
  if (STOP.has(status)) return { kind: 'rejected', code: smppCode(status) };
  if (NEXT_CHANNEL.has(status)) return { kind: 'unreachable', code: smppCode(status) };
  return { kind: 'retry', code: smppCode(status), maybeSent: false };
}

/** True where another try at binding with the same name and password is useless. */
export const isBindRefused = (status: number): boolean => status === STATUS.invalidPassword || status === STATUS.invalidSystemId || status === STATUS.bindFailed;
