import { Schema, type Types } from 'mongoose';
import { channels, type Channel } from '../kernel/channels.js';
import { askedKinds, lanes, type Asked, type Lane } from './intent.js';

/** Life of a delivery; which moves are legal is in delivery-states.ts. */
export const deliveryStates = ['planned', 'claimed', 'sending', 'accepted', 'delivered', 'seen', 'acknowledged', 'unknown', 'suppressed', 'expired', 'dead'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** "started" is written before the call; a worker that dies in it leaves "unknown" behind. "error": our own renderer failed. */
export const attemptOutcomes = ['started', 'accepted', 'retry', 'down', 'paused', 'unreachable', 'rejected', 'unknown', 'error'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

export interface Attempt {
  at: Date;
  /** Null where it failed before a channel was asked. */
  channel: Channel | null;
  outcome: AttemptOutcome;
  /** The provider's code, or our own word; never a body, never personal data. */
  code: string;
  /** True for the second copy after an unknown outcome. */
  repeat: boolean;
  /** The provider was asked what became of it and did not know. */
  asked?: boolean;
  /** Its worker vanished, and the provider had not heard of it when it was asked first. */
  notHeard?: boolean;
}

/** One message to one person (or one chat, for answers): planned, sent or not sent with a reason, and what came of it. */
export interface Delivery {
  _id: Types.ObjectId;
  /** Unique; built in keys.ts. */
  key: string;
  kind: string;
  lane: Lane;
  /** Null for answers to chats that are linked to nobody. */
  personId: Types.ObjectId | null;
  /** Meant for this person, on leave or replaced; `personId` acts for them. */
  behalfOf: Types.ObjectId | null;
  /** Ids, with commas, of others on whose behalf this copy came to serve after it was planned. */
  alsoFor?: string | null;
  /** Key of the delivery whose silence or failure this one makes up for. */
  follows: string | null;
  /** Set: answer in exactly this chat instead of the person's best channel. */
  chat: { channel: Channel; to: string } | null;
  taskCode: string | null;
  meetingCode: string | null;
  data: Record<string, string | number | boolean | null>;
  /** How it stands to quiet time; null: planned by the clock. */
  asked: Asked | null;
  state: DeliveryState;
  /** Its turn among those due: later than `notBefore` for the many copies of one matter, so that they do not hold up the others. */
  order: Date;
  /** Not claimed by itself: waits to be gathered, or travels in the digest of this key (digest/digest-keys.ts). */
  digestKey: string | null;
  /** Due from then on; pushed back for retries and quiet hours. */
  notBefore: Date;
  /** After that it is stale and expires. */
  expiresAt: Date | null;
  /** Lease: who works on it, until when; `fence` grows with each claim and guards every write. */
  claimedBy: string | null;
  claimedUntil: Date | null;
  fence: number;
  attempts: Attempt[];
  /** How often its worker died or stalled with it in hand; too often and it is parked. */
  lapses: number;
  /** Channels that said "unreachable" for this delivery, or failed too often. */
  triedChannels: Channel[];
  /** The channel whose pause or limit it waits for; such rows are not claimed while that channel is shut. */
  waitsFor: Channel | null;
  /** Channel and address it went to. */
  channel: Channel | null;
  to: string | null;
  providerId: string | null;
  /** What was sent, for the ledger; replaced by a note for secret matters. */
  text: string | null;
  /** What was edited onto it since, as line and buttons (edits/edit-messages.ts); null: it stands as it was sent. */
  shown: string | null;
  reason: string | null;
  acceptedAt: Date | null;
  /** Accepted, and judged silent then if nothing was heard; null: nobody waits for a sign. */
  silentAt: Date | null;
  deliveredAt: Date | null;
  seenAt: Date | null;
  acknowledgedAt: Date | null;
  /** When it was suppressed, expired, died or was left unknown for good. */
  finishedAt: Date | null;
  createdAt: Date;
  cause: string;
  /** Grows with each change worth keeping; `unsealed` until the ledger's chain holds this revision. */
  rev: number;
  unsealed: boolean;
}

export const deliverySchema = new Schema<Delivery>(
  {
    key: { type: String, required: true, unique: true },
    kind: { type: String, required: true },
    lane: { type: String, enum: lanes, required: true },
    personId: { type: Schema.Types.ObjectId, ref: 'Person', default: null },
    behalfOf: { type: Schema.Types.ObjectId, ref: 'Person', default: null },
    alsoFor: String,
    follows: { type: String, default: null },
    chat: { type: Schema.Types.Mixed, default: null } as never,
    taskCode: { type: String, default: null },
    meetingCode: { type: String, default: null },
    data: { type: Schema.Types.Mixed, default: {} } as never,
    asked: { type: String, enum: [...askedKinds, null], default: null },
    state: { type: String, enum: deliveryStates, required: true },
    order: { type: Date, default: null } as never,
    digestKey: { type: String, default: null },
    notBefore: { type: Date, required: true },
    expiresAt: { type: Date, default: null },
    claimedBy: { type: String, default: null },
    claimedUntil: { type: Date, default: null },
    fence: { type: Number, default: 0 },
    attempts: { type: [Schema.Types.Mixed], default: [] } as never,
    lapses: { type: Number, default: 0 },
    triedChannels: { type: [String], default: [] },
    waitsFor: { type: String, enum: [...channels, null], default: null },
    channel: { type: String, enum: [...channels, null], default: null },
    to: { type: String, default: null },
    providerId: { type: String, default: null },
    text: { type: String, default: null },
    shown: { type: String, default: null },
    reason: { type: String, default: null },
    acceptedAt: { type: Date, default: null },
    silentAt: { type: Date, default: null },
    deliveredAt: { type: Date, default: null },
    seenAt: { type: Date, default: null },
    acknowledgedAt: { type: Date, default: null },
    finishedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    cause: { type: String, required: true },
    rev: { type: Number, default: 1 },
    unsealed: { type: Boolean, default: true },
  },
  { collection: 'deliveries', minimize: false },
);
// The queue in its order, and what is due out of its turn (outbox/claim.ts); "order" is unique only together with the id.
deliverySchema.index({ state: 1, reason: 1, digestKey: 1, waitsFor: 1, lane: -1, order: 1, _id: 1 });
deliverySchema.index({ state: 1, digestKey: 1, waitsFor: 1, lane: 1, notBefore: 1 });
// What has become stale.
deliverySchema.index({ state: 1, expiresAt: 1 });
deliverySchema.index({ state: 1, claimedUntil: 1 });
deliverySchema.index({ channel: 1, providerId: 1 });
deliverySchema.index({ taskCode: 1, createdAt: 1 });
deliverySchema.index({ meetingCode: 1, createdAt: 1 });
deliverySchema.index({ personId: 1, createdAt: 1 });
// How much a person was sent in the last seconds.
deliverySchema.index({ personId: 1, acceptedAt: 1 });
deliverySchema.index({ state: 1, finishedAt: 1 });
// What a channel did today, and the newest first.
deliverySchema.index({ acceptedAt: 1, channel: 1 });
deliverySchema.index({ createdAt: -1 });
// What waits to be gathered, and what travels in a digest.
deliverySchema.index({ state: 1, digestKey: 1, notBefore: 1 });
// Whose silence is judged next.
deliverySchema.index({ state: 1, silentAt: 1 });
// What the ledger's chain does not hold yet: few at any time, so the index stays small.
deliverySchema.index({ unsealed: 1, _id: 1 }, { partialFilterExpression: { unsealed: true } });
