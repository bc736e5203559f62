import { Schema, type Types } from 'mongoose';

/** Append-only: who did what to which record, because of what, from which values to which. */
export interface AuditEntry {
  _id: Types.ObjectId;
  at: Date;
  cause: string;
  by: { name: string; personId?: string; channel: string };
  action: string;
  entity: string;
  entityKey: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  /** Until the ledger's chain holds it. */
  unsealed: boolean;
}

export const auditEntrySchema = new Schema<AuditEntry>(
  {
    at: { type: Date, required: true },
    cause: { type: String, required: true },
    by: { type: Schema.Types.Mixed, required: true } as never,
    action: { type: String, required: true },
    entity: { type: String, required: true },
    entityKey: { type: String, required: true },
    before: { type: Schema.Types.Mixed, default: null } as never,
    after: { type: Schema.Types.Mixed, default: null } as never,
    unsealed: { type: Boolean, default: true },
  },
  { collection: 'audit' },
);
auditEntrySchema.index({ entity: 1, entityKey: 1, at: 1 });
auditEntrySchema.index({ at: 1 });
auditEntrySchema.index({ unsealed: 1, _id: 1 }, { partialFilterExpression: { unsealed: true } });
// One entry per cause, action and record: a repeated cause adds nothing.
auditEntrySchema.index({ cause: 1, action: 1, entityKey: 1 }, { unique: true });
