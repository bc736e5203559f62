import { simpleParser } from 'mailparser';
import { createMail } from '../../../src/mail/index.js';
import { openChannel } from './open-channel.js';
import { startSmtpPeer, type SmtpFault } from './smtp-peer.js';
import { senderSuite, type Bench } from './suite.js';

const PASSWORD = 'mat-khau-smtp-rat-mat';
const SECRET = 'khoa-ky-dia-chi-tra-loi';

async function open(): Promise<Bench<SmtpFault>> {
  const peer = await startSmtpPeer();
  const channel = await openChannel({ SMTP_URL: `smtp://nhacviec:${PASSWORD}@127.0.0.1:${peer.port}?ignoreTLS=true`, MAIL_FROM: '"Nhắc Việc" <nhacviec@laocai.example>', MAIL_SECRET: SECRET }, createMail);
  return {
    channel,
    to: 'demo11@laocai.example',
    next: (...faults) => void peer.faults.push(...faults),
    shown: () => Promise.all(peer.letters.map(async (letter) => (await simpleParser(letter, { skipTextToHtml: true })).text ?? '')),
    heard: () => peer.heard(),
    shut: peer.stop,
    close: async () => {
      await channel.close();
      await peer.stop();
    },
  };
}

const notYet = { gives: { kind: 'retry', maybeSent: false } as const, because: 'the text was not handed over, so surely not sent' };

export const smtp = senderSuite<SmtpFault>('SMTP', {
  open,
  secrets: [PASSWORD, SECRET, Buffer.from(`\0nhacviec\0${PASSWORD}`).toString('base64')],
  providerId: /^<[0-9a-f]{32}@laocai\.example>$/,
  cases: {
    flood: { faults: [{ at: 'mail', say: '421 4.7.0 too many letters, come back in 90 s' }, { at: 'rcpt', say: '421 try again in 90 seconds' }], gives: { afterMs: 90_000 } },
    floodUnnamed: { faults: [{ at: 'mail', say: '421 4.3.2 busy' }], gives: { afterMs: 60_000 } },
    errorInSuccess: { never: 'the reply code is all there is; 250 behind the text means taken' },
    page: { faults: [{ at: 'text', say: '<html><center>502 Bad Gateway</center></html>' }] },
    cut: { faults: [{ at: 'text', say: '250 2.0.0 taken', cut: true }] },
    strange: { faults: [{ at: 'text', say: '\u0000\u0001 ???' }, { at: 'text', say: 'null' }] },
    hang: { faults: [{ at: 'text', say: 'hang' }] },
    resetBefore: { faults: [{ at: 'mail', say: 'reset' }, { at: 'data', say: 'reset' }], ...notYet },
    resetAfter: { faults: [{ at: 'text', say: 'reset' }] },
    another: { never: 'replies come in order on a connection of its own and name neither letter nor reader' },
    replayed: { never: 'the letter’s id is our own; a reply has none' },
    leak: { faults: [{ at: 'text', say: `554 5.7.1 no, ${PASSWORD}` }], gives: { kind: 'unreachable' } },
  },
  refusals: [
    ['no such reader', { at: 'rcpt', say: '550 5.1.1 no such user' }, { kind: 'unreachable', dead: true }],
    ['a full mailbox', { at: 'rcpt', say: '552 5.2.2 mailbox full' }, { kind: 'unreachable' }],
    ['greylisted, with a hint', { at: 'rcpt', say: '451 4.7.1 greylisted, try again in 300 seconds' }, { kind: 'retry', maybeSent: false, afterMs: 300_000 }],
    ['their own trouble', { at: 'rcpt', say: '451 local error' }, { kind: 'retry', maybeSent: false }],
    ['this letter', { at: 'text', say: '554 5.7.1 spam' }, { kind: 'unreachable' }],
    ['no room for it', { at: 'text', say: '452 4.3.1 no room' }, { kind: 'retry', maybeSent: false }],
    ['us', { at: 'mail', say: '550 5.7.1 sender not allowed' }, { kind: 'rejected' }],
  ],
  maxText: Infinity,
});
