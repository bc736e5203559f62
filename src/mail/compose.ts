import type { SendMailOptions } from 'nodemailer';
import { howToReply, noAnswerNeeded, noReply, onlyInSystem, signature } from '../texts/mail-texts.js';
import type { Button, Message } from '../texts/message.js';
import { bounceAddress, messageIdOf, replyAddress, threadIdOf, type MailHouse } from './addresses.js';
import { icsOf } from './calendar.js';
import { htmlOf, type Link } from './html.js';

/** Whom a delivery is for, where anybody in particular. */
export interface Reader {
  /** "p:<person id>" or "a:<agency id>". */
  who: string;
  name: string;
}

/** One delivery on its way. */
export interface Letter {
  to: string;
  key: string;
  reader: Reader | null;
  now: Date;
}

/** How an answer in the thread of a matter begins, by command; of a report only the number in front is missing. */
const plainWords: Readonly<Record<string, string>> = { capnhat: '% ', xacnhan: 'Đã nhận', thamdu: 'Tham dự', vang: 'Vắng: ' };

/** A message as a letter: subject, text and page, thread, reply and bounce address, and the entry for the reader's calendar. */
export function composeMail(house: MailHouse, message: Message, { to, key, reader, now }: Letter): SendMailOptions {
  const subject = subjectOf(message);
  const replyTo = reader ? replyAddress(house, { about: message.thread ?? null, who: reader.who }) : undefined;
  const links = (message.buttons ?? []).flatMap((button) => linkOf(button, { replyTo, subject, thread: message.thread }));
  const footer = [replyTo ? howToAnswer(message) : noReply(), signature()];
  const root = message.thread ? threadIdOf(house, message.thread, to) : undefined;
  const organizer = { name: nameOf(house.from), email: replyTo ?? house.fromAddress };
  const { calendar } = message;
  return {
    from: house.from,
    to: { name: '', address: to },
    envelope: { from: bounceAddress(house, key) ?? house.fromAddress, to },
    ...(replyTo ? { replyTo } : {}),
    subject,
    messageId: messageIdOf(house, key),
    ...(root ? { inReplyTo: root, references: root } : {}),
    text: textOf(message, links, footer),
    html: htmlOf({ subject, lines: message.text.split('\n'), links, footer }),
    ...(calendar ? { icalEvent: { method: calendar.method, filename: 'lich-hop.ics', content: icsOf({ entry: calendar, organizer, attendee: { name: reader?.name ?? to, email: to }, description: message.text, now }) } } : {}),
    attachments: (message.attachments ?? []).map(({ name, contentType, content }) => ({ filename: name, contentType, content: Buffer.from(content) })),
    // RFC 3834: what answers by itself must not answer this.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'List-Id': `Nhac Viec <nhac-viec.${house.domain}>` },
  };
}

function howToAnswer(message: Message): string {
  if (message.onlyInSystem) return onlyInSystem();
  return asksForAnswer(message) ? howToReply(message.thread) : noAnswerNeeded();
}

/** A report on a task is always welcome; of a meeting only who was asked answers. */
const asksForAnswer = ({ thread, buttons = [] }: Message): boolean => !thread?.startsWith('HOP-') || buttons.some((button) => 'command' in button);

/** "[NV-2026-00012] Nhắc việc": the matter first, so that lists sort by it; else the first line, without its mark. */
export function subjectOf({ subject, text, thread }: Message): string {
  const first = subject ?? text.split('\n')[0] ?? '';
  const named = thread ? first.replaceAll(thread, '') : first;
  const bare = named.replace(/^[\p{Extended_Pictographic}\ufe0f\s]+/u, '').replace(/\s*·\s*(?=[·:]|$)/g, '').replace(/\s+/g, ' ').replace(/ (?=[:,.])/g, '').replace(/^[ ·:]+|[ ·:]+$/g, '') || 'Nhắc Việc';
  const short = [...bare].slice(0, 150).join('');
  return thread ? `[${thread}] ${short}` : short;
}

function textOf(message: Message, links: readonly Link[], footer: readonly string[]): string {
  const pages = links.filter(({ href }) => !href.startsWith('mailto:')).map(({ label, href }) => `${label}: ${href}`);
  return [message.text, ...(pages.length > 0 ? ['', ...pages] : []), '', '-- ', ...footer].join('\n');
}

interface Around {
  replyTo: string | undefined;
  subject: string;
  thread: string | undefined;
}

/** Pages open; commands become an answer begun in the reader's mail program, where answers are read. */
function linkOf(button: Button, { replyTo, subject, thread }: Around): Link[] {
  if ('url' in button) return /^https?:\/\//i.test(button.url) ? [{ label: button.label, href: button.url }] : [];
  if (!replyTo) return [];
  const [name = '', ...rest] = button.command.replace(/^\//, '').split(' ');
  const own = rest.length === 1 && rest[0] === thread;
  const body = own && plainWords[name] ? plainWords[name] : `${button.command} `;
  return [{ label: button.label, href: `mailto:${replyTo.replace('+', '%2B')}?subject=${encodeURIComponent(`Re: ${subject}`)}&body=${encodeURIComponent(body)}` }];
}

const nameOf = (from: string): string => from.replace(/<[^>]*>/, '').replace(/"/g, '').trim() || 'Nhắc Việc';
