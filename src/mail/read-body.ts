import type { Attachment } from 'mailparser';
import { isDeep } from './html-depth.js';
import { headWith, type Head, type Parse } from './read-head.js';
import { hasStruck, visibleHtml } from './visible-html.js';

/** What a letter says and brings along. */
export interface Body {
  /** Plain words, of the plain part if there is one and nothing is struck out beside it; null: there are words, and they cannot be read. */
  text: string | null;
  attachments: Attachment[];
}

/** Turned into words; a page of this length takes at most about a second. What mail programs write for an answer has a tenth. */
const MAX_HTML = 200_000;
/** Tags within one another. Thirty answers quoting each other have about 150. */
const MAX_DEPTH = 200;
/** Nobody writes more above a quotation. */
const MAX_TEXT = 60_000;
const HOW_TO_READ = ['content-type', 'content-transfer-encoding', 'content-disposition', 'mime-version'];

/** Reads the body, in bounded work. Rejects where it cannot be read at all: no end of the head, too many parts, broken ones. */
export async function readBody(head: Head, source: Buffer, parse: Parse): Promise<Body> {
  if (head.bodyAt === null) throw new Error('head without an end');
  const { text = '', html, attachments } = await parse(Buffer.concat([headWith(head, HOW_TO_READ), source.subarray(head.bodyAt)]));
  const struck = html && html.length <= MAX_HTML && hasStruck(html);
  if (!html || (text.trim() !== '' && !struck)) return { text: text.slice(0, MAX_TEXT), attachments };
  return { text: await wordsOf(html, parse), attachments };
}

/** By mailparser's own converter, as a letter of its own; hidden and struck-out words are not said. */
async function wordsOf(html: string, parse: Parse): Promise<string | null> {
  if (html.length > MAX_HTML || isDeep(html, MAX_DEPTH)) return null;
  return parse(Buffer.from(`Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(visibleHtml(html)).toString('base64')}`), 'html').then(({ text }) => text?.slice(0, MAX_TEXT) ?? null, () => null);
}
