import { createServer, type Server, type Socket } from 'node:net';
import { simpleParser } from 'mailparser';
import type { Clock } from '../../kernel/clock.js';
import { serveImap, type Kept } from './mail/imap.js';
import { serveSmtp, type HandedIn } from './mail/smtp.js';

/** A letter as the reader's mail program shows it. */
export interface ShownLetter {
  id: string;
  at: Date;
  subject: string;
  text: string;
  html: string | null;
  replyTo: string;
  /** "REQUEST" or "CANCEL" where an entry for the calendar came along. */
  calendar: string | null;
}

/** A mail provider with everybody's mailbox: SMTP in, IMAP for the house's own box. Strict about order, signing in and lines. */
export interface MailStandIn {
  smtpUrl: string;
  imapUrl: string;
  /** What this reader has got, oldest first. */
  lettersOf(address: string): Promise<ShownLetter[]>;
  /** The reader answers a letter, quoting it below as mail programs do. */
  answer(address: string, letterId: string, words: string): Promise<void>;
  /** Puts a letter of any make into the house's mailbox. */
  deliver(raw: string): void;
  /** From now on this address is refused with these words ("550 5.1.1 no such user"); null: no more. */
  refuse(address: string, words: string | null): void;
  /** How many of the house's letters are not read yet. */
  unread(): number;
  stop(): Promise<void>;
}

const login = { user: 'nhacviec@thu.example', password: 'mat-khau-thu' } as const;

/** Starts the provider on two free ports of 127.0.0.1. */
export async function startMailStandIn({ clock }: { clock: Clock }): Promise<MailStandIn> {
  const got: (HandedIn & { at: Date })[] = [];
  const letters: Kept[] = [];
  const refused = new Map<string, string>();
  const listeners = new Set<() => void>();
  const onNew = (heard: () => void) => (listeners.add(heard), () => void listeners.delete(heard));
  const smtp = await listen((socket) => serveSmtp(socket, { login, refuse: (address) => refused.get(address) ?? null, keep: (letter) => void got.push({ ...letter, at: clock.now() }) }));
  const imap = await listen((socket) => serveImap(socket, { login, letters, onNew }));
  const deliver = (raw: string): void => {
    letters.push({ uid: letters.length + 1, raw, flags: new Set() });
    listeners.forEach((heard) => heard());
  };
  const lettersOf = (address: string) => Promise.all(got.filter(({ to }) => to.includes(address.toLowerCase())).map(shown));
  return {
    smtpUrl: `smtp://${encodeURIComponent(login.user)}:${login.password}@127.0.0.1:${smtp.port}`,
    imapUrl: `imap://${encodeURIComponent(login.user)}:${login.password}@127.0.0.1:${imap.port}/INBOX`,
    lettersOf,
    answer: async (address, letterId, words) => {
      const letter = (await lettersOf(address)).find(({ id }) => id === letterId);
      if (!letter) throw new Error(`${address} has no letter ${letterId}`);
      deliver(answerTo(letter, { address, words, number: letters.length + 1 }));
    },
    deliver,
    refuse: (address, words) => void (words === null ? refused.delete(address.toLowerCase()) : refused.set(address.toLowerCase(), words)),
    unread: () => letters.filter(({ flags }) => !flags.has('\\Seen')).length,
    stop: async () => void (await Promise.all([smtp.stop(), imap.stop()])),
  };
}

async function shown({ raw, at }: HandedIn & { at: Date }): Promise<ShownLetter> {
  const mail = await simpleParser(raw, { skipTextToHtml: true });
  const calendar = mail.attachments.find(({ contentType }) => contentType === 'text/calendar')?.content.toString('utf8');
  return {
    id: mail.messageId ?? '', at, subject: mail.subject ?? '', text: mail.text ?? '', html: mail.html || null,
    replyTo: mail.replyTo?.value[0]?.address ?? mail.from?.value[0]?.address ?? '',
    calendar: /^METHOD:(\w+)/m.exec(calendar ?? '')?.[1] ?? null,
  };
}

function answerTo(letter: ShownLetter, by: { address: string; words: string; number: number }): string {
  const body = [by.words, '', `Vào ${letter.at.toISOString().slice(0, 10)} Nhắc Việc <${letter.replyTo}> đã viết:`, ...letter.text.split('\n').map((line) => `> ${line}`)].join('\r\n');
  const headers = [
    `From: <${by.address}>`, `To: <${letter.replyTo}>`, `Subject: =?utf-8?B?${Buffer.from(`Re: ${letter.subject}`).toString('base64')}?=`, `Message-ID: <tra-loi-${by.number}@thu.example>`,
    `In-Reply-To: ${letter.id}`, `References: ${letter.id}`, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64',
  ];
  return [...headers, '', ...(Buffer.from(body).toString('base64').match(/.{1,76}/g) ?? [])].join('\r\n');
}

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
