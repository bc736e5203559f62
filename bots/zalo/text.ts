/** NFC, plain line ends, no control characters, no half of a surrogate pair. */
export const readable = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    // eslint-disable-next-line no-control-regex -- taking control characters out is the point
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .trim();

/**
 * At most `max` UTF-16 units (the strictest reading of "characters"), `note` included where something was cut; ends on a
 * word where one is near, never inside a letter made of several units.
 */
export function fit(text: string, max: number, note = '…'): string {
  if (text.length <= max) return text;
  const head = graphemes(text, Math.max(0, max - note.length));
  const word = /\s/.test(text[head.length] ?? '') ? head : /^([\s\S]*\S)\s/.exec(head)?.[1] ?? head;
  const kept = word.length > max / 2 ? word : head;
  return kept.trimEnd() + note;
}

function graphemes(text: string, max: number): string {
  let head = '';
  for (const { segment } of new Intl.Segmenter('vi', { granularity: 'grapheme' }).segment(text.slice(0, max + 64))) {
    if (head.length + segment.length > max) break;
    head += segment;
  }
  return head;
}
