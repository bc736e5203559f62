import { createHash } from 'node:crypto';
import { simpleParser, type ParsedMail, type SimpleParserOptions } from 'mailparser';
import type { InboundMail } from '../inbox/inbound.js';
import { readBounceAddress, readReplyAddress, type MailHouse, type ReplyProof } from './addresses.js';
import { isAutomatic } from './automatic.js';
import { readCalendarReply } from './calendar.js';
import { cutReply } from './cut-reply.js';
import { readReport, type DeliveryReport } from './delivery-report.js';

/** What a letter in our mailbox is. */
export type Letter =
  | { kind: 'reply'; mail: InboundMail }
  /** About the delivery of this Message-ID. */
  | { kind: 'report'; providerId: string; report: DeliveryReport }
  | { kind: 'ignored'; why: 'automatic' | 'unsigned' | 'no-report' | 'no-sender' };

const parsing = { skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true, keepDeliveryStatus: true } as SimpleParserOptions;

/**
 * Reads one letter. `place` ("<uid validity>:<uid>") names it where it has no usable Message-ID. Rejects where the bytes
 * cannot be read as a mail at all.
 */
export async function readLetter(house: MailHouse, source: Uint8Array, place: string): Promise<Letter> {
  const mail = await simpleParser(Buffer.from(source), parsing);
  const sentTo = addressesIn(mail);
  const bounced = first(sentTo, (address) => readBounceAddress(house, address));
  if (bounced) {
    const report = readReport(mail);
    return report ? { kind: 'report', providerId: bounced, report } : { kind: 'ignored', why: 'no-report' };
  }
  const calendar = calendarOf(mail);
  // A calendar sends its owner's answer by itself, and some say so (Google: "Auto-Submitted").
  if (!calendar && isAutomatic(mail)) return { kind: 'ignored', why: 'automatic' };
  const proof = first(sentTo, (address) => readReplyAddress(house, address));
  if (!proof) return { kind: 'ignored', why: 'unsigned' };
  const from = mail.from?.value[0]?.address?.toLowerCase();
  return from ? { kind: 'reply', mail: toInbound(house, mail, { proof, from, place, calendar }) } : { kind: 'ignored', why: 'no-sender' };
}

interface Known {
  proof: ReplyProof;
  from: string;
  place: string;
  calendar: InboundMail['calendar'];
}

function toInbound(house: MailHouse, mail: ParsedMail, { proof, from, place, calendar }: Known): InboundMail {
  const messageId = idOf(mail, place);
  const files = filesOf(mail);
  const replyTo = mail.inReplyTo?.trim();
  return {
    channel: 'email',
    messageId,
    chatId: proof.who,
    senderId: from,
    kind: 'text',
    // A calendar's words beside its answer are written by the program ("Đã chấp nhận: …"), not by the person.
    text: calendar ? '' : cutReply(mail.text ?? '', ownNames(house)),
    about: proof.about,
    ...(replyTo ? { replyTo } : {}),
    ...(calendar ? { calendar } : {}),
    ...(files.length > 0 ? { attachments: files.map(({ name, size }, n) => ({ kind: 'file' as const, fileId: `${messageId}#${n}`, name, size })) } : {}),
  };
}

/** Parts of our addresses by which a line about an earlier mail is known. */
const ownNames = ({ fromAddress, replyTo }: MailHouse): string[] => [fromAddress, ...(replyTo ? [`${replyTo.split('@')[0]}+`.toLowerCase()] : [])];

/** Wherever mail systems note whom a letter was for. */
const RECIPIENT_HEADERS = new Set(['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-forwarded-to', 'x-rcpt-to', 'received']);

function addressesIn(mail: ParsedMail): string[] {
  const lines = mail.headerLines.filter(({ key }) => RECIPIENT_HEADERS.has(key)).map(({ line }) => line);
  return [...new Set(lines.join('\n').match(/[\w.-]{1,30}\+[\w.-]{1,60}@[\w.-]{1,200}/g) ?? [])].slice(0, 50);
}

function first<T>(addresses: readonly string[], read: (address: string) => T | undefined): T | undefined {
  for (const address of addresses) {
    const found = read(address);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Message-IDs are written by strangers: only plain short ones are kept as they are. */
function idOf(mail: ParsedMail, place: string): string {
  const id = mail.messageId?.trim() ?? '';
  if (id === '') return place;
  return /^<[\x21-\x3b\x3d\x3f-\x7e]{3,200}>$/.test(id) ? id : `<${createHash('sha256').update(id).digest('hex').slice(0, 32)}>`;
}

function calendarOf(mail: ParsedMail): InboundMail['calendar'] {
  const part = mail.attachments.find(({ contentType }) => contentType === 'text/calendar' || contentType === 'application/ics');
  return part ? readCalendarReply(part.content.toString('utf8')) : undefined;
}

interface AttachedFile {
  name: string;
  size: number;
  bytes: Uint8Array;
}

/** Files a person attached; pictures in a signature and calendar answers are not meant. */
const filesOf = (mail: ParsedMail): AttachedFile[] =>
  mail.attachments
    .filter(({ related, contentType, contentDisposition }) => !related && contentDisposition === 'attachment' && contentType !== 'text/calendar' && contentType !== 'application/ics')
    .slice(0, 20)
    .map(({ filename, content }) => ({ name: (filename ?? 'không tên').normalize('NFC').slice(0, 120), size: content.length, bytes: content }));

/** The file of this number in a letter; undefined where it has none. */
export const fileIn = async (source: Uint8Array, n: number): Promise<AttachedFile | undefined> => filesOf(await simpleParser(Buffer.from(source), parsing))[n];
