import { createRequire } from 'node:module';
import { createServer, type Server, type Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { readConfig } from '../../src/config.js';
import type { SendOutcome } from '../../src/delivery/sender.js';
import { mailHouse, type MailHouse } from '../../src/mail/addresses.js';
import type { Reader } from '../../src/mail/compose.js';
import { createMailSender, createTransport } from '../../src/mail/sender.js';
import type { Message } from '../../src/texts/message.js';

/** What every mail story sets; the password must never be seen anywhere. */
export const SMTP_PASSWORD = 'mat-khau-smtp-rat-mat';
export const mailEnv = {
  NODE_ENV: 'test',
  MAIL_FROM: '"Nhắc Việc" <nhacviec@laocai.example>',
  MAIL_SECRET: 'khoa-ky-dia-chi-tra-loi',
  MAIL_REPLY_TO: 'tra-loi@laocai.example',
  MAIL_BOUNCE: 'bounce@laocai.example',
  IMAP_URL: 'imap://hopthu:mat-khau-imap@127.0.0.1:1/INBOX',
} as const;

export const house: MailHouse = mailHouse(readConfig(mailEnv));

/** A letter as an independent server took it. */
export interface Taken {
  from: string;
  to: string[];
  raw: string;
}

/** How the server treats a letter: refuses at a stage, with a code and words. */
export interface Refusal {
  code: number;
  words?: string;
  at: 'mail' | 'rcpt' | 'data' | 'auth';
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

/** An independent SMTP server (smtp-server), told how to treat what comes. */
export async function postOffice(refuse?: Refusal): Promise<{ port: number; letters: Taken[]; stop(): Promise<void> }> {
  const letters: Taken[] = [];
  const no = () => Object.assign(new Error(refuse?.words ?? 'no'), { responseCode: refuse?.code });
  const at = (stage: Refusal['at']) => (refuse?.at === stage ? no() : null);
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: refuse?.at !== 'auth',
    allowInsecureAuth: true,
    logger: false,
    onAuth: (auth, _session, done) => (refuse?.at === 'auth' ? done(no()) : done(null, { user: auth.username })),
    onMailFrom: (_address, _session, done) => done(at('mail')),
    onRcptTo: (_address, _session, done) => done(at('rcpt')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        if (refuse?.at !== 'data') letters.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks).toString('utf8') });
        done(at('data'));
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: portOf(server.server), letters, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

/** Says what it is told to, line by line; "reset" breaks the connection, "hang" says nothing more. After DATA it waits for the text. */
export type Line = string | 'reset' | 'hang';

/** A server with a script of its own: answers to the greeting, EHLO, MAIL, RCPT, DATA and the text, in this order. */
export async function scriptedServer(script: readonly Line[]): Promise<{ port: number; heard: string[]; connections(): number; stop(): Promise<void> }> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let next = 0;
    let inText = false;
    let buffer = '';
    const answer = () => {
      const line = script[next++] ?? 'hang';
      if (line === 'reset') socket.resetAndDestroy();
      else if (line !== 'hang') socket.write(`${line}\r\n`);
      inText = line.startsWith('354');
    };
    answer();
    socket.on('data', (chunk) => {
      buffer += chunk.toString('utf8');
      for (;;) {
        const end = inText ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
        if (end < 0) return;
        heard.push(inText ? '<text>' : buffer.slice(0, end));
        buffer = buffer.slice(end + (inText ? 5 : 2));
        inText = false;
        answer();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise<void>((resolve) => {
    sockets.forEach((socket) => socket.destroy());
    server.close(() => resolve());
  });
  return { port: portOf(server), heard, connections: () => sockets.size, stop };
}

export interface Bench {
  send(message: Message | string, options?: { to?: string; key?: string; signal?: AbortSignal; reader?: Reader | null }): Promise<SendOutcome>;
  stop(): void;
}

/** The real sender on a connection to this port. */
export function senderTo(port: number, options: { now?: Date; login?: string } = {}): Bench {
  const transport = createTransport(`smtp://${options.login ?? ''}127.0.0.1:${port}?ignoreTLS=true`);
  const readers = new Map<string, Reader | null>();
  const sender = createMailSender({
    transport, house,
    now: () => options.now ?? new Date('2026-11-20T01:00:00Z'),
    readerOf: async (key) => readers.get(key) ?? null,
    takeOne: async () => null,
    noticed: () => {},
  });
  return {
    send: (message, { to = 'demo11@laocai.example', key = 'k1', signal = AbortSignal.timeout(5_000), reader = null } = {}) => {
      readers.set(key, reader);
      return sender.send(to, typeof message === 'string' ? { text: message } : message, { key, signal });
    },
    stop: () => transport.close(),
  };
}

/** As an independent reader understands the letter. */
export const opened = (letter: Taken | undefined): Promise<ParsedMail> => {
  if (!letter) throw new Error('no letter came');
  return simpleParser(letter.raw, { skipTextToHtml: true });
};

/** An independent IMAP server (hoodiecrow), as far as stories need it. */
interface Crow {
  server: { address(): { port: number }; close(done?: () => void): void; on(event: 'connection', heard: (socket: { destroy(): void }) => void): void };
  listen(port: number, done: () => void): void;
  /** A string: of a buffer it cannot give a part. */
  appendMessage(folder: string, flags: string[], date: false, raw: string): void;
  getMailbox(folder: string): { messages: { flags: string[]; raw: string }[] };
}
const hoodiecrow = createRequire(import.meta.url)('hoodiecrow-imap') as (options: object) => Crow;


export interface ImapServer extends Crow {
  port: number;
  /** Breaks every connection. */
  hangUp(): void;
  stop(): Promise<void>;
}

/** An empty INBOX and a folder "Xong"; testuser/testpass. */
export async function imapServer(): Promise<ImapServer> {
  const server = hoodiecrow({ plugins: ['ID', 'IDLE', 'UIDPLUS', 'MOVE', 'NAMESPACE', 'ENABLE', 'UNSELECT'], storage: { INBOX: { messages: [] }, '': { folders: { Xong: {} } } } });
  const sockets = new Set<{ destroy(): void }>();
  server.server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const hangUp = () => sockets.forEach((socket) => socket.destroy());
  return Object.assign(server, { port: server.server.address().port, hangUp, stop: () => new Promise<void>((resolve) => (hangUp(), server.server.close(() => resolve()))) });
}
