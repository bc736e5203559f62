import { DomainError } from './errors.js';

// C0 but line feed and tab, DEL, C1, embedding, override and isolate signs of direction, halves of a surrogate pair.
// eslint-disable-next-line no-control-regex -- exactly those are meant
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const plainLines = (text: string): string => text.replace(/\r\n?/g, '\n');

/** True where nothing in it could break a database, a log line or a reader's eye: see `UNWANTED`. Line ends of any system are fine. */
export const isCleanText = (text: string): boolean => plainLines(text).search(UNWANTED) === -1;

/** The text without such signs, line ends as "\n", NFC, no outer blanks: for what people have said and cannot mend, as in a chat. */
export const strippedText = (text: string): string => plainLines(text).replace(UNWANTED, '').normalize('NFC').trim();

/** The text as it is kept, line ends as "\n", NFC, no outer blanks. Throws input-invalid where it has such signs: a form or a program can mend it. */
export function cleanText(text: string, path: string): string {
  if (!isCleanText(text)) throw new DomainError('input-invalid', { path, expected: 'không chứa ký tự điều khiển hoặc ký tự ẩn đổi chiều chữ' });
  return strippedText(text);
}
