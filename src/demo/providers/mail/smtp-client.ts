import { connect, type Socket } from 'node:net';
import { eachLine, type HandedIn } from './smtp.js';

const PATIENCE_MS = 10_000;

/** Who signs in at the server. */
export interface Login {
  user: string;
  password: string;
}

/** Hands one letter to the server on this port of 127.0.0.1, as a reader's mail program does. Rejects with the server's own words. */
export async function handIn(port: number, login: Login, { from, to, raw }: HandedIn): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  const answer = answersOn(socket);
  const ask = async (command: string | null, wanted: string): Promise<void> => {
    if (command !== null) socket.write(`${command}\r\n`);
    const line = await answer();
    if (!line.startsWith(wanted)) throw new Error(line);
  };
  try {
    await ask(null, '220');
    await ask('EHLO may-doc-thu.example', '250');
    await ask(`AUTH PLAIN ${Buffer.from(`\u0000${login.user}\u0000${login.password}`).toString('base64')}`, '235');
    await ask(`MAIL FROM:<${from}>`, '250');
    for (const one of to) await ask(`RCPT TO:<${one}>`, '250');
    await ask('DATA', '354');
    await ask(`${raw.replace(/^\./gm, '..')}\r\n.`, '250');
    await ask('QUIT', '221');
  } finally {
    socket.destroy();
  }
}

/** The server's next answer; of one with several lines the last. Rejects where the server falls silent or hangs up. */
function answersOn(socket: Socket): () => Promise<string> {
  const ready: string[] = [];
  let heard: (() => void) | null = null;
  let gone: string | null = null;
  const end = (why: string) => () => ((gone ??= why), heard?.());
  eachLine(socket, (line) => {
    if (/^\d{3}-/.test(line)) return;
    ready.push(line);
    heard?.();
  });
  socket.setTimeout(PATIENCE_MS, end('the server is silent'));
  socket.on('error', (error) => end(error.message)());
  socket.on('close', end('the server hung up'));
  return async () => {
    while (ready.length === 0 && gone === null) await new Promise<void>((resolve) => (heard = resolve));
    const line = ready.shift();
    if (line === undefined) throw new Error(gone ?? 'no answer');
    return line;
  };
}
