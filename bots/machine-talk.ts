import { createHash } from 'node:crypto';
import type { AnyInbound } from '../src/inbox/inbound.js';
import { foldInPlace, tidy } from './commands/tidy.js';

/** So many answers in a row to what a machine seems to have written; then silence. */
export const ANSWERS_IN_A_ROW = 5;

/** One message that was, or would have been, answered. */
export interface Turn {
  cause: string;
  /** When it was written, and when it was worked on and so answered; milliseconds. */
  written: number;
  at: number;
  /** The matters it and its answer name; empty: none. */
  matter: string;
  /** Of its words. */
  print: string;
  /** Nothing was written down: asked back, or the form was shown. */
  unclear: boolean;
  /** So many messages of a machine in a row, up to this one. */
  row: number;
}

interface Span {
  /** Written so soon after our answer that nobody has read it. */
  quickMs: number;
  /** The same words again, so soon after the last time. */
  sameMs: number;
}

const MINUTE_MS = 60_000;
const chat: Span = { quickMs: 5_000, sameMs: 2 * MINUTE_MS };
/** A letter travels, and nobody writes one within a minute. */
const mail: Span = { quickMs: MINUTE_MS, sameMs: 60 * MINUTE_MS };

/**
 * How many messages in a row, with this one, look like a machine's: near-identical words on the same matter shortly after the
 * last time, or words on no new matter within seconds of our answer (in a chat only where they were not understood: people
 * report on several things quickly). A person who taps buttons, names another matter or says something else ends the row.
 */
export function rowOf(message: Pick<AnyInbound, 'channel' | 'kind'>, turn: Omit<Turn, 'row'>, before: readonly Turn[]): number {
  const last = before.at(-1);
  if (!last || message.kind === 'button') return 0;
  const { quickMs, sameMs } = message.channel === 'email' ? mail : chat;
  const again = before.some((one) => one.print === turn.print && (one.matter === turn.matter || (one.unclear && turn.unclear)) && Math.abs(turn.written - one.written) <= sameMs);
  const known = before.some((one) => one.matter === turn.matter) || turn.matter === '';
  // Clocks of providers count in seconds; what was written before our answer is none to it.
  const since = turn.written - (before.findLast(({ row }) => row < ANSWERS_IN_A_ROW) ?? last).at;
  const quick = known && since > -1_000 && since <= quickMs && (message.channel === 'email' || turn.unclear);
  return again || quick ? last.row + 1 : 0;
}

const CODE = /(?<![\p{L}\d])(nv|hop)[\s.\-_#:]*(?:(20\d\d)\s*[-_/.]\s*)?0*(\d{1,7})/gu;
/** Characters of a message by which it is known. */
const LOOKED_AT = 600;

/** The words without what changes by itself (times, dates, counts, signs); codes and percents are what a report says. A hash: nobody's words are kept. */
export function printOf(words: string): string {
  const folded = foldInPlace(tidy(words)).slice(0, LOOKED_AT);
  const kept = folded.replace(CODE, (_, kind: string, __, number: string) => `${kind}${letters(number)} `).replace(/(\d{1,3})\s*%/g, (_, percent: string) => `${letters(percent)} `);
  return createHash('sha256').update(kept.replace(/[^\p{L}]+/gu, ' ').trim()).digest('hex').slice(0, 16);
}

/** Digits that stay. */
const letters = (digits: string): string => `n${[...digits].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;

/** The matters named, each once, in order. */
export function mattersOf(...texts: readonly (string | null)[]): string {
  const found = texts.flatMap((text) => [...foldInPlace(text ?? '').matchAll(CODE)].map(([, kind, , number]) => `${kind}-${number}`));
  return [...new Set(found)].sort().join(' ');
}
