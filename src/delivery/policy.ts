import { channels, type Channel } from '../kernel/channels.js';
import type { Lane } from './intent.js';

/** At most `max` calls in any `windowMs`, over all instances; `urgentShare` of them only for the urgent lane. */
export interface Limit {
  max: number;
  windowMs: number;
  urgentShare: number;
  /** So many ordinary calls at once, the others evenly after them: the provider counts in its own window, which begins when it likes. */
  burst?: number;
}

/** What leaves together instead of one by one. */
export interface DigestPolicy {
  /** Hour of the daily digest, "HH:mm" (Asia/Ho_Chi_Minh), where a person has no own; on working days. */
  at: string;
  /** Digests of one hour leave spread over so long. */
  spreadMs: number;
  /** What has been due for longer leaves with the others of its person as one catch-up. */
  staleMs: number;
  /** A catch-up waits so long for what else is still being planned. */
  graceMs: number;
}

/** When a message that was taken counts as unheard, and the next channel is tried. Nothing else is ever followed up. */
export interface SilencePolicy {
  urgentMs: number;
  normalMs: number;
  /** Channels that tell of each message delivered and never of a failure: without a receipt for so long, of whatever kind. A template may name its own span. */
  receiptMs: Readonly<Partial<Record<Channel, number>>>;
  /** Kinds of the normal lane that are worth a second channel. */
  normalKinds: readonly string[];
}

/** How the outbox behaves where an office may have its own wishes. All spans in milliseconds. */
export interface DeliveryPolicy {
  /**
   * Nothing of the normal and digest lanes leaves from `from` to `to` ("HH:mm", Asia/Ho_Chi_Minh) or on days off; what
   * waited leaves spread over `spreadMs`. Urgent matters and answers in a chat pass. Null: never quiet.
   */
  quiet: { from: string; to: string; daysOff: boolean; spreadMs: number } | null;
  /** The office's order of channels; a person's own order comes first. */
  channelOrder: readonly Channel[];
  /** SMS and ZBS by phone only to numbers their holder has confirmed. */
  verifiedPhonesOnly: boolean;
  /** How long a claim lasts without a word from its worker. Longer than a call may take. */
  leaseMs: number;
  callTimeoutMs: number;
  /** Deliveries claimed at once. */
  batch: number;
  /** Calls open at once per channel, so that a slow provider does not hold up the others; urgent ones may use half as many again. */
  parallel: number;
  limits: Readonly<Record<Channel, Limit>>;
  /** Notices to one person: more than this and the next one waits. Answers in a chat are not held back. */
  perPerson: { max: number; windowMs: number };
  backoff: { firstMs: number; maxMs: number };
  /** Failures on one channel after which the next one is tried, or the delivery parked. */
  maxFailures: number;
  /** A channel that is down for everybody uses up no failures of a message younger than this. */
  downMs: number;
  /** Workers that may die with the same delivery in hand before it is parked. */
  maxLapses: number;
  /** What to do once when nobody knows whether a copy arrived and the provider cannot be asked. Never twice. */
  repeat: Readonly<Record<Lane, { again: boolean; afterMs: number }>>;
  /** An urgent message does not wait longer than this for a paused channel if there is another. */
  urgentPatienceMs: number;
  /** A channel that refuses us rests so long, doubled each time it refuses again. */
  rejectedRest: { firstMs: number; maxMs: number };
  /**
   * So many calls in a row that fail (5xx, time-outs, resets) and the channel rests; one call a minute tries whether it is
   * back. Urgent messages go round it at once; `goRound: 'all'`: the others too, instead of waiting.
   */
  breaker: { failures: number; goRound: 'urgent' | 'all' };
  digest: DigestPolicy;
  silence: SilencePolicy;
}

export const defaultPolicy: DeliveryPolicy = {
  quiet: { from: '21:00', to: '06:30', daysOff: true, spreadMs: 10 * 60_000 },
  channelOrder: channels,
  verifiedPhonesOnly: true,
  leaseMs: 15_000,
  callTimeoutMs: 10_000,
  batch: 200,
  parallel: 16,
  limits: {
    // 30/s is what Telegram's FAQ names for a whole bot. Evenly, and one place a second only for urgent matters: an urgent one
    // finds room within 35 ms, and calls that travel some milliseconds longer or shorter do not add up to 31 in the provider's second.
    telegram: { max: 30, windowMs: 1_000, urgentShare: 1 / 30, burst: 5 },
    // The smallest OA package is said to allow 100 calls a minute; larger ones answer -32 only later.
    zalo: { max: 90, windowMs: 60_000, urgentShare: 0.2 },
    // Nothing is documented; a pilot bot needs no more.
    'zalo-bot': { max: 10, windowMs: 1_000, urgentShare: 0.2 },
    zbs: { max: 10, windowMs: 1_000, urgentShare: 0.2 },
    sms: { max: 10, windowMs: 1_000, urgentShare: 0.2 },
    email: { max: 10, windowMs: 1_000, urgentShare: 0.2 },
  },
  // Telegram bears short bursts to one chat, but no more than one message a second on average.
  perPerson: { max: 5, windowMs: 5_000 },
  backoff: { firstMs: 2_000, maxMs: 10 * 60_000 },
  maxFailures: 8,
  downMs: 24 * 60 * 60_000,
  maxLapses: 5,
  repeat: {
    urgent: { again: true, afterMs: 2_000 },
    normal: { again: true, afterMs: 60_000 },
    digest: { again: false, afterMs: 0 },
  },
  urgentPatienceMs: 5_000,
  rejectedRest: { firstMs: 60_000, maxMs: 15 * 60_000 },
  breaker: { failures: 5, goRound: 'urgent' },
  digest: { at: '07:30', spreadMs: 5 * 60_000, staleMs: 60 * 60_000, graceMs: 45_000 },
  silence: {
    urgentMs: 3 * 60_000,
    normalMs: 24 * 60 * 60_000,
    // Zalo is asked every minute for half an hour (bots/zalo/zbs/receipts.ts): who has nothing by then has no Zalo at hand. The template's form names it.
    receiptMs: { zbs: 30 * 60_000 },
    normalKinds: ['task-assigned', 'task-deadline-moved', 'meeting-alert', 'meeting-postponed', 'meeting-cancelled', 'meeting-withdrawn'],
  },
};
