import { createHash } from 'node:crypto';
import type { Transporter } from 'nodemailer';
import type { ChannelHealth } from '../delivery/channel-module.js';
import type { Sender, SendOutcome } from '../delivery/sender.js';
import type { Message } from '../texts/message.js';

interface SmtpError {
  code?: string;
  responseCode?: number;
  command?: string;
}

/** Sends over a nodemailer transport. The Message-ID derives from the delivery, so a repeat is recognisable. */
export function createMailSender(transport: Transporter, onHealth: (health: ChannelHealth) => void = () => {}): Sender {
  return {
    channel: 'email',
    truth: 'none',
    send: async (to, message, { key, signal }) => {
      try {
        const sent = (await stopAt(signal, transport.sendMail({ to, ...toMail(message), messageId: messageIdOf(key) }))) as { messageId: string };
        onHealth({ state: 'ok' });
        return { kind: 'accepted', providerId: sent.messageId };
      } catch (error) {
        const outcome = toOutcome(error as SmtpError);
        if (outcome.kind !== 'unreachable') onHealth({ state: 'failing', problem: `Máy chủ thư báo lỗi (${outcome.kind === 'accepted' ? '' : outcome.code}).` });
        return outcome;
      }
    },
  };
}

/** Subject and plain text; commands cannot be tapped in a mail, links can. */
export function toMail(message: Message): { subject: string; text: string } {
  const [first = 'Nhắc Việc'] = message.text.split('\n');
  const links = (message.buttons ?? []).flatMap((button) => ('url' in button ? [`${button.label}: ${button.url}`] : []));
  return { subject: message.subject ?? first, text: [message.text, ...links].join('\n') };
}

const messageIdOf = (key: string): string => `<${createHash('sha256').update(key).digest('hex').slice(0, 32)}@nhac-viec>`;

/** RFC 5321: 4yz is transient, 5yz permanent; 550-553 on RCPT speak of this address only. */
function toOutcome(error: SmtpError): SendOutcome {
  const status = error.responseCode ?? 0;
  const code = status ? `smtp-${status}` : `smtp-${(error.code ?? 'failed').toLowerCase()}`;
  if (error.command === 'RCPT TO' && status >= 550 && status <= 553) return { kind: 'unreachable', code };
  if (error.code === 'EAUTH' || status === 535) return { kind: 'rejected', code };
  if (status >= 500) return { kind: 'unreachable', code };
  // Before DATA nothing can have been sent; after it nobody knows.
  return { kind: 'retry', code, maybeSent: status === 0 && error.command === 'DATA' };
}

function stopAt<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_resolve, reject) => {
      const abort = () => reject(Object.assign(new Error('aborted'), { code: 'TIMEOUT', command: 'DATA' }));
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
    }),
  ]);
}
