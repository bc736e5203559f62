import { badRequest } from './api-error.js';

/** Tags of Bot API "HTML style"; everything else is refused, as the real one does. */
const TAGS = new Set(['b', 'strong', 'i', 'em', 'u', 'ins', 's', 'strike', 'del', 'a', 'code', 'pre', 'blockquote', 'tg-spoiler', 'span', 'tg-emoji']);
const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/**
 * Text as a phone shows it, from `parse_mode: "HTML"`. Throws the 400 of the real server for an unknown, unclosed or
 * wrongly closed tag; an unescaped "<" counts as a tag with an empty name.
 */
export function plainFromHtml(html: string): string {
  const open: string[] = [];
  let plain = '';
  for (let at = 0; at < html.length; ) {
    if (html[at] === '<') at = readTag(html, at, open);
    else if (html[at] === '&') {
      const [char, length] = readEntity(html.slice(at, at + 12));
      plain += char;
      at += length;
    } else plain += html[at++];
  }
  const unclosed = open.at(-1);
  if (unclosed) throw badRequest(`can't parse entities: Can't find end tag corresponding to start tag "${unclosed}"`);
  return plain;
}

function readTag(html: string, at: number, open: string[]): number {
  const offset = Buffer.byteLength(html.slice(0, at));
  const end = html.indexOf('>', at);
  const tag = /^<(\/?)([a-z-]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>$/i.exec(end < 0 ? html.slice(at) : html.slice(at, end + 1));
  const name = (tag?.[2] ?? '').toLowerCase();
  if (!tag) throw badRequest(`can't parse entities: Unsupported start tag "" at byte offset ${offset}`);
  if (tag[1]) {
    if (open.at(-1) !== name) throw badRequest(`can't parse entities: Unmatched end tag at byte offset ${offset}, expected "</${open.at(-1) ?? ''}>", found "</${name}>"`);
    open.pop();
  } else {
    if (!TAGS.has(name)) throw badRequest(`can't parse entities: Unsupported start tag "${name}" at byte offset ${offset}`);
    open.push(name);
  }
  return end + 1;
}

function readEntity(text: string): [char: string, length: number] {
  const found = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/i.exec(text);
  if (!found) return ['&', 1];
  const [whole, decimal, hex, name] = found;
  if (name) return NAMED[name] ? [NAMED[name], whole.length] : ['&', 1];
  const point = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
  return point > 0 && point <= 0x10ffff ? [String.fromCodePoint(point), whole.length] : ['&', 1];
}
