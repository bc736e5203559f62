import nodemailer, { type SendMailOptions, type Transporter } from 'nodemailer';
import type { Sender, SendOutcome } from '../delivery/sender.js';
import type { MailHouse } from './addresses.js';
import { composeMail, type Reader } from './compose.js';
import { toOutcome, type SmtpError } from './smtp-outcome.js';

/** Below the ten seconds a call may take, so that the server's silence has a name before the signal comes. */
const PATIENCE_MS = 9_000;

/** A pool of connections to the server of SMTP_URL. Nothing is logged by it: its lines hold addresses and texts. */
export function createTransport(url: string): Transporter {
  const patience = { connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS, dnsTimeout: PATIENCE_MS };
  // The outbox repeats; the pool itself only where a connection died of old age before a byte of the letter was read.
  const pool = { url, pool: true, maxConnections: 4, maxMessages: 100, maxRequeues: 1, logger: false, ...patience };
  return watchHandover(nodemailer.createTransport(pool as Parameters<typeof nodemailer.createTransport>[0]));
}

/** What the sender needs of the house around it. */
export interface SenderSeams {
  transport: Transporter;
  house: MailHouse;
  now(): Date;
  /** Whom the delivery of this key is for; null: an answer to nobody in particular. */
  readerOf(key: string): Promise<Reader | null>;
  /** Takes one of today's letters; milliseconds until there are some again where none is left. */
  takeOne(key: string): Promise<number | null>;
  noticed(outcome: SendOutcome): void;
}

/** Sends over a nodemailer transport. The Message-ID derives from the delivery, so a repeat is recognisable. */
export function createMailSender(seams: SenderSeams): Sender {
  return {
    channel: 'email',
    truth: 'none',
    send: async (to, message, { key, signal }) => {
      const restMs = await seams.takeOne(key);
      const outcome: SendOutcome =
        restMs === null
          ? await send(seams, composeMail(seams.house, message, { to, key, reader: await seams.readerOf(key), now: seams.now() }), signal)
          : { kind: 'retry', code: 'smtp-daily-limit', afterMs: restMs, maybeSent: false, pauseChannel: true };
      seams.noticed(outcome);
      return outcome;
    },
  };
}

/** The letter, and a bell that rings once its last byte was given to the connection. */
type Watched = SendMailOptions & { signal: AbortSignal; handedOver(): void };

async function send({ transport }: SenderSeams, letter: SendMailOptions, signal: AbortSignal): Promise<SendOutcome> {
  let handedOver = false;
  const watched: Watched = { ...letter, signal, disableFileAccess: true, disableUrlAccess: true, handedOver: () => void (handedOver = true) };
  try {
    await transport.sendMail(watched);
    return { kind: 'accepted', providerId: String(letter.messageId) };
  } catch (error) {
    return toOutcome(error as SmtpError, handedOver);
  }
}

/** nodemailer does not tell a connection lost before the text from one lost behind it; the end of the text's own stream does. */
function watchHandover(transport: Transporter): Transporter {
  transport.use('stream', (mail, done) => {
    const { handedOver } = mail.data as Partial<Watched>;
    const { message } = mail;
    const create = message.createReadStream.bind(message);
    // A stream ends when the connection has taken its last byte, not when the text is complete in memory.
    message.createReadStream = (options) => create(options).once('end', () => handedOver?.());
    done();
  });
  return transport;
}
