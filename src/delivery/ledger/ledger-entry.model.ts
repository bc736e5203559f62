import { Schema } from 'mongoose';

/** One link of the chain: what a delivery (or a line of the audit) looked like at one revision. Never changed, never removed. */
export interface LedgerEntry {
  /** Its place in the chain, from 1 without gaps. The primary key, so that two writers can never both take it. */
  _id: number;
  at: Date;
  /** The delivery's key, or "audit:<id>". */
  key: string;
  rev: number;
  /** JSON values only (times as ISO text): what is hashed is exactly what is stored. Made in entry.ts. */
  snapshot: Record<string, unknown>;
  /** Hash of the entry before; of the first one: GENESIS. */
  prevHash: string;
  /** SHA-256 over `prevHash` and the canonical form of everything above. */
  hash: string;
}

export const ledgerEntrySchema = new Schema<LedgerEntry>(
  {
    _id: { type: Number, required: true },
    at: { type: Date, required: true },
    key: { type: String, required: true },
    rev: { type: Number, required: true },
    snapshot: { type: Schema.Types.Mixed, required: true } as never,
    prevHash: { type: String, required: true },
    hash: { type: String, required: true },
  },
  { collection: 'ledger', minimize: false },
);
// A revision is chained once, and a delivery's history is read from it.
ledgerEntrySchema.index({ key: 1, rev: 1 }, { unique: true });
