import type { Socket } from 'node:net';
import { eachLine } from './smtp.js';

/** A letter in the mailbox. */
export interface Kept {
  uid: number;
  raw: string;
  flags: Set<string>;
}

export interface ImapHouse {
  login: { user: string; password: string };
  letters: Kept[];
  /** Told when something new is there; returns how to stop listening. */
  onNew(heard: () => void): () => void;
}

const UID_VALIDITY = 20261120;
const unquoted = (text: string): string => text.replace(/^"(.*)"$/s, '$1').replace(/\\(["\\])/g, '$1');
const words = (text: string): string[] => text.match(/"(?:[^"\\]|\\.)*"|\([^)]*\)|\S+/g) ?? [];

/** One IMAP session on a single INBOX: what a client needs to find, read and mark letters (RFC 3501, IDLE of RFC 2177). */
export function serveImap(socket: Socket, house: ImapHouse): void {
  const state: { signedIn: boolean; selected: boolean; idle: string | null } = { signedIn: false, selected: false, idle: null };
  const say = (line: string): void => void (socket.destroyed || socket.write(`${line}\r\n`));
  const stop = house.onNew(() => (state.selected ? say(`* ${house.letters.length} EXISTS`) : undefined));
  socket.on('close', stop);
  const byUid = (set: string): [number, Kept][] => {
    const wanted = new Set(set.split(',').map(Number));
    return house.letters.flatMap((letter, i) => (wanted.has(letter.uid) ? [[i + 1, letter] as [number, Kept]] : []));
  };
  const flags = ({ flags: all }: Kept): string => `FLAGS (${[...all].join(' ')})`;
  const fetch = (set: string, what: string): void => {
    for (const [seq, letter] of byUid(set)) {
      const [, from = '0', most = '1000000000'] = /BODY(?:\.PEEK)?\[\](?:<(\d+)\.(\d+)>)?/i.exec(what) ?? [];
      const part = Buffer.from(letter.raw).subarray(Number(from), Number(from) + Number(most));
      const body = /BODY/i.test(what) ? ` BODY[]${/</.test(what) ? `<${from}>` : ''} {${part.length}}\r\n${part.toString('utf8')}` : '';
      say(`* ${seq} FETCH (UID ${letter.uid} ${flags(letter)}${body})`);
    }
  };
  const store = (set: string, how: string, list: string): void => {
    for (const [seq, letter] of byUid(set)) {
      for (const flag of list.replace(/[()]/g, '').split(' ')) if (how.startsWith('-')) letter.flags.delete(flag);
        else letter.flags.add(flag);
      if (!/SILENT/i.test(how)) say(`* ${seq} FETCH (UID ${letter.uid} ${flags(letter)})`);
    }
  };
  const select = (): string => {
    state.selected = true;
    for (const line of ['* FLAGS (\\Seen \\Flagged \\Deleted)', '* OK [PERMANENTFLAGS (\\Seen \\Flagged \\Deleted)]', `* ${house.letters.length} EXISTS`, '* 0 RECENT', `* OK [UIDVALIDITY ${UID_VALIDITY}]`, `* OK [UIDNEXT ${house.letters.length + 1}]`]) say(line);
    return 'OK [READ-WRITE] done';
  };
  const search = (criteria: readonly string[]): string => {
    const unseen = criteria.some((one) => /^UNSEEN$/i.test(one));
    say(`* SEARCH${house.letters.filter((letter) => !unseen || !letter.flags.has('\\Seen')).map(({ uid }) => ` ${uid}`).join('')}`);
    return 'OK done';
  };
  const uid: Record<string, (args: readonly string[]) => string> = {
    SEARCH: search,
    FETCH: ([set = '', ...what]) => (fetch(set, what.join(' ')), 'OK done'),
    STORE: ([set = '', how = '', ...list]) => (store(set, how, list.join(' ')), 'OK done'),
  };
  const login = ([user = '', password = '']: readonly string[]): string => {
    state.signedIn = unquoted(user) === house.login.user && unquoted(password) === house.login.password;
    return state.signedIn ? 'OK welcome' : 'NO [AUTHENTICATIONFAILED] user or password is wrong';
  };
  const open: Record<string, (args: readonly string[], tag: string) => string | null> = {
    CAPABILITY: () => (say('* CAPABILITY IMAP4rev1 IDLE'), 'OK done'),
    LOGIN: login,
    NOOP: () => 'OK done',
    LOGOUT: () => (say('* BYE'), 'OK bye'),
  };
  const signedIn: typeof open = {
    LIST: ([, name = '']) => (say(unquoted(name) === '' ? '* LIST (\\Noselect) "/" ""' : '* LIST () "/" INBOX'), 'OK done'),
    LSUB: () => (say('* LSUB () "/" INBOX'), 'OK done'),
    SELECT: ([name = '']) => (/^INBOX$/i.test(unquoted(name)) ? select() : 'NO no such mailbox'),
    UID: ([verb = '', ...args]) => (state.selected ? (uid[verb.toUpperCase()]?.(args) ?? 'BAD not known') : 'BAD select first'),
    CLOSE: () => ((state.selected = false), 'OK done'),
    IDLE: (_args, tag) => ((state.idle = tag), say('+ idling'), null),
  };
  say('* OK thu.example ready');
  eachLine(socket, (line) => {
    if (state.idle !== null) return /^DONE$/i.test(line) ? (say(`${state.idle} OK done`), void (state.idle = null)) : undefined;
    const [tag = '*', verb = '', ...args] = words(line);
    const run = open[verb.toUpperCase()] ?? (state.signedIn ? signedIn[verb.toUpperCase()] : undefined);
    const answer = run ? run(args, tag) : state.signedIn ? 'BAD not known' : 'NO sign in first';
    if (answer !== null) say(`${tag} ${answer}`);
    if (/^LOGOUT$/i.test(verb)) socket.end();
  });
}
