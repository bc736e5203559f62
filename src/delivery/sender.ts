import type { Channel } from '../kernel/channels.js';
import type { Message } from '../texts/message.js';

/** What became of one attempt. Senders never wait or retry: they return an outcome. */
export type SendOutcome =
  /** `unheardMs`: no receipt for so long counts as unheard, whatever its kind (a template's own wish). */
  | { kind: 'accepted'; providerId: string; unheardMs?: number }
  /** Try again, not before `afterMs`. `maybeSent`: the call went out and nobody knows what came of it. */
  | { kind: 'retry'; code: string; afterMs?: number; maybeSent: boolean; pauseChannel?: boolean }
  /** This person cannot be reached on this channel: go to the next one. `dead`: mark the chat until the person returns. */
  | { kind: 'unreachable'; code: string; dead?: boolean }
  /** Our mistake or configuration: stop the channel, tell the office. */
  | { kind: 'rejected'; code: string };

/** What a provider says of a call whose outcome we do not know. */
export type Found = { kind: 'sent'; providerId: string } | { kind: 'not-sent' } | { kind: 'unknown' };

/** One channel's way out. Knows nothing of tasks or people. */
export interface Sender {
  readonly channel: Channel;
  /** Where the truth is found after an unknown outcome. */
  readonly truth: 'none' | 'request-id' | 'receipt';
  /**
   * Sends to a provider's address (chat id, phone 84…, mail address). `key` identifies the delivery for providers that
   * take an idempotency key. Must settle soon after `signal` aborts. Never throws for anything a provider does.
   */
  send(to: string, message: Message, options: { key: string; signal: AbortSignal }): Promise<SendOutcome>;
  /**
   * Asks the provider what became of the call of this key begun at `at`, where it can be asked. Never throws for anything a
   * provider does; "unknown" where it does not know either.
   */
  find?(call: { key: string; to: string; at: Date; signal: AbortSignal }): Promise<Found>;
  /** Replaces what was sent before. "gone": there is nothing to replace any more. Never throws for anything a provider does. */
  edit?(sent: { to: string; providerId: string }, message: Message, signal: AbortSignal): Promise<'edited' | 'gone' | 'later'>;
}
