import nodemailer from 'nodemailer';
import type { Config } from '../config.js';

const TIMEOUT_MS = 15_000;

/**
 * Mails to ALARM_EMAILS over a connection of its own, opened for each mail: it leans on nothing that it may have to report.
 * Null where nobody is to be told.
 */
export function createAlarmMail(config: Pick<Config, 'ALARM_EMAILS' | 'ALARM_SMTP_URL' | 'SMTP_URL' | 'MAIL_FROM'>): ((mail: { subject: string; text: string }) => Promise<void>) | null {
  const url = config.ALARM_SMTP_URL ?? config.SMTP_URL;
  const to = config.ALARM_EMAILS ?? [];
  if (!url || to.length === 0) return null;
  const from = config.MAIL_FROM ?? to[0];
  return async ({ subject, text }) => {
    const transport = nodemailer.createTransport({ url: url.reveal(), connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS } as never, { from });
    try {
      await transport.sendMail({ to, subject, text, priority: 'high' });
    } finally {
      transport.close();
    }
  };
}
