/**
 * What an SMS says. Gateways differ: eSMS and SMPP take text (eSMS compares it with registered templates), VNPT takes a
 * template's id and its parameters. One contract carries both, and a driver takes what it needs.
 */
export type SmsContent = { kind: 'text'; text: string } | { kind: 'template'; id: string; pattern: string; params: readonly string[] };

/** The text a person reads: free text as it is, a pattern such as "Nhac viec {P1,20} han {P2,10}" filled in. */
export const wordsOf = (content: SmsContent): string => (content.kind === 'text' ? content.text : fill(content.pattern, content.params));

const BLANK = /\{(P\d{1,2}),(\d{1,3})\}/g;

/** A place in a registered text: `{P2,10}` is the second parameter, at most ten characters. */
export interface Blank {
  name: string;
  most: number;
}

/** The blanks of a registered text in their order; the same one may stand in several places. */
export const blanksIn = (pattern: string): Blank[] => [...pattern.matchAll(BLANK)].map(([, name = '', most]) => ({ name, most: Number(most) }));

/** Longer parameters would make the gateway refuse the whole message. */
const fill = (pattern: string, params: readonly string[]): string =>
  pattern.replace(BLANK, (_place, name: string, most: string) => [...(params[Number(name.slice(1)) - 1] ?? '').trim()].slice(0, Number(most)).join('').trimEnd());

/**
 * Would an operator recognise this text as the registered one? Both as they leave (stripped of diacritics where that is the
 * office's style). Operators compare letter by letter and refuse everything else (eSMS 146).
 */
export function matchesPattern(text: string, pattern: string, strip: (text: string) => string): boolean {
  const pieces = pattern.split(/\{P\d{1,2},\d{1,3}\}/).map((piece) => escaped(squeezed(strip(`.${piece}.`).slice(1, -1))));
  const blanks = blanksIn(pattern);
  const source = pieces.map((piece, i) => piece + (blanks[i] ? `[\\s\\S]{0,${blanks[i].most}}` : '')).join('');
  return new RegExp(`^${source}$`, 'u').test(squeezed(text));
}

const squeezed = (text: string): string => text.replace(/\s+/g, ' ');
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
