import type { Clock } from '../../../kernel/clock.js';
import type { PhoneMessage } from '../phone-network.js';

/** How the next sendMessage goes wrong; `delivered`: it reaches the phone all the same. */
export interface Fault {
  kind: 'error' | 'server-500' | 'hang' | 'reset' | 'broken-json';
  code?: number;
  description?: string;
  delivered?: boolean;
}

/** The free "Basic" bot. */
export const MONTHLY_MESSAGES = 3_000;

/** A refusal as the platform words it; it comes with HTTP 200. */
export class Refused extends Error {
  readonly code: number;
  constructor(code: number, description: string) {
    super(description);
    this.code = code;
  }
}

/** What this provider remembers. */
export class World {
  readonly clock: Clock;
  readonly faults: Fault[] = [];
  readonly calls: { method: string; body: unknown; at: Date }[] = [];
  readonly files = new Map<string, { type: string; bytes: Uint8Array }>();
  readonly #chats = new Map<string, PhoneMessage[]>();
  /** People who wrote to the bot: it may write to nobody else. */
  readonly #known = new Set<string>();
  readonly #listeners = new Set<(userId: string) => void>();
  /** Accepted this month; the platform's own count. */
  sent = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  messages(chatId: string): PhoneMessage[] {
    return this.#chats.get(chatId) ?? [];
  }

  meet(chatId: string): void {
    this.#known.add(chatId);
  }

  mayWrite(chatId: unknown): chatId is string {
    return typeof chatId === 'string' && this.#known.has(chatId);
  }

  add(chatId: string, message: Pick<PhoneMessage, 'from' | 'text'> & Partial<PhoneMessage>): PhoneMessage {
    const stored: PhoneMessage = { id: newId(), buttons: [], at: this.clock.now(), edited: false, ...message };
    this.#chats.set(chatId, [...this.messages(chatId), stored]);
    for (const listener of this.#listeners) listener(chatId);
    return stored;
  }

  onChange(listener: (userId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** An id nobody can guess, shorter than a UUID, as the platform's are. */
export const newId = (): string => crypto.randomUUID().replaceAll('-', '').slice(0, 20);
