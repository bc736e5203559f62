import { createServer } from 'node:http';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** Who hears when the house stands still: a real mail server and an outside watcher, on this machine. */
export interface AlarmPost {
  /** Settings that lead there. */
  env: Record<string, string>;
  /** Mails since the last time they were read. */
  mails(): ParsedMail[];
  /** What the heartbeat said since the last time it was read. */
  beats(): string[];
  /** From now on the mail server refuses everything, or takes it again. */
  refuse(yes: boolean): void;
  stop(): Promise<void>;
}

export async function openAlarmPost(): Promise<AlarmPost> {
  const [mails, beats]: [ParsedMail[], string[]] = [[], []];
  let refusing = false;
  const smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onMailFrom: (_address, _session, done) => done(refusing ? Object.assign(new Error('busy'), { responseCode: 451 }) : null),
    onData: (stream, _session, done) => void simpleParser(stream).then((mail) => (mails.push(mail), done()), done),
  });
  const http = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => (beats.push(`${request.method ?? ''} ${request.url ?? ''} ${body}`), response.end('OK')));
  });
  await Promise.all([new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve)), new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))]);
  const portOf = (address: unknown): number => (typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0);
  return {
    env: {
      ALARM_EMAILS: 'truc.ban@tinh.example, ky.thuat@tinh.example',
      ALARM_SMTP_URL: `smtp://127.0.0.1:${portOf(smtp.server.address())}`,
      HEARTBEAT_URL: `http://127.0.0.1:${portOf(http.address())}/nhip/9f2c`,
    },
    mails: () => mails.splice(0),
    beats: () => beats.splice(0),
    refuse: (yes) => (refusing = yes),
    stop: async () => {
      http.closeAllConnections();
      await Promise.all([new Promise<void>((resolve) => smtp.close(() => resolve())), new Promise<void>((resolve) => void http.close(() => resolve()))]);
    },
  };
}
