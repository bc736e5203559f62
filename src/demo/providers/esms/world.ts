import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../kernel/clock.js';

/** A message eSMS took over. */
export interface EsmsMessage {
  smsId: string;
  requestId: string;
  phone: string;
  text: string;
  unicode: boolean;
  callbackUrl: string;
  at: Date;
  /** "refused": by a person at eSMS, after it was taken over. */
  end: 'waiting' | 'delivered' | 'failed' | 'refused';
}

/** How the next call goes wrong. "reset-after", "cut" and "html-after" happen after the message was taken over. */
export type EsmsFault =
  | { kind: 'code'; code: string }
  | { kind: 'flood-429'; retryAfterS?: number }
  | { kind: 'server-500' | 'hang' | 'reset' | 'reset-after' | 'cut' | 'html-after' };

/** Everything the stand-in remembers. */
export interface EsmsWorld {
  clock: Clock;
  apiKey: string;
  secretKey: string;
  brandname: string;
  messages: EsmsMessage[];
  /** Every RequestId ever taken. */
  requestIds: Set<string>;
  blocked: Set<string>;
  /** Registered customer-care templates; empty: any text passes. */
  templates: RegExp[];
  /** Messages the account can still pay. */
  balance: number;
  faults: EsmsFault[];
  calls: { method: string; body: Record<string, unknown>; at: Date }[];
  listeners: Set<(phone: string) => void>;
}

export const createWorld = (clock: Clock): EsmsWorld => ({
  clock,
  apiKey: newId().toUpperCase(),
  secretKey: newId().toUpperCase(),
  brandname: 'UBND-LAOCAI',
  messages: [],
  requestIds: new Set(),
  blocked: new Set(),
  templates: [],
  balance: 1_000_000,
  faults: [],
  calls: [],
  listeners: new Set(),
});

export const newId = (): string => randomUUID().replaceAll('-', '');

/** Numbers that nobody can have (84000000…) belong to the sample province. "0912…", "+84912…" and "84912…" are one phone; undefined for what eSMS answers with 108. */
export const phoneOf = (text: unknown): string | undefined => {
  const [, rest] = /^(?:0|84|\+84)([35789]\d{8}|0{6}\d{3})$/.exec(typeof text === 'string' ? text : '') ?? [];
  return rest && `84${rest}`;
};
