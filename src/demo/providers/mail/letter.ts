import { simpleParser, type Attachment, type ParsedMail } from 'mailparser';
import { readInvitation, type Invitation } from './invitation.js';
import type { HandedIn } from './smtp.js';

/** A letter in the provider's store. */
export interface Stored extends HandedIn {
  /** From 1, in the order they came. */
  number: number;
  at: Date;
}

/** A letter as the reader's mail program shows it. */
export interface ShownLetter {
  number: number;
  /** Message-ID. */
  id: string;
  at: Date;
  from: { name: string; address: string };
  to: string;
  subject: string;
  text: string;
  html: string | null;
  replyTo: string;
  /** Message-IDs this one stands under, oldest first. */
  references: string[];
  /** "REQUEST" or "CANCEL" where an entry for the calendar came along. */
  calendar: string | null;
  invitation: Invitation | null;
  attachments: { name: string; type: string; size: number }[];
}

const opened = new WeakMap<Stored, Promise<ParsedMail>>();

function open(stored: Stored): Promise<ParsedMail> {
  const known = opened.get(stored) ?? simpleParser(stored.raw, { skipTextToHtml: true, skipImageLinks: true });
  opened.set(stored, known);
  return known;
}

/** Opens a letter the way a mail program does. */
export async function show(stored: Stored): Promise<ShownLetter> {
  const mail = await open(stored);
  const from = mail.from?.value[0];
  const ics = mail.attachments.find(isCalendar)?.content.toString('utf8');
  const invitation = ics ? readInvitation(ics) : null;
  return {
    number: stored.number,
    id: mail.messageId ?? '',
    at: stored.at,
    from: { name: from?.name ?? '', address: from?.address ?? '' },
    to: stored.to.join(', '),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || null,
    replyTo: mail.replyTo?.value[0]?.address ?? from?.address ?? '',
    references: [mail.references ?? []].flat(),
    calendar: invitation?.method ?? null,
    invitation,
    attachments: files(mail).map(({ filename, contentType, content }) => ({ name: filename ?? 'tep', type: contentType, size: content.length })),
  };
}

/** The file of this place in `attachments`; undefined where there is none. */
export async function fileIn(stored: Stored, n: number): Promise<{ name: string; type: string; bytes: Buffer } | undefined> {
  const part = files(await open(stored))[n];
  return part && { name: part.filename ?? 'tep', type: part.contentType, bytes: part.content };
}

const isCalendar = ({ contentType }: Attachment): boolean => contentType === 'text/calendar';

/** What a mail program lists as files; the invitation is shown as one, not as a file. */
const files = ({ attachments }: ParsedMail): Attachment[] => attachments.filter((part) => !isCalendar(part) && part.contentType !== 'application/ics');
