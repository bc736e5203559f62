import { createHash } from 'node:crypto';
import type { Pdu } from 'smpp';
import type { Ctx } from '../../context.js';
import type { ChannelPorts } from '../../delivery/channel-module.js';
import { heardBySms } from '../../delivery/phones/heard-by-sms.js';
import type { SendOutcome } from '../../delivery/sender.js';
import { identityOfSms } from '../../inbox/sms-identity.js';
import { Secret } from '../../kernel/secret.js';
import { normalisePhone } from '../../people/phone.js';
import type { OutgoingSms, SmsDriver } from '../driver.js';
import { segmentsOf, type Segment } from '../segments.js';
import { outcomeOf } from './smpp-codes.js';
import { createIds } from './smpp-ids.js';
import { defaultLimits, SmppLink, type SmppLimits, type SmppLogin } from './smpp-link.js';
import { answerIn, isReceiptLike, piecesOf, readReceipt } from './smpp-receipt.js';
import type { Answered } from './smpp-session.js';

export interface SmppSettings {
  login: SmppLogin;
  brandname: string;
}

/** Type of number and numbering plan: an alphanumeric brandname to an international ISDN number. */
const ADDRESSES = { source_addr_ton: 5, source_addr_npi: 0, dest_addr_ton: 1, dest_addr_npi: 1 } as const;
/** Explicit: left out, the package would say 0x01 (IA5) for plain text. */
const DATA_CODING = { gsm7: 0x00, ucs2: 0x08 } as const;
const HAS_HEADER = 0x40;

/** SMPP 3.4 to any operator. There is no request id: after a lost answer nobody knows, so truth is "none". */
export function smppDriver(ctx: Ctx, { login, brandname }: SmppSettings, ports: ChannelPorts, limits: Partial<SmppLimits> = {}): SmsDriver {
  const ids = createIds(ctx);
  const onDeliver = (pdu: Pdu) => deliver(ctx, { ids, ports }, pdu);
  const link = new SmppLink({ login, limits: { ...defaultLimits, ...limits }, log: ctx.log, random: ctx.random, onDeliver });
  return {
    truth: 'none',
    submit: (sms, signal) => submit({ link, ids, brandname }, sms, signal),
    start: async () => link.start(),
    stop: () => link.stop(),
    trouble: () => link.trouble,
  };
}

/** Reads smpp://user:password@host:port; ssmpp:// or smpps:// is the same over TLS. Default ports 2775 and 3550. Throws TypeError. */
export function readSmppUrl(text: string): SmppLogin {
  const url = new URL(text);
  const tls = url.protocol !== 'smpp:';
  if (!url.hostname || !url.username) throw new TypeError('an SMPP address needs a host and a user');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (tls ? 3550 : 2775),
    tls,
    systemId: decoded(url.username),
    password: new Secret(decoded(url.password)),
  };
}

/** A "%" that encodes nothing was meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface SubmitParts {
  link: SmppLink;
  ids: ReturnType<typeof createIds>;
  brandname: string;
}

/**
 * Part by part. Only the last one asks for a receipt and its id stands for the whole: the phone shows the text when all are
 * there. After a refusal half-way the repeat has the same reference, so the phone completes the text instead of showing two.
 */
async function submit({ link, ids, brandname }: SubmitParts, { to, encoded, key }: OutgoingSms, signal: AbortSignal): Promise<SendOutcome> {
  const digest = createHash('sha256').update(`${key}\n${encoded.text}`).digest();
  const segments = segmentsOf(encoded, digest[0] ?? 0);
  let outcome: SendOutcome = { kind: 'unreachable', code: 'empty-text' };
  for (const [i, segment] of segments.entries()) {
    const receipt = i === segments.length - 1;
    const answer = await link.submit({ ...ADDRESSES, source_addr: brandname, destination_addr: to, ...payload(segment, DATA_CODING[encoded.encoding], receipt) }, signal);
    // Some SMSCs give no id; what they took is taken all the same.
    outcome = read(answer, digest.toString('hex').slice(0, 32));
    if (outcome.kind !== 'accepted') return outcome;
  }
  if (outcome.kind === 'accepted') ids.remember(outcome.providerId, to);
  return outcome;
}

const payload = ({ bytes, hasHeader }: Segment, dataCoding: number, receipt: boolean) => ({
  data_coding: dataCoding,
  esm_class: hasHeader ? HAS_HEADER : 0,
  registered_delivery: receipt ? 1 : 0,
  short_message: bytes,
});

function read(answer: Answered, withoutId: string): SendOutcome {
  if (answer.kind === 'not-sent' && answer.code === 'smpp-bind-refused') return { kind: 'rejected', code: answer.code };
  if (answer.kind !== 'answer') return { kind: 'retry', code: answer.code, maybeSent: answer.kind === 'unknown' };
  const { command_status: status, message_id: id } = answer.pdu;
  return status === 0 ? { kind: 'accepted', providerId: id?.trim() || withoutId } : outcomeOf(status);
}

interface DeliverParts {
  ids: ReturnType<typeof createIds>;
  ports: ChannelPorts;
}

/** A receipt, or what a phone wrote back: most brandnames cannot be answered, but a number of the office's own can. */
async function deliver(ctx: Ctx, { ids, ports }: DeliverParts, pdu: Pdu): Promise<void> {
  const receipt = readReceipt(pdu);
  if (!receipt) return answered(ctx, ports, pdu);
  if (receipt.end === 'under-way') return;
  const providerId = await ids.find(receipt.id, pdu.source_addr ?? '');
  if (receipt.end === 'delivered') return ports.receipt(providerId, 'delivered', ctx.clock.now());
  ctx.log.warn({ event: 'sms.undelivered', driver: 'smpp', providerId, state: receipt.state });
  if (receipt.end === 'failed') await ports.receipt(providerId, 'failed', ctx.clock.now(), `smpp-${receipt.state.toLowerCase()}`);
}

/** What a phone wrote. The SMSC delivers again what was not acknowledged; see identityOfSms. */
async function answered(ctx: Ctx, ports: ChannelPorts, pdu: Pdu): Promise<void> {
  const from = pdu.source_addr ?? '';
  const text = answerIn(pdu);
  const minute = Math.floor(ctx.clock.now().getTime() / 60_000);
  const id = createHash('sha256').update(`${from}\n${text}\n${minute}`).digest('hex').slice(0, 32);
  const { pieces, number } = piecesOf(pdu);
  const meaning = isReceiptLike(pdu) ? 'ignored' : await heardBySms(ctx, { from, text, id, piece: pieces > 1 });
  ctx.log.info({ event: 'sms.smpp-answer', command: pdu.command, meaning });
  // Kept before the SMSC gets its answer; what it says is found out from the inbox. Of a long one only the first piece asks back.
  const phone = normalisePhone(from);
  if (meaning !== 'words' || !phone || number !== 1) return;
  const messageId = await identityOfSms(ctx, { phone, text, reference: pdu.user_message_reference ?? 0 });
  await ports.receive({ channel: 'sms', messageId, chatId: phone, senderId: phone, kind: 'text', text, ...(pieces > 1 ? { pieces } : {}) });
}
