import type { Ctx } from '../context.js';
import type { ChannelPorts } from '../delivery/channel-module.js';
import type { Delivery } from '../delivery/delivery.model.js';
import { markMailboxDead } from '../delivery/notices/tell-office.js';
import { mailHouse } from './addresses.js';
import type { DeliveryReport } from './delivery-report.js';
import { readLetter } from './read-letter.js';
import { isGone } from './smtp-outcome.js';
import { tellUnreadable } from './tell-unreadable.js';

/** Stores what a letter says; only what was stored, or is nothing for us, may be marked read. Rejects where storing fails. */
export async function takeLetterIn(ctx: Ctx, ports: ChannelPorts, { source, place, arrivedAt }: { source: Uint8Array; place: string; arrivedAt?: Date }): Promise<void> {
  const letter = await readLetter(mailHouse(ctx.config), source, place).catch(() => null);
  if (!letter) return ctx.log.warn({ event: 'mail.unreadable', place });
  if (letter.kind === 'ignored') return ctx.log.info({ event: 'mail.ignored', why: letter.why, place });
  if (letter.kind === 'report') return takeReport(ctx, ports, letter);
  if (letter.kind === 'unreadable') for (const mail of [letter.mail, ...(letter.also ?? [])]) await tellUnreadable(ctx, mail);
  // Broken off in between, it is taken in again; what was stored is known then.
  else for (const mail of [letter.mail, ...(letter.also ?? [])]) await ports.receive({ ...mail, ...(arrivedAt ? { writtenAt: arrivedAt } : {}) });
}

async function takeReport(ctx: Ctx, ports: ChannelPorts, { providerId, report: { action, status } }: { providerId: string; report: DeliveryReport }): Promise<void> {
  if (action === 'delayed') return ctx.log.info({ event: 'mail.delayed', status });
  await ports.receipt(providerId, action, ctx.clock.now(), ...(action === 'failed' ? [`bounce-${status}`] : []));
  if (action !== 'failed' || !isGone(status)) return;
  const sent = await ctx.db.Delivery.findOne({ channel: 'email', providerId }, { to: 1 }).lean<Pick<Delivery, 'to'>>();
  if (sent?.to) await markMailboxDead(ctx, sent.to, status);
}
