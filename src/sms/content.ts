/**
 * What an SMS says. Gateways differ: eSMS and SMPP take text (eSMS compares it with registered templates), VNPT takes a
 * template's id and its parameters. One contract carries both, and a driver takes what it needs.
 */
export type SmsContent = { kind: 'text'; text: string } | { kind: 'template'; id: string; pattern: string; params: readonly string[] };

/** The text a person reads: free text as it is, a pattern such as "Nhac viec {P1,20} han {P2,10}" filled in. */
export const wordsOf = (content: SmsContent): string => (content.kind === 'text' ? content.text : fill(content.pattern, content.params));

/** `{P2,10}`: the second parameter, at most ten characters; longer ones would make the gateway refuse the whole message. */
const fill = (pattern: string, params: readonly string[]): string =>
  pattern.replace(/\{P(\d{1,2}),(\d{1,3})\}/g, (_place, number: string, most: string) => [...(params[Number(number) - 1] ?? '').trim()].slice(0, Number(most)).join('').trimEnd());
