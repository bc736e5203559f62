import type { Channel } from '../../kernel/channels.js';
import type { Attempt } from '../delivery.model.js';
import type { Sender } from '../sender.js';

type Senders = ReadonlyMap<Channel, Sender>;

const knowsRequestIds = (senders: Senders, channel: Channel | null): boolean => channel !== null && senders.get(channel)?.truth === 'request-id';

/** Without the calls of senders whose provider recognises a repeated request id: asking those again makes no second copy. */
export const countedAttempts = (attempts: readonly Attempt[], senders: Senders): readonly Attempt[] =>
  attempts.length === 0 ? attempts : attempts.filter((a) => !knowsRequestIds(senders, a.channel));

/**
 * Copies that may have arrived, as they matter to a call on `channel`. A provider that recognises request ids made at most
 * one, however often it was asked; it does not count where the same provider is asked again, but does on any other way.
 */
export function doubtfulCopies(attempts: readonly Attempt[], senders: Senders, channel: Channel): number {
  if (attempts.length === 0) return 0;
  const doubts = attempts.filter((a) => a.outcome === 'unknown');
  const once = new Set(doubts.map((a) => a.channel).filter((c) => c !== channel && knowsRequestIds(senders, c)));
  return countedAttempts(doubts, senders).length + once.size;
}
