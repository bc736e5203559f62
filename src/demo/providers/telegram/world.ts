import type { Clock } from '../../../kernel/clock.js';
import { ApiError, badRequest } from './api-error.js';
import type { Markup } from './markup.js';

/** A person with a phone, as far as this bot is concerned. */
export interface Phone {
  id: string;
  name: string;
  /** 84…, what the phone shares on request. */
  phone: string;
  /** Wrote to the bot at least once; before that the bot may not write. */
  started: boolean;
  blocked: boolean;
}

export interface StoredMessage {
  id: number;
  chatId: string;
  from: 'bot' | 'user';
  text: string;
  markup: Markup;
  at: Date;
  edited: boolean;
  attachment?: { name: string; size: number };
}

/** What this provider remembers: phones, chats, files, calls. Message ids count per chat, as for real. */
export class World {
  readonly clock: Clock;
  readonly bot = { id: 7_026_112_026, is_bot: true, first_name: 'Nhắc Việc (minh họa)', username: 'nhacviec_minhhoa_bot' };
  readonly phones = new Map<string, Phone>();
  readonly chats = new Map<string, StoredMessage[]>();
  readonly groups = new Map<string, { title: string; migratedTo?: number }>();
  readonly files = new Map<string, { name: string; bytes: Uint8Array }>();
  readonly calls: { method: string; body: unknown; at: Date }[] = [];
  readonly #listeners = new Set<(userId: string) => void>();
  #counter = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** A number never given before. */
  nextId(): number {
    return ++this.#counter;
  }

  /** The phone of a user; made up on first sight. */
  phone(userId: string): Phone {
    if (!/^\d{1,16}$/.test(userId)) throw new RangeError(`A Telegram user id is digits, not "${userId}"`);
    const known = this.phones.get(userId);
    if (known) return known;
    const made: Phone = { id: userId, name: `Người dùng ${userId}`, phone: `8490${userId.slice(-7).padStart(7, '0')}`, started: false, blocked: false };
    this.phones.set(userId, made);
    return made;
  }

  messages(chatId: string): StoredMessage[] {
    const known = this.chats.get(chatId);
    if (known) return known;
    const made: StoredMessage[] = [];
    this.chats.set(chatId, made);
    return made;
  }

  add(chatId: string, message: Omit<StoredMessage, 'id' | 'chatId' | 'at' | 'edited'>): StoredMessage {
    const list = this.messages(chatId);
    const stored: StoredMessage = { ...message, id: (list.at(-1)?.id ?? 0) + 1, chatId, at: this.clock.now(), edited: false };
    list.push(stored);
    this.changed(chatId);
    return stored;
  }

  /** The chat a bot may write to now, or the refusal the real server gives. */
  writableChat(chatId: unknown): string {
    const id = typeof chatId === 'number' || typeof chatId === 'string' ? String(chatId) : '';
    if (id === '') throw badRequest('chat_id is empty');
    const group = this.groups.get(id);
    if (group?.migratedTo) throw new ApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: group.migratedTo });
    if (group) return id;
    const phone = this.phones.get(id);
    if (!phone) throw badRequest('chat not found');
    if (!phone.started) throw new ApiError(403, "Forbidden: bot can't initiate conversation with a user");
    if (phone.blocked) throw new ApiError(403, 'Forbidden: bot was blocked by the user');
    return id;
  }

  onChange(listener: (userId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  changed(chatId: string): void {
    for (const listener of this.#listeners) listener(chatId);
  }
}
