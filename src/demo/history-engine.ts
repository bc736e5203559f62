import { countSent } from '../../bots/zalo/bot/quota.js';
import type { Ctx } from '../context.js';
import { gatherDigests } from '../delivery/digest/gather-digests.js';
import { drainOutbox } from '../delivery/outbox/drain-outbox.js';
import { recordReceipt } from '../delivery/receipts/record-receipt.js';
import { relayIntents } from '../delivery/relay-intents.js';
import type { Renderers } from '../delivery/renderer.js';
import { deliveryRenderers } from '../delivery/renderers.js';
import { defaultPolicy } from '../delivery/policy.js';
import type { Sender } from '../delivery/sender.js';
import { directiveFileRenderers } from '../directives/attach-to-directive.js';
import { planReminders } from '../directives/plan-reminders.js';
import type { Channel } from '../kernel/channels.js';
import { hasTemplate } from './demo-templates.js';
import { advanceAlerts } from '../meetings/advance-alerts.js';
import { meetingFileRenderers } from '../meetings/attach-to-meeting.js';

/** Channels somebody in the sample province reads. */
const used = ['zalo', 'zalo-bot', 'telegram', 'zbs', 'sms'] as const satisfies readonly Channel[];

/** Does what was due at the context's time, the way the real engine does. */
export interface HistoryEngine {
  /** Eight o'clock on a working day: reminders and second alerts. */
  morning(ctx: Ctx): Promise<void>;
  /** Something has just happened: says what follows from it. */
  after(ctx: Ctx, what: 'task' | 'meeting'): Promise<void>;
}

/** Mail is really sent, so that old letters lie in the mailboxes, can be opened and answered. */
export interface PastMail {
  sender: Sender;
  /** Sets the provider's clock: what comes next came then; null: now. */
  at(moment: Date | null): void;
}

/**
 * The engine for the time before the opening: what was due then is planned, said and kept in the ledger as it would have
 * been, but reaches no phone; only mail goes its way. Most Zalo messages count as seen. Nothing is asked of the database that cannot have changed:
 * these weeks must pass in seconds.
 */
export function historyEngine(renderers: Renderers, mail?: PastMail): HistoryEngine {
  const accepted: { channel: Channel; providerId: string }[] = [];
  const past = (channel: Channel): Sender => ({
    channel,
    truth: 'request-id',
    send: async (_to, message, { key }) => {
      if (channel === 'zbs' && !hasTemplate(message.kind)) return { kind: 'unreachable', code: 'zbs-no-template' };
      const providerId = `minh-hoa:${key}`;
      accepted.push({ channel, providerId });
      return { kind: 'accepted', providerId };
    },
  });
  const senders = [...used.map(past), ...(mail ? [mail.sender] : [])];
  const free = { max: 1_000_000, windowMs: 1_000, urgentShare: 0 };
  const policy = { quiet: null, digest: { ...defaultPolicy.digest, at: '00:00', spreadMs: 0, graceMs: 0 }, perPerson: { max: 1_000_000, windowMs: 1_000 }, limits: { ...defaultPolicy.limits, ...Object.fromEntries([...used, 'email'].map((channel) => [channel, free])) } };
  const say = async (ctx: Ctx): Promise<void> => {
    if ((await relayIntents(ctx)) === 0) return;
    mail?.at(ctx.clock.now());
    // Several reminders of one morning to one person are one message, in the past as now.
    await gatherDigests(ctx, policy);
    await drainOutbox(ctx, { senders, renderers: { ...deliveryRenderers, ...directiveFileRenderers, ...meetingFileRenderers, ...renderers }, instance: 'demo-history', policy });
    const at = new Date(ctx.clock.now().getTime() + 4 * 60_000);
    const arrived = accepted.splice(0);
    // The free bot's month begins with what it has said before the opening.
    for (const { channel } of arrived) if (channel === 'zalo-bot') await countSent(ctx);
    const seen = arrived.filter(({ channel }, i) => channel === 'zalo' && i % 3 !== 2);
    await Promise.all(seen.map((one) => recordReceipt(ctx, { ...one, what: 'seen', at })));
  };
  return {
    morning: async (ctx) => {
      if ((await planReminders(ctx)) + (await advanceAlerts(ctx)) > 0) await say(ctx);
    },
    after: async (ctx, what) => {
      if (what === 'meeting') await advanceAlerts(ctx);
      await say(ctx);
    },
  };
}
