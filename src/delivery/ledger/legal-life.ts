import { deliveryStates, type AttemptOutcome, type DeliveryState } from '../delivery.model.js';
import { mayMove } from '../delivery-states.js';

/** What a message looked like at one revision, as entry.ts makes it; entries of earlier versions lack some fields. */
export interface Revision {
  rev: number;
  snapshot: Record<string, unknown>;
}

interface Attempt {
  at: string;
  channel: string | null;
  outcome: AttemptOutcome;
  code: string;
  repeat: boolean;
}

/** Said when it was planned, and never again. */
const fixed: Record<string, string> = {
  kind: 'loại tin', lane: 'mức ưu tiên', personId: 'người nhận', behalfOf: 'người được thay mặt', follows: 'tin trước đó', taskCode: 'mã nhiệm vụ', meetingCode: 'mã cuộc họp',
  createdAt: 'thời điểm lập', cause: 'nguyên do', dataHash: 'nội dung', expiresAt: 'hạn hiệu lực',
};

/** Said once the fate of a message is settled: filled in, perhaps, but never another. */
const once: Record<string, string> = {
  channel: 'kênh gửi', to: 'nơi nhận', toHash: 'nơi nhận', providerId: 'mã của nhà cung cấp', textHash: 'lời văn đã gửi',
  acceptedAt: 'giờ gửi', deliveredAt: 'giờ đến', seenAt: 'giờ xem', acknowledgedAt: 'giờ xác nhận', finishedAt: 'giờ kết thúc', reason: 'lý do',
};

/** What a state says has happened. */
const needs: Partial<Record<DeliveryState, { times: readonly string[]; attempts: readonly AttemptOutcome[] }>> = {
  accepted: { times: ['acceptedAt'], attempts: ['accepted'] },
  delivered: { times: ['acceptedAt', 'deliveredAt'], attempts: ['accepted'] },
  seen: { times: ['acceptedAt', 'seenAt'], attempts: ['accepted'] },
  // Confirmed by another way while nobody knew whether our copy arrived.
  acknowledged: { times: ['acknowledgedAt'], attempts: ['accepted', 'unknown'] },
};

const settledStates: readonly DeliveryState[] = deliveryStates.filter((state) => !['planned', 'claimed', 'sending'].includes(state));

/** The states that a settled one may still come to, in however many moves of the table. */
const comesTo = new Map<DeliveryState, ReadonlySet<DeliveryState>>(settledStates.map((from) => [from, reachable(from)]));

function reachable(from: DeliveryState): ReadonlySet<DeliveryState> {
  // "unknown" in the chain is left so for good: it is neither repeated nor given up any more.
  const ends: readonly DeliveryState[] = from === 'unknown' ? ['unknown', 'suppressed', 'expired'] : ['unknown'];
  const found = new Set<DeliveryState>();
  const look = (state: DeliveryState): void => {
    for (const next of settledStates) if (mayMove(state, next) && !found.has(next) && !ends.includes(next)) look((found.add(next), next));
  };
  look(from);
  return found;
}

const attemptsOf = ({ snapshot }: Revision): Attempt[] => (Array.isArray(snapshot['attempts']) ? (snapshot['attempts'] as Attempt[]) : []);

/** Whether a revision by itself can be true. A Vietnamese phrase, or null. */
export function faultOfForm(revision: Revision): string | null {
  const state = revision.snapshot['state'] as DeliveryState;
  const needed = needs[state];
  if (!needed) return null;
  const missing = needed.times.find((time) => typeof revision.snapshot[time] !== 'string');
  if (missing) return `ghi trạng thái "${state}" mà không có ${once[missing] ?? missing}`;
  return attemptsOf(revision).some(({ outcome }) => needed.attempts.includes(outcome)) ? null : `ghi trạng thái "${state}" mà không có lần gửi nào`;
}

/**
 * Whether the house itself can have come from one chained revision of a message to a later one (moves in between may have
 * gone unchained). The rules follow delivery-states.ts and the writes of outbox/settle.ts and receipts/. A Vietnamese phrase
 * for what cannot be, or null.
 */
export function faultOfStep(before: Revision, after: Revision): string | null {
  const changed = (name: string): boolean => name in before.snapshot && (before.snapshot[name] ?? null) !== (after.snapshot[name] ?? null);
  const moved = Object.keys(fixed).find(changed);
  if (moved) return `đã đổi ${fixed[moved]}, điều không bao giờ đổi`;
  if (!keepsAttempts(before, after)) return 'đã đổi các lần gửi trước';
  if (before.snapshot['state'] === 'open') return faultOfForm(after);
  return faultOfMove(before, after) ?? faultOfForm(after);
}

/** From a settled state on. */
function faultOfMove(before: Revision, after: Revision): string | null {
  const [from, to] = [before.snapshot['state'], after.snapshot['state']] as [DeliveryState, DeliveryState];
  if (from !== to && !comesTo.get(from)?.has(to)) return `đã đổi từ "${from}" sang "${to}"`;
  if (attemptsOf(before).length !== attemptsOf(after).length) return 'đã thêm lần gửi khi việc gửi đã xong';
  // Given up, or heard to have failed: that alone has a reason and an end of its own.
  const died = to === 'dead' && from !== to;
  if (died && after.snapshot['reason'] !== 'undelivered') return 'đã đổi lý do';
  for (const [name, words] of Object.entries(once)) {
    const was = before.snapshot[name] ?? null;
    if (was === (after.snapshot[name] ?? null) || (died && (name === 'reason' || name === 'finishedAt'))) continue;
    if (was !== null || !name.endsWith('At') || (name === 'acceptedAt' || name === 'finishedAt')) return `đã đổi ${words}`;
  }
  // Confirming is two writes: the mark, then the state.
  const confirmed = (before.snapshot['acknowledgedAt'] ?? null) === null && to === 'acknowledged';
  return confirmed && after.rev - before.rev < 2 ? 'ghi xác nhận mà không qua các bước của hệ thống' : null;
}

/** Earlier attempts stay as they were; a doubtful one may be cleared up, and a taken one may turn out undelivered. */
function keepsAttempts(before: Revision, after: Revision): boolean {
  const [past, now] = [attemptsOf(before), attemptsOf(after)];
  return past.every((was, place) => {
    const is = now[place];
    if (!is || was.at !== is.at || was.channel !== is.channel || was.repeat !== is.repeat) return false;
    const cleared = was.outcome === 'unknown' && (is.outcome === 'accepted' || is.outcome === 'retry');
    const undelivered = is.outcome === 'accepted' && after.snapshot['state'] === 'dead';
    return (was.outcome === is.outcome || cleared) && (was.code === is.code || undelivered);
  });
}

/** The first thing in a message's whole history, oldest first, that cannot have been; null: nothing. */
export function faultOfLife(life: readonly Revision[]): string | null {
  for (const [place, revision] of life.entries()) {
    const before = life[place - 1];
    const fault = before ? faultOfStep(before, revision) : faultOfForm(revision);
    if (fault) return `lần ghi ${revision.rev}: ${fault}`;
  }
  return null;
}
