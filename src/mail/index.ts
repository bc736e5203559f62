import nodemailer, { type Transporter } from 'nodemailer';
import type { Ctx } from '../context.js';
import type { ChannelHealth, ChannelModule } from '../delivery/channel-module.js';
import { createMailSender } from './sender.js';

/** E-mail out, to a person or an agency's mailbox. Replies by e-mail are not read. */
export function createMail(ctx: Ctx): ChannelModule {
  const { SMTP_URL, MAIL_FROM } = ctx.config;
  if (!SMTP_URL || !MAIL_FROM) throw new Error('createMail needs SMTP_URL and MAIL_FROM');
  const transport: Transporter = nodemailer.createTransport(SMTP_URL.reveal(), { from: MAIL_FROM });
  const health: { now: ChannelHealth } = { now: { state: 'ok' } };
  const sender = createMailSender(transport, (now) => (health.now = now));
  return { sender, health: () => health.now, stop: async () => transport.close() };
}
