import type { ParsedMail } from 'mailparser';
import { handleInbound } from '../../bots/handle-inbound.js';
import { readConfig } from '../../src/config.js';
import { because, type Ctx } from '../../src/context.js';
import { drainOutbox } from '../../src/delivery/outbox/drain-outbox.js';
import { recordReceipt } from '../../src/delivery/receipts/record-receipt.js';
import { followUp } from '../../src/delivery/receipts/follow-up.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { deliveryRenderers } from '../../src/delivery/renderers.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import { drainInbox } from '../../src/inbox/drain-inbox.js';
import { receive } from '../../src/inbox/receive.js';
import { createMail } from '../../src/mail/index.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import { ScriptedSender } from './delivery-world.js';
import { imapServer, mailEnv, opened, postOffice, type Refusal } from './mail.js';
import { province } from './task-story.js';

/** A letter as its reader sees it. */
export type Received = ParsedMail & { envelopeFrom: string; envelopeTo: string };

/** The small province with mail in and out over real sockets, and Telegram as the other way; nothing runs by itself. */
export async function mailHouse(refuse?: Refusal) {
  const start = '2026-11-20T01:00:00Z';
  const { ctx: plain, clock, close, ...people } = await province(start);
  const [post, box] = await Promise.all([postOffice(refuse), imapServer()]);
  const config = readConfig({ ...mailEnv, LOG_LEVEL: 'silent', SMTP_URL: `smtp://127.0.0.1:${post.port}?ignoreTLS=true`, IMAP_URL: `imap://testuser:testpass@127.0.0.1:${box.port}/INBOX` });
  const ctx: Ctx = { ...plain, config };
  const telegram = new ScriptedSender('telegram');
  const mail = createMail(ctx, {
    receive: async (message) => void (await receive(ctx, message)),
    receipt: (providerId, what, at, code) => recordReceipt(ctx, { channel: 'email', providerId, what, at, ...(code ? { code } : {}) }),
  });
  const renderers = { ...deliveryRenderers, ...taskRenderers, ...meetingRenderers };
  const round = async (): Promise<number> =>
    (await drainInbox(ctx, { handle: (here, message) => handleInbound(here, message, () => mail.download), instance: 'test' })) + (await advanceAlerts(ctx)) + (await relayIntents(ctx)) +
    (await drainOutbox(ctx, { senders: [mail.sender, telegram], renderers, instance: 'test', policy: { quiet: null } })) + (await followUp(ctx, ['email', 'telegram'], {}));
  const settle = async (): Promise<void> => {
    while ((await round()) > 0);
  };
  let nextId = 1;
  return {
    ...people, ctx, clock, telegram, post, box, settle,
    module: mail,
    at: (cause: string): Ctx => because(ctx, cause),
    /** New letters since the last look, in order. */
    letters: async (): Promise<Received[]> => {
      const taken = post.letters.splice(0);
      return Promise.all(taken.map(async (letter) => Object.assign(await opened(letter), { envelopeFrom: letter.from, envelopeTo: letter.to.join() })));
    },
    /** Puts a letter into the house's mailbox, has it taken in and everything done that follows. */
    write: async (letter: { from: string; to: string; body: string; headers?: string[]; id?: string }): Promise<void> => {
      const headers = [`From: ${letter.from}`, `To: ${letter.to}`, `Message-ID: ${letter.id ?? `<letter-${nextId++}@outside.example>`}`, 'MIME-Version: 1.0', ...(letter.headers ?? ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'])];
      const body = letter.headers ? letter.body : Buffer.from(letter.body).toString('base64').replace(/.{76}/g, '$&\r\n');
      box.appendMessage('INBOX', [], false, [...headers, '', body].join('\r\n'));
      await mail.poll?.();
      await settle();
    },
    close: async () => {
      await mail.stop?.();
      await Promise.all([post.stop(), box.stop()]);
      await close();
    },
  };
}

/** Where an answer to this letter goes. */
export const answerTo = (letter: ParsedMail | undefined): string => letter?.replyTo?.value[0]?.address ?? '';
