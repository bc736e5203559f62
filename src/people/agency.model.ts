import { Schema, type Types } from 'mongoose';
import type { DeadMailbox } from './mailbox.js';

export const agencyTypes = ['province', 'office', 'department', 'inspectorate', 'board', 'vertical', 'service-unit', 'office-unit', 'commune', 'ward', 'special-zone'] as const;
export type AgencyType = (typeof agencyTypes)[number];

/** A body that receives or gives work. Keyed by official code: ten commune names recur in other provinces. */
export interface Agency {
  _id: Types.ObjectId;
  code: string;
  name: string;
  nameFold: string;
  type: AgencyType;
  /** As in document numbers, e.g. "SNNMT". */
  symbol?: string;
  parentCode?: string;
  /** The agency's mailbox. */
  email?: string;
  /** Set when the mail provider says that this address is gone. */
  emailDead?: DeadMailbox | null;
  /** "Vùng sâu, vùng xa", set by people: some statutory clocks run longer there. */
  remote: boolean;
  active: boolean;
}

export const agencySchema = new Schema<Agency>(
  {
    code: { type: String, required: true, unique: true },
    name: { type: String, required: true },
    nameFold: { type: String, required: true },
    type: { type: String, enum: agencyTypes, required: true },
    symbol: String,
    parentCode: String,
    email: String,
    emailDead: { type: Schema.Types.Mixed, default: null } as never,
    remote: { type: Boolean, default: false },
    active: { type: Boolean, default: true },
  },
  { collection: 'agencies' },
);
agencySchema.index({ nameFold: 1 });
