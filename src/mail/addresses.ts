import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.js';
import type { Secret } from '../kernel/secret.js';

/** How this house writes mail; parts that are not set up are absent. */
export interface MailHouse {
  /** As shown: "Nhắc Việc" <nhacviec@tinh.gov.vn>. */
  from: string;
  fromAddress: string;
  /** Of MAIL_FROM; Message-IDs end in it. */
  domain: string;
  secret?: Secret;
  /** Where answers are read. */
  replyTo?: string;
  /** Where failures come back to. */
  bounce?: string;
}

/** Who a reply address speaks for: "p:<person id>" or "a:<agency id>", 24 hexadecimal digits. */
export interface ReplyProof {
  /** "NV-2026-00012"; null: for nothing in particular. */
  about: string | null;
  who: string;
}

/** The addresses of this configuration. Answers and failures need the mailbox to be read. */
export function mailHouse(config: Config): MailHouse {
  const { MAIL_FROM: from = '', MAIL_SECRET: secret, MAIL_REPLY_TO: replyTo, MAIL_BOUNCE: bounce, IMAP_URL: imap } = config;
  const fromAddress = (/<([^<>\s]+@[^<>\s]+)>/.exec(from)?.[1] ?? from).trim().toLowerCase();
  const read = secret && imap;
  return { from, fromAddress, domain: fromAddress.split('@')[1] ?? 'nhac-viec.invalid', ...(read ? { secret } : {}), ...(read && replyTo ? { replyTo } : {}), ...(read && bounce ? { bounce } : {}) };
}

const NOTHING = '0';

/**
 * "tra-loi+NV-2026-00012.<token>@…": the token is a letter for person or agency, the id, and 64 bits of HMAC over both and the
 * matter, in base32, since mail systems may change the case. At most 62 characters before the @ (64 are allowed).
 */
export function replyAddress(house: MailHouse, { about, who }: ReplyProof): string | undefined {
  const { replyTo, secret } = house;
  if (!replyTo || !secret || (about && !/^[A-Z]{1,4}-\d{4}-\d{5,7}$/.test(about))) return undefined;
  const [kind = '', id = ''] = who.split(':');
  const token = kind + base32(Buffer.concat([Buffer.from(id, 'hex'), macOf(secret, 'reply', `${about ?? ''}|${who}`)]));
  return plus(replyTo, `${about ?? NOTHING}.${token}`);
}

/** Reads a reply address back; undefined where it is none of ours, or its token does not fit. */
export function readReplyAddress(house: MailHouse, address: string): ReplyProof | undefined {
  const { replyTo, secret } = house;
  const tag = replyTo && tagOf(replyTo, address);
  const parts = tag ? /^([a-z]{1,4}-\d{4}-\d{5,7}|0)\.([pa])([a-z2-7]{32})$/.exec(tag) : null;
  if (!parts || !secret) return undefined;
  const [, matter = '', kind = '', token = ''] = parts;
  const bytes = unbase32(token);
  const about = matter === NOTHING ? null : matter.toUpperCase();
  const who = `${kind}:${bytes.subarray(0, 12).toString('hex')}`;
  return same(bytes.subarray(12), macOf(secret, 'reply', `${about ?? ''}|${who}`)) ? { about, who } : undefined;
}

/** The Message-ID of a delivery: the same for a repeat, so that mailboxes can tell. */
export const messageIdOf = (house: Pick<MailHouse, 'domain'>, key: string): string => `<${hash(key)}@${house.domain}>`;

/** What all mails on one matter to one reader answer, so that they stand together; no mail of this id exists. */
export const threadIdOf = (house: Pick<MailHouse, 'domain'>, thread: string, to: string): string => `<${hash(`thread|${thread}|${to.toLowerCase()}`)}@${house.domain}>`;

/** Where the failure of this one delivery comes back to (VERP), signed, so that nobody can make up a failure. */
export function bounceAddress(house: MailHouse, key: string): string | undefined {
  const { bounce, secret } = house;
  return bounce && secret ? plus(bounce, `${hash(key)}.${base32(macOf(secret, 'bounce', hash(key)))}`) : undefined;
}

/** The Message-ID of the delivery that a bounce address belongs to; undefined where it is none of ours. */
export function readBounceAddress(house: MailHouse, address: string): string | undefined {
  const { bounce, secret } = house;
  const parts = bounce && secret ? /^([0-9a-f]{32})\.([a-z2-7]{13})$/.exec(tagOf(bounce, address) ?? '') : null;
  if (!parts || !secret) return undefined;
  const [, id = '', token = ''] = parts;
  return base32(macOf(secret, 'bounce', id)) === token ? `<${id}@${house.domain}>` : undefined;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

const macOf = (secret: Secret, purpose: string, text: string): Buffer => createHmac('sha256', secret.reveal()).update(`mail-${purpose}|${text}`).digest().subarray(0, 8);

const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

const plus = (address: string, tag: string): string => address.replace('@', `+${tag}@`);

/** What stands behind the "+", lower case. */
function tagOf(base: string, address: string): string | undefined {
  const [local = '', domain = ''] = base.toLowerCase().split('@');
  const given = address.trim().toLowerCase();
  return given.startsWith(`${local}+`) && given.endsWith(`@${domain}`) ? given.slice(local.length + 1, -domain.length - 1) : undefined;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648, lower case, without padding. */
function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => LETTERS[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

function unbase32(text: string): Buffer {
  const bits = [...text].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2)));
}
