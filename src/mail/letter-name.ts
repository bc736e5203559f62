import { createHash } from 'node:crypto';

/** One letter in a mailbox, whatever folder it was moved to. */
export interface LetterName {
  /** "<uid validity>:<uid>" where it was taken in. */
  place: string;
  /** By which it is looked for where it is not at its place any more; several letters may carry the same. */
  messageId: string;
  /** Print of its bytes, by which it is known. */
  print: string;
}

/** Print of a letter as far as we read letters. */
export const printOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/** "<uid validity>:<uid>/<print>/<Message-ID>" */
export const nameOf = ({ place, bytes, messageId }: { place: string; bytes: Uint8Array; messageId: string }): string => `${place}/${printOf(bytes)}/${messageId}`;

/** Reads such a name back; undefined where it is none. */
export function readName(name: string): LetterName | undefined {
  const [, place, print, messageId] = /^(\d+:\d+)\/([0-9a-f]{32})\/(.+)$/s.exec(name) ?? [];
  return place && print && messageId ? { place, print, messageId } : undefined;
}
