import type { ChatChannel } from '../../kernel/channels.js';

/** What a phone's screen shows. */
export interface PhoneMessage {
  id: string;
  from: 'bot' | 'user';
  text: string;
  buttons: { label: string; url?: string }[];
  at: Date;
  edited: boolean;
  attachment?: { name: string; size: number };
  /** Small print under it: how an operator counts it, which template it is. */
  note?: string;
}

/**
 * The people's side of a stand-in provider: the simulator's phones and the tests' people use it. What they do reaches
 * the product only over the provider's real wire protocol (HTTP).
 */
export interface PhoneNetwork {
  readonly channel: ChatChannel;
  messagesOf(userId: string): PhoneMessage[];
  say(userId: string, text: string, options?: { replyTo?: string }): Promise<void>;
  /** Taps button `index` under message `messageId`, as the real client would act on it. */
  tap(userId: string, messageId: string, index: number): Promise<void>;
  /** The chat is on the person's screen: providers with read receipts send them. Absent where there are none. */
  look?(userId: string): Promise<void>;
  shareContact(userId: string, phone: string, options?: { someoneElses?: boolean }): Promise<void>;
  attach(userId: string, file: { name: string; type: string; bytes: Uint8Array; caption?: string }): Promise<void>;
  /** Called after every change on any phone. Returns the way to stop. */
  onChange(listener: (userId: string) => void): () => void;
  /** The next `times` provider calls misbehave in this way. */
  misbehave(fault: 'flood-429' | 'server-500' | 'hang' | 'reset' | 'broken-json' | 'blocked', times?: number, options?: { retryAfterS?: number }): void;
  /** Every API call that reached the provider, oldest first, without tokens. */
  calls(): { method: string; body: unknown; at: Date }[];
}
