import { Schema, type Types } from 'mongoose';
import type { AnswerChannel } from '../kernel/channels.js';

/** What somebody wrote about a meeting or a task that could not be read as an answer: nothing follows from it, but the Office sees it. */
export interface UnreadWords {
  _id: Types.ObjectId;
  /** "HOP-2026-00031" or "NV-2026-00012". */
  matter: string;
  personId: Types.ObjectId;
  channel: AnswerChannel;
  text: string;
  at: Date;
  cause: string;
}

export const unreadWordsSchema = new Schema<UnreadWords>(
  {
    matter: { type: String, required: true },
    personId: { type: Schema.Types.ObjectId, ref: 'Person', required: true },
    channel: { type: String, required: true },
    text: { type: String, required: true },
    at: { type: Date, required: true },
    cause: { type: String, required: true },
  },
  { collection: 'unread-words' },
);
unreadWordsSchema.index({ cause: 1, matter: 1 }, { unique: true });
unreadWordsSchema.index({ matter: 1, personId: 1, at: 1 });
