import type { Socket } from 'node:net';

/** A letter as it was handed in. */
export interface HandedIn {
  from: string;
  to: string[];
  /** As sent, dots unstuffed. */
  raw: string;
}

/** What the server behind the protocol decides. An answer such as "550 5.1.1 no such user"; null: fine. */
export interface SmtpHouse {
  /** Whose password this is: the product, which may write from any address, or a reader, who writes from their own. Null: wrong. */
  signIn(user: string, password: string): 'house' | { address: string } | null;
  refuse(address: string): string | null;
  keep(letter: HandedIn): void;
}

/** RFC 5321 4.5.3.1.6: a thousand octets with the end of the line. */
const LONGEST_LINE = 998;

/** One SMTP session (RFC 5321): strict about the order of commands, about signing in, line ends and line lengths. */
export function serveSmtp(socket: Socket, house: SmtpHouse): void {
  const state: { hello: boolean; who: ReturnType<SmtpHouse['signIn']>; from: string | null; to: string[]; text: string[] | null } = { hello: false, who: null, from: null, to: [], text: null };
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const forget = (): void => void Object.assign(state, { from: null, to: [], text: null });
  const signIn = (token: string): void => {
    const [, user = '', password = ''] = Buffer.from(token, 'base64').toString('utf8').split('\u0000');
    state.who = house.signIn(user, password);
    say(state.who ? '235 2.7.0 welcome' : '535 5.7.8 user or password is wrong');
  };
  const commands: Record<string, (rest: string) => void> = {
    EHLO: () => ((state.hello = true), forget(), socket.write('250-thu.example\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n')),
    AUTH: (rest) => (/^PLAIN \S+$/i.test(rest) ? signIn(rest.slice(6)) : say('504 5.5.4 PLAIN only')),
    MAIL: (rest) => {
      const from = /^FROM:<([^<>]*)>/i.exec(rest)?.[1];
      if (!state.hello || state.from !== null || from === undefined) return say('503 5.5.1 not now');
      if (!state.who) return say('530 5.7.0 sign in first');
      if (state.who !== 'house' && from.toLowerCase() !== state.who.address) return say('553 5.7.1 not your address');
      state.from = from;
      say('250 2.1.0 ok');
    },
    RCPT: (rest) => {
      const to = /^TO:<([^<>@\s]+@[^<>@\s]+)>/i.exec(rest)?.[1];
      if (state.from === null) return say('503 5.5.1 MAIL first');
      if (!to) return say('501 5.1.3 no address');
      const no = house.refuse(to.toLowerCase());
      if (no === null) state.to.push(to.toLowerCase());
      say(no ?? '250 2.1.5 ok');
    },
    DATA: () => {
      if (state.to.length === 0) return say('503 5.5.1 RCPT first');
      state.text = [];
      say('354 go on');
    },
    RSET: () => (forget(), say('250 2.0.0 ok')),
    NOOP: () => say('250 2.0.0 ok'),
    QUIT: () => (say('221 2.0.0 bye'), socket.end()),
  };
  const endOfText = (lines: string[]): void => {
    const letter = { from: state.from ?? '', to: state.to, raw: lines.join('\r\n') };
    forget();
    if (lines.some((line) => Buffer.byteLength(line) > LONGEST_LINE)) return say('500 5.5.2 line too long');
    house.keep(letter);
    say('250 2.0.0 taken');
  };
  say('220 thu.example ESMTP');
  eachLine(socket, (line) => {
    if (state.text) return line === '.' ? endOfText(state.text) : void state.text.push(line.startsWith('.') ? line.slice(1) : line);
    const [, verb = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    (commands[verb.toUpperCase()] ?? (() => say('502 5.5.2 not known')))(rest);
  });
}

/** Lines end with CR LF and nothing else (a bare LF in front of a dot is how letters were smuggled). */
export function eachLine(socket: Socket, heard: (line: string) => void): void {
  let buffer = '';
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  socket.on('data', (chunk: string) => {
    const lines = (buffer + chunk).split('\r\n');
    buffer = lines.pop() ?? '';
    lines.forEach(heard);
  });
}
