import { Schema, type Types } from 'mongoose';

/** A one-time code that ties a chat to a person: stored hashed, 10 minutes, once. */
export interface LinkCode {
  _id: Types.ObjectId;
  codeHash: string;
  personId: Types.ObjectId;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  /** The chat it linked and the cause of that; null while unused and where a newer code revoked it. */
  usedBy: { channel: string; chatId: string; cause: string } | null;
}

export const linkCodeSchema = new Schema<LinkCode>(
  {
    codeHash: { type: String, required: true, unique: true },
    personId: { type: Schema.Types.ObjectId, ref: 'Person', required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    usedAt: { type: Date, default: null },
    usedBy: { type: Schema.Types.Mixed, default: null } as never,
  },
  { collection: 'linkCodes' },
);
linkCodeSchema.index({ personId: 1, usedAt: 1 });

/** Wrong codes typed in one chat; three block it for ten minutes. */
export interface LinkAttempts {
  _id: Types.ObjectId;
  channel: string;
  chatId: string;
  wrong: number;
  /** Time of the last counted try; ten minutes after it the count starts anew. */
  since: Date;
  /** Causes of the latest tries, so that a repeated one is counted once. */
  causes: string[];
}

export const linkAttemptsSchema = new Schema<LinkAttempts>(
  {
    channel: { type: String, required: true },
    chatId: { type: String, required: true },
    wrong: { type: Number, required: true },
    since: { type: Date, required: true },
    causes: { type: [String], default: [] },
  },
  { collection: 'linkAttempts' },
);
linkAttemptsSchema.index({ channel: 1, chatId: 1 }, { unique: true });
