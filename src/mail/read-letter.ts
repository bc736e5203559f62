import { createHash } from 'node:crypto';
import type { Attachment } from 'mailparser';
import type { InboundMail } from '../inbox/inbound.js';
import { readBounceAddress, readReplyAddress, type MailHouse, type ReplyProof } from './addresses.js';
import { isAutomatic, isReport, mayBeBounce } from './automatic.js';
import { readCalendarReply } from './calendar.js';
import { cutReply, hasWords } from './cut-reply.js';
import { readReport, type DeliveryReport } from './delivery-report.js';
import { nameOf } from './letter-name.js';
import { readBody, type Body } from './read-body.js';
import { parseMail, readHead, type Head, type Parse } from './read-head.js';

/** What a letter in our mailbox is. */
export type Letter =
  | { kind: 'reply'; mail: InboundMail; also?: InboundMail[] }
  /** An answer of somebody we know, whose words cannot be made out. `also`: the same for the other reply addresses it was sent to. */
  | { kind: 'unreadable'; mail: Unreadable; also?: Unreadable[] }
  /** About the delivery of this Message-ID. */
  | { kind: 'report'; providerId: string; report: DeliveryReport }
  | { kind: 'ignored'; why: 'automatic' | 'unsigned' | 'no-report' | 'no-sender' };

/** As much of an answer as its head tells. */
export type Unreadable = Pick<InboundMail, 'channel' | 'messageId' | 'chatId' | 'senderId' | 'about'>;

/**
 * Reads one letter. `place` ("<uid validity>:<uid>") names it where it has no usable Message-ID. Anybody can write to us: the
 * body is looked at only where the head holds an address we signed, and then in bounded work. Rejects where not even the
 * head can be read.
 */
export async function readLetter(house: MailHouse, source: Uint8Array, place: string, parse: Parse = parseMail): Promise<Letter> {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const head = await readHead(bytes, parse);
  let read: Promise<Body | null> | undefined;
  const body = (): Promise<Body | null> => (read ??= readBody(head, bytes, parse).catch(() => null));
  const sentTo = addressesIn(head);
  const bounced = first(sentTo, (address) => readBounceAddress(house, address));
  if (bounced) {
    const told = await body();
    // A note that somebody is away comes to this address too.
    const report = told && (mayBeBounce(head) || told.attachments.some(isStatus)) ? readReport(told) : undefined;
    return report ? { kind: 'report', providerId: bounced, report } : { kind: 'ignored', why: 'no-report' };
  }
  const proofs = proofsIn(house, sentTo);
  const [proof] = proofs;
  // A calendar sends its owner's answer by itself, and some say so (Google: "Auto-Submitted").
  const automatic = isAutomatic(head) && !(proof && isCalendarReply(await calendarBody(bytes, body)));
  if (automatic && (!proof || head.from === '' || isReport(head))) return { kind: 'ignored', why: 'automatic' };
  if (!proof) return { kind: 'ignored', why: 'unsigned' };
  if (head.from === '') return { kind: 'ignored', why: 'no-sender' };
  const letter = answersIn(house, { head, place, bytes, body: await body() }, proofs);
  return automatic ? noted(letter) : letter;
}

/** Every matter it was sent to is answered by it: the words count for each. */
function answersIn(house: MailHouse, known: Omit<Known, 'proof' | 'id'>, proofs: readonly ReplyProof[]): AnswerLetter {
  const id = idOf(known.head, known.place);
  const [first, ...more] = proofs.map((proof, i) => answerIn(house, { ...known, proof, id: i === 0 ? id : `${id}/${proof.about ?? NOTHING}/${proof.who}` }));
  if (!first) throw new TypeError('a letter to nobody');
  if (more.length === 0) return first;
  // The words are the same, so all of them can be read, or none.
  return { ...first, also: more.map(({ mail }) => mail) } as AnswerLetter;
}

const NOTHING = '0';
type AnswerLetter = Extract<Letter, { kind: 'reply' | 'unreadable' }>;

/** What a machine wrote in somebody's name: its words, for the Office to see; files and answers of it count for nothing. */
function noted(letter: AnswerLetter): Letter {
  if (letter.kind === 'unreadable' || letter.mail.text === '') return { kind: 'ignored', why: 'automatic' };
  const bare = ({ attachments: _, calendar: __, ...mail }: InboundMail): InboundMail => ({ ...mail, automatic: true });
  return { kind: 'reply', mail: bare(letter.mail), ...(letter.also ? { also: letter.also.map(bare) } : {}) };
}

/** Whom and what the addresses name, each once. */
function proofsIn(house: MailHouse, addresses: readonly string[]): ReplyProof[] {
  const read = addresses.flatMap((address) => readReplyAddress(house, address) ?? []);
  return [...new Map(read.map((proof) => [`${proof.about ?? NOTHING} ${proof.who}`, proof])).values()];
}

/** The body of a letter that speaks of a calendar; nothing else is worth looking into. */
const calendarBody = async (bytes: Buffer, body: () => Promise<Body | null>): Promise<Body | null> =>
  /text\/calendar|application\/ics/i.test(bytes.toString('latin1')) ? body() : null;

const isCalendarReply = (body: Body | null): boolean => body !== null && calendarOf(body) !== undefined;

interface Known {
  head: Head;
  proof: ReplyProof;
  /** What this answer is kept under. */
  id: string;
  place: string;
  bytes: Buffer;
  body: Body | null;
}

function answerIn(house: MailHouse, { head, proof, id, place, bytes, body }: Known): AnswerLetter {
  const known: Unreadable = { channel: 'email', messageId: id, chatId: proof.who, senderId: head.from, about: proof.about };
  const calendar = body ? calendarOf(body) : undefined;
  // A calendar's words beside its answer are written by the program ("Đã chấp nhận: …"); what a person added goes with the answer.
  const text = calendar ? '' : body?.text === undefined || body.text === null ? null : cutReply(body.text, ownNames(house));
  const files = body ? filesOf(body) : [];
  if (text === null || (text === '' && !calendar && files.length === 0 && hasWords(body?.text ?? ''))) return { kind: 'unreadable', mail: known };
  const letter = nameOf({ place, bytes, messageId: idOf(head, place) });
  const references = head.references.filter((one) => MESSAGE_ID.test(one));
  return {
    kind: 'reply',
    mail: {
      ...known,
      kind: 'text',
      text,
      ...(MESSAGE_ID.test(head.inReplyTo) ? { replyTo: head.inReplyTo } : {}),
      ...(references.length > 0 ? { references } : {}),
      ...(calendar ? { calendar: { ...calendar, note: calendar.note || beside(house, body?.text ?? '') } } : {}),
      ...(files.length > 0 ? { attachments: files.map(({ name, size }, n) => ({ kind: 'file' as const, fileId: `${letter}#${n}`, name, size })) } : {}),
    },
  };
}

/** Parts of our addresses by which a line about an earlier mail is known. */
const ownNames = ({ fromAddress, replyTo }: MailHouse): string[] => [fromAddress, ...(replyTo ? [`${replyTo.split('@')[0]}+`.toLowerCase()] : [])];

/** Wherever mail systems note whom a letter was for. */
const RECIPIENT_HEADERS = new Set(['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-forwarded-to', 'x-rcpt-to', 'received']);

function addressesIn({ lines: all }: Head): string[] {
  const lines = all.filter(({ key }) => RECIPIENT_HEADERS.has(key)).map(({ line }) => line);
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
const MESSAGE_ID = /^<[\x21-\x3b\x3d\x3f-\x7e]{3,200}>$/;

function idOf({ messageId: id }: Head, place: string): string {
  if (id === '') return place;
  return MESSAGE_ID.test(id) ? id : `<${createHash('sha256').update(id).digest('hex').slice(0, 32)}>`;
}

/** Answers of calendars have one or two kilobytes. */
const MAX_CALENDAR = 100_000;
const isStatus = ({ contentType }: Attachment): boolean => /^message\/(?:global-)?delivery-status$/.test(contentType);
const isCalendar = ({ contentType }: Attachment): boolean => contentType === 'text/calendar' || contentType === 'application/ics';

function calendarOf({ attachments }: Body): InboundMail['calendar'] {
  const part = attachments.find(isCalendar);
  return part && part.content.length <= MAX_CALENDAR ? readCalendarReply(part.content.toString('utf8')) : undefined;
}

/** Lines that programs write beside an answer; "lịch tôi trùng" and "dự kiến đến muộn" are a person's. */
const BY_PROGRAM =
  /\b(?:accepted|declined|tentative|tentatively|invitation|invited|calendar)\b|(?:chấp nhận|từ chối|trả lời) (?:\p{L}+ )?lời mời|^\s*(?:đã )?(?:chấp nhận|từ chối|dự kiến|có thể tham dự|lời mời)(?: \p{L}+)?\s*:|lịch google|^\s*(?:when|where|who|khi|thời gian|địa điểm|ở đâu|subject|chủ đề)\s*[:?]|https?:/iu;

/** What a person typed beside the answer of their calendar, as one line. */
const beside = (house: MailHouse, text: string): string =>
  cutReply(text, ownNames(house))
    .split('\n')
    .filter((line) => line.trim() !== '' && !BY_PROGRAM.test(line))
    .join(' ')
    .slice(0, 500);

interface AttachedFile {
  name: string;
  size: number;
  bytes: Uint8Array;
}

/** Files a person attached; pictures in a signature and calendar answers are not meant. */
const filesOf = ({ attachments }: Body): AttachedFile[] =>
  attachments
    .filter((part) => !part.related && part.contentDisposition === 'attachment' && !isCalendar(part))
    .slice(0, 20)
    .map(({ filename, content }) => ({ name: (filename ?? 'không tên').normalize('NFC').slice(0, 120), size: content.length, bytes: content }));

/** The file of this number in a letter; undefined where it has none. Rejects where the letter cannot be read. */
export async function fileIn(source: Uint8Array, n: number): Promise<AttachedFile | undefined> {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return filesOf(await readBody(await readHead(bytes, parseMail), bytes, parseMail))[n];
}
