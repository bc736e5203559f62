import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../kernel/clock.js';
import type { PhoneMessage } from '../phone-network.js';

/** A button as the OA sent it. */
export interface SentButton {
  title: string;
  type: 'oa.open.url' | 'oa.query.show' | 'oa.query.hide' | 'oa.open.phone' | 'oa.open.sms';
  payload: unknown;
}

/** A message on a phone, with what the wire needs beside what the screen shows. */
export interface StoredMessage extends PhoneMessage {
  sent: SentButton[];
  seen: boolean;
}

export interface Phone {
  following: boolean;
  /** Follow, message or tap; the OA may write for 7 days after. */
  lastInteractionAt: Date | null;
  messages: StoredMessage[];
}

/** How the next call to a message endpoint goes wrong; `delivered` says whether the message reaches the phone all the same. */
export interface Fault {
  kind: 'error' | 'server-500' | 'hang' | 'reset' | 'broken-json';
  code?: number;
  message?: string;
  delivered?: boolean;
}

/** Everything the stand-in remembers. */
export interface ZaloWorld {
  clock: Clock;
  appId: string;
  appSecret: string;
  oaSecretKey: string;
  oaId: string;
  /** 2 = business, 4 = state agency: -235 on v3, sends over v2 only. */
  oaType: 2 | 4;
  /** The pair now valid; null once an administrator took the permission away. */
  grant: { access: string | null; expiresAt: Date; refresh: string } | null;
  /** The one callback address registered in the console; null: none. */
  callback: string | null;
  /** Codes of consents, by code; single use, ten minutes. */
  codes: Map<string, { challenge: string; at: Date }>;
  phones: Map<string, Phone>;
  uploads: Map<string, { name: string; type: string; bytes: Uint8Array; at: Date }>;
  faults: Fault[];
  calls: { method: string; body: unknown; at: Date }[];
  changed(userId: string): void;
  listeners: Set<(userId: string) => void>;
}

export function createWorld(clock: Clock): ZaloWorld {
  const listeners = new Set<(userId: string) => void>();
  return {
    clock,
    // 19 digits: whoever reads an id as a number loses the last ones.
    appId: '2719482049120374651',
    appSecret: newId(),
    oaSecretKey: newId(),
    oaId: '4318657068771012646',
    oaType: 2,
    grant: { access: null, expiresAt: clock.now(), refresh: newId() },
    callback: null,
    codes: new Map(),
    phones: new Map(),
    uploads: new Map(),
    faults: [],
    calls: [],
    listeners,
    changed: (userId) => listeners.forEach((listener) => listener(userId)),
  };
}

/** An id or token nobody can guess. */
export const newId = (): string => randomUUID().replaceAll('-', '');

export function phoneOf(world: ZaloWorld, userId: string): Phone {
  const known = world.phones.get(userId);
  if (known) return known;
  const phone: Phone = { following: false, lastInteractionAt: null, messages: [] };
  world.phones.set(userId, phone);
  return phone;
}

/** Puts a message on a phone and tells whoever watches its screen. */
export function show(world: ZaloWorld, userId: string, message: Pick<StoredMessage, 'from' | 'text'> & Partial<StoredMessage>): StoredMessage {
  const stored: StoredMessage = { id: newId(), buttons: [], sent: [], at: world.clock.now(), edited: false, seen: message.from === 'user', ...message };
  phoneOf(world, userId).messages.push(stored);
  world.changed(userId);
  return stored;
}
