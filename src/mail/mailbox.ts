import { ImapFlow } from 'imapflow';
import type { Logger } from 'pino';
import { isDatabaseGone } from '../db/is-database-gone.js';
import type { Random } from '../kernel/random.js';
import { printOf, readName } from './letter-name.js';
import { MAX_FAILURES } from './set-aside.js';

/** Letters taken in one pass; the next pass comes at once if there are more. */
const AT_ONCE = 200;
/** Letters of one Message-ID that are looked at for the one that is meant. */
const MAX_NAMESAKES = 20;
/** Of a letter only so much is read: ten megabytes of files in base64, and the words. */
const MAX_BYTES = 15_000_000;
const PATIENCE_MS = 20_000;
const CLOSE_MS = 1_000;
/** Looks again at least so often, also where the server announces nothing. */
const LOOK_EVERY_MS = 60_000;
const BACKOFF = { firstMs: 2_000, maxMs: 5 * 60_000, refusedMs: 10 * 60_000 } as const;
const KNOWN = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EPIPE|NoConnection|CONNECT_TIMEOUT|GREETING_TIMEOUT|UPGRADE_TIMEOUT|NOT_MARKED)$/;

export interface MailboxSeams {
  /** imap(s)://user:password@host:port/INBOX */
  url: string;
  /** Folder for letters that were taken in; absent: they stay, marked read. */
  doneFolder?: string;
  log: Logger;
  random: Random;
  /** Keeps what the letter says before anything else happens; a rejection leaves it unread. `place` names it in this mailbox, which got it at `arrivedAt`. */
  take(source: Uint8Array, place: string, arrivedAt?: Date): Promise<void>;
  /** Counts that the letter at this place could not be stored and returns how often by now; rejects where nothing can be stored. Absent: every failure ends the pass. */
  failed?(place: string): Promise<number>;
  /** How reading goes: null is well, else a short code. */
  report(code: string | null): void;
}

/**
 * The mailbox that answers and failures come to. What is unread is taken in, stored first and marked read after: a crash in
 * between takes it in again, and the same letter twice is one. One connection at a time, opened again after every failure.
 */
export class Mailbox {
  readonly #seams: MailboxSeams;
  readonly #folder: string;
  #client: ImapFlow | null = null;
  #pass: Promise<unknown> = Promise.resolve();
  #wake: (() => void) | null = null;
  /** Something was announced since the last pass began. */
  #news = false;
  #closed = false;

  constructor(seams: MailboxSeams) {
    this.#seams = seams;
    this.#folder = decodeURIComponent(new URL(seams.url).pathname.slice(1)) || 'INBOX';
  }

  /**
   * Takes in all unread letters; one pass at a time. A letter that cannot be stored stays unread and keeps no other from being
   * taken in; after the third time it is flagged and set aside. Rejects where the mailbox cannot be read or nothing be stored.
   */
  takeIn(): Promise<number> {
    const pass = this.#pass.then(() => this.#takeAll());
    this.#pass = pass.catch(() => {});
    return pass.then(
      (taken) => (this.#seams.report(null), taken),
      (error: unknown) => {
        this.#seams.report(codeOf(error));
        this.#drop();
        throw error;
      },
    );
  }

  /** Takes letters in as they come, until the signal aborts. Survives whatever the server does; never rejects. */
  async watch(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        const taken = await this.takeIn();
        failures = 0;
        if (taken < AT_ONCE) await this.#untilNews(LOOK_EVERY_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#seams.log.warn({ event: 'mail.box-failed', code: codeOf(error), failures });
        this.#news = false;
        await this.#untilNews(this.#pause(codeOf(error), ++failures), signal);
      }
    }
  }

  /** A letter taken in before, by its name (see nameOf); null where it is not kept any more. Rejects where the mailbox cannot be read. */
  find(name: string): Promise<Uint8Array | null> {
    const found = this.#pass.then(async () => (await this.#findIn(this.#folder, name)) ?? (this.#seams.doneFolder ? await this.#findIn(this.#seams.doneFolder, name) : null));
    this.#pass = found.catch(() => {});
    return found;
  }

  /** At its place, or, moved meanwhile, under its Message-ID; strangers may write letters of the same, so the print decides. */
  async #findIn(folder: string, name: string): Promise<Uint8Array | null> {
    const wanted = readName(name);
    if (this.#closed || !wanted) return null;
    const client = await this.#open();
    const lock = await client.getMailboxLock(folder);
    try {
      const [validity, uid] = wanted.place.split(':');
      const atPlace = client.mailbox && String(client.mailbox.uidValidity) === validity ? await this.#letterIfMeant(client, Number(uid), wanted.print) : null;
      if (atPlace) return atPlace;
      const namesakes = (await client.search({ header: { 'message-id': wanted.messageId } }, { uid: true })) || [];
      for (const other of namesakes.slice(0, MAX_NAMESAKES)) {
        const letter = await this.#letterIfMeant(client, other, wanted.print);
        if (letter) return letter;
      }
      return null;
    } finally {
      lock.release();
    }
  }

  async #letterIfMeant(client: ImapFlow, uid: number, print: string): Promise<Uint8Array | null> {
    const letter = await client.fetchOne(String(uid), { source: { start: 0, maxLength: MAX_BYTES } }, { uid: true });
    return letter && letter.source && printOf(letter.source) === print ? letter.source : null;
  }

  /** Finishes the letter in hand and hangs up; a server that does not answer is not waited for longer than a second. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#announce();
    await Promise.race([this.#pass, aborted(AbortSignal.timeout(CLOSE_MS))]);
    const client = this.#client;
    this.#client = null;
    client?.close();
    await this.#pass;
  }

  async #takeAll(): Promise<number> {
    if (this.#closed) return 0;
    this.#news = false;
    const client = await this.#open();
    const lock = await client.getMailboxLock(this.#folder);
    try {
      const unread = (await client.search({ seen: false }, { uid: true })) || [];
      const validity = client.mailbox ? String(client.mailbox.uidValidity) : '0';
      let taken = 0;
      for (const uid of unread.slice(0, AT_ONCE)) if (!this.#closed) taken += await this.#takeOne(client, uid, validity);
      return taken;
    } finally {
      lock.release();
    }
  }

  async #takeOne(client: ImapFlow, uid: number, validity: string): Promise<number> {
    const letter = await client.fetchOne(String(uid), { source: { start: 0, maxLength: MAX_BYTES }, internalDate: true }, { uid: true });
    // Another instance may have moved it meanwhile.
    if (!letter || !letter.source) return 0;
    const place = `${validity}:${uid}`;
    try {
      await this.#seams.take(letter.source, place, arrivalOf(letter.internalDate));
    } catch (error) {
      return this.#notStored(client, uid, { place, error });
    }
    await mark(client, uid, ['\\Seen']);
    const { doneFolder, log } = this.#seams;
    const moved = doneFolder ? await client.messageMove(String(uid), doneFolder, { uid: true }).catch(() => false) : true;
    if (!moved) log.warn({ event: 'mail.not-moved', uid });
    return 1;
  }

  /** Poison must not stop all mail. That counting fails too shows that it is not the letter: the pass ends. */
  async #notStored(client: ImapFlow, uid: number, { place, error }: { place: string; error: unknown }): Promise<0> {
    if (!this.#seams.failed || isDatabaseGone(error)) throw error;
    const failures = await this.#seams.failed(place).catch(() => {
      throw error;
    });
    const { log } = this.#seams;
    log.error({ event: failures < MAX_FAILURES ? 'mail.not-stored' : 'mail.set-aside', place, failures, err: nameOnly(error) });
    if (failures >= MAX_FAILURES) await mark(client, uid, ['\\Seen', '\\Flagged']);
    return 0;
  }

  async #open(): Promise<ImapFlow> {
    if (this.#client?.usable) return this.#client;
    this.#drop();
    const { hostname, port, protocol, username, password } = new URL(this.#seams.url);
    const secure = protocol === 'imaps:';
    const client = new ImapFlow({
      host: hostname, port: Number(port) || (secure ? 993 : 143), secure,
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
      // Its log lines hold addresses and texts.
      logger: false, emitLogs: false, connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: 5 * 60_000,
    });
    client.on('error', () => {});
    client.on('exists', () => this.#announce());
    client.on('close', () => this.#announce());
    // Known before it is connected, so that a server that never answers can be hung up on.
    this.#client = client;
    await client.connect();
    return client;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = null;
    client?.close();
  }

  #announce(): void {
    this.#news = true;
    this.#wake?.();
  }

  /** Until the server announces something, the connection ends, or the time is up. */
  async #untilNews(ms: number, signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#news || limit.aborted) resolve();
      limit.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#wake = null;
  }

  #pause(code: string, failures: number): number {
    if (code === 'auth') return BACKOFF.refusedMs;
    return Math.round(Math.min(BACKOFF.maxMs, BACKOFF.firstMs * 2 ** Math.min(failures, 20)) * (0.5 + this.#seams.random.next() / 2));
  }
}

function arrivalOf(internalDate: Date | string | undefined): Date | undefined {
  const at = internalDate === undefined ? undefined : new Date(internalDate);
  return at && !Number.isNaN(at.getTime()) ? at : undefined;
}

/** A connection that is gone, or a mailbox opened for reading only, answers "no" without an error. */
async function mark(client: ImapFlow, uid: number, flags: string[]): Promise<void> {
  if (!(await client.messageFlagsAdd(String(uid), flags, { uid: true }))) throw Object.assign(new Error('not marked'), { code: 'NOT_MARKED' });
}

/** Its message may quote what a person wrote. */
const nameOnly = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

const aborted = (signal: AbortSignal): Promise<void> => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** A word for what went wrong; never the error's own text, which may quote the account. */
export function codeOf(error: unknown): string {
  const { authenticationFailed, code, serverResponseCode } = error as { authenticationFailed?: boolean; code?: unknown; serverResponseCode?: unknown };
  if (authenticationFailed === true || serverResponseCode === 'AUTHENTICATIONFAILED') return 'auth';
  return typeof code === 'string' && KNOWN.test(code) ? code.toLowerCase() : 'imap';
}
