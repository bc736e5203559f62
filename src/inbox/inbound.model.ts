import { Schema, type Types } from 'mongoose';
import type { AnyInbound } from './inbound.js';

/** What came in, kept before it is worked on; unique per channel and provider message. */
export interface InboundRecord {
  _id: Types.ObjectId;
  channel: string;
  messageId: string;
  chatId: string;
  message: AnyInbound;
  state: 'new' | 'claimed' | 'done' | 'parked';
  receivedAt: Date;
  notBefore: Date;
  claimedBy: string | null;
  claimedUntil: Date | null;
  fence: number;
  attempts: number;
  lastError: string | null;
  doneAt: Date | null;
  /** Cause of the last "Xử lý lại". */
  retriedBy?: string;
}

export const inboundSchema = new Schema<InboundRecord>(
  {
    channel: { type: String, required: true },
    messageId: { type: String, required: true },
    chatId: { type: String, required: true },
    message: { type: Schema.Types.Mixed, required: true } as never,
    state: { type: String, enum: ['new', 'claimed', 'done', 'parked'], required: true },
    receivedAt: { type: Date, required: true },
    notBefore: { type: Date, required: true },
    claimedBy: { type: String, default: null },
    claimedUntil: { type: Date, default: null },
    fence: { type: Number, default: 0 },
    attempts: { type: Number, default: 0 },
    lastError: { type: String, default: null },
    doneAt: { type: Date, default: null },
    retriedBy: String,
  },
  { collection: 'inbound' },
);
inboundSchema.index({ channel: 1, messageId: 1 }, { unique: true });
inboundSchema.index({ state: 1, notBefore: 1 });
inboundSchema.index({ state: 1, receivedAt: 1 });
inboundSchema.index({ channel: 1, chatId: 1, receivedAt: 1 });
