import { Schema } from 'mongoose';

/** A request of another system that carried an Idempotency-Key: being worked on, or answered and ready to be answered again. */
export interface AnsweredRequest {
  /** SHA-256 of the key. */
  _id: string;
  /** SHA-256 of method, address and body: the same key with another request is a mistake of the caller. */
  fingerprint: string;
  /** Who works on it, until when; after that another try may take over. */
  claim: string;
  claimedUntil: Date;
  /** From then on the key counts as new. */
  expiresAt: Date;
  status: number | null;
  /** The answer, sealed: only who has the key and the token can open it. Null while being worked on. */
  sealed: string | null;
  /** The database server's own time, for its TTL index alone. */
  storedAt: Date;
}

export const answeredRequestSchema = new Schema<AnsweredRequest>(
  {
    _id: String,
    fingerprint: { type: String, required: true },
    claim: { type: String, required: true },
    claimedUntil: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    status: { type: Number, default: null },
    sealed: { type: String, default: null },
    storedAt: Date,
  } as never,
  { collection: 'answeredRequests' },
);
answeredRequestSchema.index({ storedAt: 1 }, { expireAfterSeconds: 25 * 3_600 });
