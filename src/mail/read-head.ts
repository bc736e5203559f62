import { simpleParser, type ParsedMail, type SimpleParserOptions } from 'mailparser';

/** Understands the bytes of a mail, a page ("html") into words too; the one door to mailparser, so that a test sees what is let through it. */
export type Parse = (bytes: Buffer, pages?: 'html') => Promise<ParsedMail>;

/** Parts in all, and the bytes of one part's head; mailparser rejects what has more. Pages are looked at before they become words. */
const parsing = { skipTextToHtml: true, skipTextLinks: true, keepCidLinks: true, keepDeliveryStatus: true, maxHeadSize: 64_000, maxChildNodes: 200 } as SimpleParserOptions;

export const parseMail: Parse = (bytes, pages) => simpleParser(bytes, { ...parsing, skipHtmlToText: pages !== 'html' });

/** The head of a letter; cheap whatever a stranger wrote into it. */
export interface Head {
  /** As they came, folded, key in lower case. */
  lines: { key: string; line: string }[];
  /** The address of the sender line, lower case; empty where there is none that an address may be. */
  from: string;
  subject: string;
  messageId: string;
  inReplyTo: string;
  /** Message-IDs of the thread, the last twenty, newest last; anything at all may stand between the brackets. */
  references: string[];
  /** Where the body begins; null: the head has no end within reason. */
  bodyAt: number | null;
}

/** Heads of real mail have up to 40 kB; what stands behind is not looked at. */
const MAX_HEAD = 128_000;
const MAX_LINES = 2_000;
/** Of a line that mailparser reads; its address parser takes its time over long ones. */
const MAX_LINE = 2_000;
/** Of the line with a whole thread's ids the end is read. */
const MAX_THREAD = 6_000;
/** RFC 5321 4.5.3.1.3: 256 with the brackets. */
const MAX_ADDRESS = 254;

/** Cuts the head off and reads the four lines that matter. Never looks into the body. */
export async function readHead(source: Buffer, parse: Parse): Promise<Head> {
  const text = source.subarray(0, MAX_HEAD).toString('latin1');
  const end = /(?:^|\r?\n)\r?\n/.exec(text);
  const lines = text.slice(0, end?.index).split(/\r?\n(?![ \t])/, MAX_LINES).map((line) => ({ key: line.slice(0, Math.max(0, line.indexOf(':'))).trim().toLowerCase(), line }));
  const mail = await parse(headWith({ lines }, ['from', 'subject', 'message-id', 'in-reply-to']));
  const from = mail.from?.value[0]?.address?.toLowerCase() ?? '';
  return {
    lines,
    from: from.length <= MAX_ADDRESS ? from : '',
    subject: mail.subject ?? '',
    messageId: mail.messageId?.trim() ?? '',
    inReplyTo: mail.inReplyTo?.trim() ?? '',
    references: rawHeader({ lines }, 'references').slice(-MAX_THREAD).match(/<[^<>\s]{3,250}>/g)?.slice(-20) ?? [],
    bodyAt: end ? end.index + end[0].length : source.length <= MAX_HEAD ? source.length : null,
  };
}

/** A header's first value as text, unfolded; empty where it is missing. */
function rawHeader({ lines }: Pick<Head, 'lines'>, name: string): string {
  const line = lines.find(({ key }) => key === name)?.line ?? '';
  return line.slice(line.indexOf(':') + 1).replace(/\r?\n\s+/g, ' ').trim();
}

/** The same in lower case. */
export const headerOf = (head: Pick<Head, 'lines'>, name: string): string => rawHeader(head, name).toLowerCase();

/** A head of these lines only, each of bearable length; the last of several counts, as mailparser has it. */
export function headWith({ lines }: Pick<Head, 'lines'>, keys: readonly string[]): Buffer {
  const kept = keys.flatMap((key) => lines.findLast((line) => line.key === key)?.line.slice(0, MAX_LINE) ?? []);
  return Buffer.from([...kept, '', ''].join('\r\n'), 'latin1');
}
