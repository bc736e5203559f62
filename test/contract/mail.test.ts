import { createServer, type Server, type Socket } from 'node:net';
import nodemailer from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { createMailSender, toMail } from '../../src/mail/sender.js';

/** An independent SMTP server (smtp-server), told per story how to treat recipients. */
interface Post {
  port: number;
  letters: string[];
  stop(): Promise<void>;
}

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of open.splice(0)) await stop();
});

async function postOffice(refuse?: { code: number; at: 'rcpt' | 'data' }): Promise<Post> {
  const letters: string[] = [];
  const error = () => Object.assign(new Error('no'), { responseCode: refuse?.code });
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) => done(refuse?.at === 'rcpt' ? error() : null),
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      stream.on('end', () => {
        if (refuse?.at !== 'data') letters.push(text);
        done(refuse?.at === 'data' ? error() : null);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  open.push(stop);
  return { port: typeof address === 'object' && address ? address.port : 0, letters, stop };
}

const senderTo = (port: number) => {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true }, { from: 'nhacviec@laocai.invalid' });
  open.push(() => transport.close());
  return createMailSender(transport);
};

const message = { text: '🔔 Nhắc việc · NV-2026-00012\nHạn: thứ Ba 24/11/2026', buttons: [{ label: 'Chi tiết', command: '/chitiet NV-2026-00012' }] };
const send = (port: number, signal: AbortSignal = AbortSignal.timeout(5_000)) => senderTo(port).send('demo11@laocai.invalid', message, { key: 'k1', signal });

test('a letter arrives with a Vietnamese subject and a Message-ID of the delivery', async () => {
  const post = await postOffice();
  const first = await send(post.port);
  const second = await send(post.port);
  expect(first.kind).toBe('accepted');
  expect(second).toEqual(first);
  expect(post.letters[0]).toMatch(/^Subject: =\?UTF-8\?/m);
  expect(post.letters[0]).toContain('To: demo11@laocai.invalid');
});

test.each([
  [{ code: 550, at: 'rcpt' } as const, { kind: 'unreachable', code: 'smtp-550' }],
  [{ code: 451, at: 'rcpt' } as const, { kind: 'retry', code: 'smtp-451', maybeSent: false }],
  [{ code: 554, at: 'data' } as const, { kind: 'unreachable', code: 'smtp-554' }],
  [{ code: 452, at: 'data' } as const, { kind: 'retry', code: 'smtp-452', maybeSent: false }],
])('the server refuses with %o', async (refuse, outcome) => {
  const post = await postOffice(refuse);
  expect(await send(post.port)).toMatchObject(outcome);
});

test('nobody listens: nothing was sent, try again', async () => {
  const post = await postOffice();
  await post.stop();
  expect(await send(post.port)).toMatchObject({ kind: 'retry', maybeSent: false });
});

test('a server that never answers is left at the signal, and nobody knows what came of it', async () => {
  const sockets: Socket[] = [];
  const silent: Server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  open.push(() => (sockets.forEach((socket) => socket.destroy()), new Promise<void>((resolve) => silent.close(() => resolve()))));
  const address = silent.address();
  const signal = AbortSignal.timeout(50);
  expect(await send(typeof address === 'object' && address ? address.port : 0, signal)).toMatchObject({ kind: 'retry', maybeSent: true });
});

test('links stand under the text, commands that cannot be tapped do not', () => {
  const mail = toMail({ ...message, buttons: [...message.buttons, { label: 'Mở hệ thống', url: 'https://x.invalid/a' }] });
  expect(mail.subject).toBe('🔔 Nhắc việc · NV-2026-00012');
  expect(mail.text).toContain('Mở hệ thống: https://x.invalid/a');
  expect(mail.text).not.toContain('/chitiet');
});
