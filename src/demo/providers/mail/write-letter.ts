import { formatInstant } from '../../../kernel/local-date.js';
import type { ShownLetter } from './letter.js';

/** What a reader answers with. */
export interface Answer {
  words: string;
  file?: { name: string; type: string; bytes: Uint8Array };
  /** An iCalendar REPLY. */
  calendar?: string;
}

/** Who answers; `id` without its brackets. */
export interface Writer {
  address: string;
  name: string;
  id: string;
  now: Date;
}

/** The raw answer to a letter, with the old one quoted below as mail programs do. Lines end with CR LF. */
export function writeAnswer(letter: ShownLetter, by: Writer, { words, file, calendar }: Answer): string {
  const text = part('text/plain; charset=utf-8', calendar ? words : quoting(letter, words));
  const spoken = calendar ? multipart('alternative', by.id, [text, part('text/calendar; charset=utf-8; method=REPLY', calendar)]) : text;
  const body = file ? multipart('mixed', by.id, [spoken, filePart(file)]) : spoken;
  return [
    `From: ${by.name ? `${encoded(by.name)} ` : ''}<${by.address}>`, `To: <${letter.replyTo}>`, `Subject: ${encoded(subjectOf(letter))}`, `Date: ${by.now.toUTCString().replace('GMT', '+0000')}`, `Message-ID: <${by.id}>`,
    `In-Reply-To: ${letter.id}`, `References: ${[...letter.references, letter.id].join('\r\n ')}`, 'MIME-Version: 1.0', body,
  ].join('\r\n');
}

const subjectOf = ({ subject }: ShownLetter): string => (/^re:/i.test(subject) ? subject : `Re: ${subject}`);

const quoting = (letter: ShownLetter, words: string): string =>
  [words, '', `Vào ${formatInstant(letter.at)} ${letter.from.name} <${letter.replyTo}> đã viết:`, ...letter.text.split('\n').map((line) => `> ${line}`)].join('\r\n');

const part = (type: string, text: string, more: readonly string[] = []): string => [`Content-Type: ${type}`, ...more, 'Content-Transfer-Encoding: base64', '', rows(Buffer.from(text))].join('\r\n');

function filePart({ name, type, bytes }: { name: string; type: string; bytes: Uint8Array }): string {
  const disposition = `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}`;
  return [`Content-Type: ${/^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream'}`, disposition, 'Content-Transfer-Encoding: base64', '', rows(Buffer.from(bytes))].join('\r\n');
}

function multipart(kind: 'mixed' | 'alternative', id: string, parts: readonly string[]): string {
  const edge = `${kind}-${id.replace(/[^a-z0-9]/gi, '')}`;
  return [`Content-Type: multipart/${kind}; boundary="${edge}"`, '', ...parts.flatMap((one) => [`--${edge}`, one]), `--${edge}--`].join('\r\n');
}

const rows = (bytes: Buffer): string => (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');

/** RFC 2047, cut so that no line gets too long and no letter is cut in two. */
const encoded = (text: string): string => ([...text.replace(/[\r\n]/g, ' ')].join('').match(/[^]{1,12}/gu) ?? ['']).map((piece) => `=?utf-8?B?${Buffer.from(piece).toString('base64')}?=`).join('\r\n ');
