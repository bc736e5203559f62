import { Schema, type Types } from 'mongoose';
import { chatChannels, type ChatChannel } from '../../kernel/channels.js';

/** A person's chat on one channel, proven by a one-time code or an own shared contact. Removed on /huylienket. */
export interface ChatLink {
  _id: Types.ObjectId;
  channel: ChatChannel;
  chatId: string;
  senderId: string;
  personId: Types.ObjectId;
  linkedAt: Date;
  linkedBy: 'code' | 'contact';
  /** Last time the person wrote or tapped; Zalo lets us write for 7 days after. */
  lastInboundAt: Date;
  /** Set when the provider says the chat is gone; cleared when the person writes again. */
  deadAt: Date | null;
  deadReason?: string;
  /** What the next plain words are the answer to, until `until`. */
  awaiting: Awaiting | null;
}

/**
 * After a tap on "Cập nhật": the report on this task; after "/capnhat" with several open: the report on one of them. After "Vắng": the reason. After "/huylienket": a yes.
 */
export type Awaiting = { until: Date } & ({ kind: 'progress'; taskCode: string } | { kind: 'absence'; meetingCode: string; /** Id of the attendee it is the reason of. */ place?: string } | { kind: 'task' } | { kind: 'unlink'; /** Cause of the message that answered it, or came in between. */ closedBy?: string });

export const chatLinkSchema = new Schema<ChatLink>(
  {
    channel: { type: String, enum: chatChannels, required: true },
    chatId: { type: String, required: true },
    senderId: { type: String, required: true },
    personId: { type: Schema.Types.ObjectId, ref: 'Person', required: true },
    linkedAt: { type: Date, required: true },
    linkedBy: { type: String, enum: ['code', 'contact'], required: true },
    lastInboundAt: { type: Date, required: true },
    deadAt: { type: Date, default: null },
    deadReason: String,
    awaiting: { type: Schema.Types.Mixed, default: null } as never,
  },
  { collection: 'chatLinks' },
);
chatLinkSchema.index({ channel: 1, chatId: 1 }, { unique: true });
chatLinkSchema.index({ personId: 1, channel: 1 }, { unique: true });
