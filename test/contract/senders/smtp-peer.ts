import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What the next letter meets at a stage: words of the server, half of them, silence or the end. */
export interface SmtpFault {
  at: 'mail' | 'rcpt' | 'data' | 'text';
  say: string | 'reset' | 'hang';
  /** Ends the connection in the middle of the words. */
  cut?: true;
}

/** An SMTP server that takes letters one after the other and misbehaves when told to. */
export interface SmtpPeer {
  port: number;
  faults: SmtpFault[];
  /** Letters taken. */
  letters: string[];
  /** Letters begun (MAIL FROM). */
  heard(): number;
  stop(): Promise<void>;
}

const usual = { mail: '250 sender', rcpt: '250 reader', data: '354 go on', text: '250 2.0.0 taken' } as const;
const stageOf = (line: string): SmtpFault['at'] | null => (/^MAIL/i.test(line) ? 'mail' : /^RCPT/i.test(line) ? 'rcpt' : /^DATA/i.test(line) ? 'data' : null);

/** Starts it on 127.0.0.1; any name and password are good. */
export async function startSmtpPeer(): Promise<SmtpPeer> {
  const sockets = new Set<Socket>();
  const peer = { faults: [] as SmtpFault[], letters: [] as string[], begun: 0 };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let buffer = '';
    let inText = false;
    socket.write('220 ready\r\n');
    socket.on('data', (chunk) => {
      buffer += chunk.toString('utf8');
      for (;;) {
        const end = inText ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
        if (end < 0) return;
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + (inText ? 5 : 2));
        inText = inText ? (take(peer, socket, line), false) : command(peer, socket, line);
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const stop = () => new Promise<void>((done) => {
    sockets.forEach((socket) => socket.destroy());
    server.close(() => done());
  });
  return { port: (server.address() as AddressInfo).port, faults: peer.faults, letters: peer.letters, heard: () => peer.begun, stop };
}

interface Told {
  faults: SmtpFault[];
  letters: string[];
  begun: number;
}

/** Answers one command; true: the text comes next. */
function command(peer: Told, socket: Socket, line: string): boolean {
  const stage = stageOf(line);
  if (stage === 'mail') peer.begun++;
  if (stage) return answer(peer, socket, stage) && stage === 'data';
  const words = /^EHLO/i.test(line) ? '250-hello\r\n250 AUTH PLAIN' : /^AUTH/i.test(line) ? '235 welcome' : /^QUIT/i.test(line) ? '221 bye' : '250 ok';
  socket.write(`${words}\r\n`);
  return false;
}

function take(peer: Told, socket: Socket, text: string): void {
  if (answer(peer, socket, 'text')) peer.letters.push(text);
}

/** True where it went as usual. */
function answer({ faults }: Told, socket: Socket, stage: SmtpFault['at']): boolean {
  const fault = faults[0]?.at === stage ? faults.shift() : undefined;
  if (!fault) return socket.write(`${usual[stage]}\r\n`) || true;
  if (fault.say === 'reset') socket.resetAndDestroy();
  else if (fault.cut) socket.end(fault.say.slice(0, Math.ceil(fault.say.length / 2)));
  else if (fault.say !== 'hang') socket.write(`${fault.say}\r\n`);
  return false;
}
