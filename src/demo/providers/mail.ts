import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../kernel/clock.js';
import { serveImap, type Kept } from './mail/imap.js';
import { replyTo, type InvitationAnswer } from './mail/invitation.js';
import { fileIn, show, type ShownLetter, type Stored } from './mail/letter.js';
import { handIn } from './mail/smtp-client.js';
import { serveSmtp } from './mail/smtp.js';
import { writeAnswer, type Answer } from './mail/write-letter.js';

export type { ShownLetter } from './mail/letter.js';
export { invitationAnswers, type InvitationAnswer } from './mail/invitation.js';
export type { Answer } from './mail/write-letter.js';

/** Who writes or reads at the provider. */
export interface MailReader {
  address: string;
  name: string;
}

/** A mail provider with everybody's mailbox: SMTP in, IMAP for the house's own box. Strict about order, signing in and lines. */
export interface MailStandIn {
  smtpUrl: string;
  imapUrl: string;
  /** What this reader has got, oldest first. */
  lettersOf(address: string): Promise<ShownLetter[]>;
  /** What this reader has sent, oldest first. */
  sentBy(address: string): Promise<ShownLetter[]>;
  /** Numbers of the letters this reader has not opened, oldest first. */
  unopened(address: string): number[];
  /** The reader opens it. */
  markOpened(number: number): void;
  /** A file of a letter that this reader has got or sent; undefined where there is none. */
  fileOf(address: string, number: number, n: number): Promise<{ name: string; type: string; bytes: Buffer } | undefined>;
  /** The reader answers a letter of this Message-ID over SMTP, quoting it below as mail programs do. Throws RangeError where they have none. */
  answer(reader: string | MailReader, letterId: string, answer: string | Answer): Promise<void>;
  /** The reader's calendar answers the invitation in a letter. Throws RangeError where there is none. */
  respond(reader: string | MailReader, letterId: string, answer: InvitationAnswer, comment?: string): Promise<void>;
  /** Called with the address of a reader after every change in their mailbox. Returns the way to stop. */
  onChange(listener: (address: string) => void): () => void;
  /** Puts a letter of any make into the house's mailbox. */
  deliver(raw: string): void;
  /** From now on this address is refused with these words ("550 5.1.1 no such user"); null: no more. */
  refuse(address: string, words: string | null): void;
  /** How many of the house's letters are not read yet. */
  unread(): number;
  stop(): Promise<void>;
}

const login = { user: 'nhacviec@thu.example', password: 'mat-khau-thu' } as const;
const READERS_PASSWORD = 'mat-khau-nguoi-doc';

/** Addresses with a tag behind "+" are the product's own: answers and failures; they lie in the box that IMAP shows. */
const isTagged = (address: string): boolean => /^[^@+]+\+[^@]+@/.test(address);

/** Letters by number, who has opened what, and who wants to know. */
class PostOffice {
  readonly letters: Stored[] = [];
  readonly inbox: Kept[] = [];
  readonly opened = new Set<number>();
  readonly refused = new Map<string, string>();
  readonly #watching = new Set<(address: string) => void>();
  readonly #waiting = new Set<() => void>();

  constructor(readonly clock: Clock) {}

  take(letter: Omit<Stored, 'number' | 'at'>): void {
    this.letters.push({ ...letter, number: this.letters.length + 1, at: this.clock.now() });
    if (letter.to.some(isTagged)) this.put(letter.raw);
    for (const address of new Set([letter.from.toLowerCase(), ...letter.to])) this.tell(address);
  }

  put(raw: string): void {
    this.inbox.push({ uid: this.inbox.length + 1, raw, flags: new Set() });
    this.#waiting.forEach((heard) => heard());
  }

  tell(address: string): void {
    this.#watching.forEach((heard) => heard(address));
  }

  readonly watch = (heard: (address: string) => void): (() => void) => on(this.#watching, heard);
  readonly wait = (heard: () => void): (() => void) => on(this.#waiting, heard);
  readonly gotBy = (address: string): Stored[] => this.letters.filter(({ to }) => to.includes(address.toLowerCase()));
  readonly sentBy = (address: string): Stored[] => this.letters.filter(({ from }) => from.toLowerCase() === address.toLowerCase());
}

function on<T>(all: Set<T>, one: T): () => void {
  all.add(one);
  return () => void all.delete(one);
}

/** Starts the provider on two free ports of 127.0.0.1. */
export async function startMailStandIn({ clock }: { clock: Clock }): Promise<MailStandIn> {
  const post = new PostOffice(clock);
  const signIn = (user: string, password: string) =>
    user === login.user && password === login.password ? ('house' as const) : password === READERS_PASSWORD && user.includes('@') ? { address: user.toLowerCase() } : null;
  const smtp = await listen((socket) => serveSmtp(socket, { signIn, refuse: (address) => post.refused.get(address) ?? null, keep: (letter) => post.take(letter) }));
  const imap = await listen((socket) => serveImap(socket, { login, letters: post.inbox, onNew: post.wait }));
  return {
    smtpUrl: `smtp://${encodeURIComponent(login.user)}:${login.password}@127.0.0.1:${smtp.port}`,
    imapUrl: `imap://${encodeURIComponent(login.user)}:${login.password}@127.0.0.1:${imap.port}/INBOX`,
    ...readersSide(post, smtp.port),
    deliver: (raw) => post.put(raw),
    refuse: (address, words) => void (words === null ? post.refused.delete(address.toLowerCase()) : post.refused.set(address.toLowerCase(), words)),
    unread: () => post.inbox.filter(({ flags }) => !flags.has('\\Seen')).length,
    stop: async () => void (await Promise.all([smtp.stop(), imap.stop()])),
  };
}

type ReadersSide = Pick<MailStandIn, 'lettersOf' | 'sentBy' | 'unopened' | 'markOpened' | 'fileOf' | 'answer' | 'respond' | 'onChange'>;

/** What people do with their mail programs. */
function readersSide(post: PostOffice, port: number): ReadersSide {
  const lettersOf = (address: string) => Promise.all(post.gotBy(address).map(show));
  const letterOf = async (address: string, id: string): Promise<ShownLetter> => {
    const letter = (await lettersOf(address)).findLast((one) => one.id === id);
    if (!letter) throw new RangeError(`${address} has no letter ${id}`);
    return letter;
  };
  const send = (reader: MailReader, letter: ShownLetter, answer: Answer): Promise<void> => {
    const by = { ...reader, id: `tra-loi-${post.letters.length + 1}-${clockMark(post.clock)}@thu.example`, now: post.clock.now() };
    return handIn(port, { user: reader.address, password: READERS_PASSWORD }, { from: reader.address, to: [letter.replyTo], raw: writeAnswer(letter, by, answer) });
  };
  return {
    lettersOf,
    sentBy: (address) => Promise.all(post.sentBy(address).map(show)),
    unopened: (address) => post.gotBy(address).flatMap(({ number }) => (post.opened.has(number) ? [] : [number])),
    markOpened: (number) => {
      if (post.opened.has(number)) return;
      post.opened.add(number);
      post.letters[number - 1]?.to.forEach((address) => post.tell(address));
    },
    fileOf: async (address, number, n) => {
      const letter = [...post.gotBy(address), ...post.sentBy(address)].find((one) => one.number === number);
      return letter && fileIn(letter, n);
    },
    answer: async (who, letterId, answer) => {
      const reader = readerOf(who);
      await send(reader, await letterOf(reader.address, letterId), typeof answer === 'string' ? { words: answer } : answer);
    },
    respond: async (who, letterId, answer, comment = '') => {
      const reader = readerOf(who);
      const letter = await letterOf(reader.address, letterId);
      if (letter.invitation?.method !== 'REQUEST') throw new RangeError(`letter ${letterId} invites nobody`);
      await send(reader, letter, { words: `${answerWords[answer]}: ${letter.invitation.title}`, calendar: replyTo(letter.invitation, { answer, name: reader.name, comment, now: post.clock.now() }) });
    },
    onChange: post.watch,
  };
}

/** Written by the reader's calendar, not by the reader. */
const answerWords: Readonly<Record<InvitationAnswer, string>> = { ACCEPTED: 'Đã chấp nhận', DECLINED: 'Đã từ chối', TENTATIVE: 'Tạm nhận' };

const readerOf = (who: string | MailReader): MailReader => (typeof who === 'string' ? { address: who.toLowerCase(), name: '' } : { ...who, address: who.address.toLowerCase() });
const clockMark = (clock: Clock): string => clock.now().getTime().toString(36);

async function listen(serve: (socket: Socket) => void): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const stop = () => new Promise<void>((resolve) => {
    sockets.forEach((socket) => socket.destroy());
    server.close(() => resolve());
  });
  return { port: typeof address === 'object' && address ? address.port : 0, stop };
}
