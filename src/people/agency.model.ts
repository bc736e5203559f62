import { Schema, type Types } from 'mongoose';
import type { DeadMailbox } from './mailbox.js';
import type { OwnHours } from './own-hours.js';

export const agencyTypes = ['province', 'office', 'department', 'inspectorate', 'board', 'vertical', 'service-unit', 'office-unit', 'commune', 'ward', 'special-zone'] as const;
export type AgencyType = (typeof agencyTypes)[number];

/**
 * A body that receives or gives work. Keyed by official code: ten commune names recur in other provinces. Own hours are those of
 * its mailbox.
 */
export interface Agency extends OwnHours {
  _id: Types.ObjectId;
  code: string;
  name: string;
  nameFold: string;
  type: AgencyType;
  /** For narrow places such as charts, e.g. "Sở NN&MT"; absent: the name. */
  shortName?: string;
  /** As in document numbers, e.g. "SNNMT". */
  symbol?: string;
  /** Shown instead of the code, which stands in everything sent and signed so far and so never changes; no other agency's. */
  abbreviation?: string;
  /** The same for comparing: what differs only in case or diacritics is the same. */
  abbreviationFold?: string;
  parentCode?: string;
  /** The agency's mailbox. */
  email?: string;
  /** Set when the mail provider says that this address is gone. */
  emailDead?: DeadMailbox | null;
  /** To call its office, as people write it; nothing is sent there. */
  phone?: string;
  /** Place among agencies of its level, from 1; absent: after those that have one, in the official order. */
  order?: number;
  /** "Vùng sâu, vùng xa", set by people: some statutory clocks run longer there. */
  remote: boolean;
  active: boolean;
  /** Grows with every look at the superiors above that somebody's change rests on; a change of this agency's own superior is written onto it. */
  treeRev?: number;
  /** Grows with every change by people; a change is written onto the revision it was decided on. Absent: never changed. */
  rev?: number;
  /** Changes already applied, newest last, as "<use case>:<cause>". */
  causes?: string[];
}

export const agencySchema = new Schema<Agency>(
  {
    code: { type: String, required: true, unique: true },
    name: { type: String, required: true },
    nameFold: { type: String, required: true },
    type: { type: String, enum: agencyTypes, required: true },
    shortName: String,
    symbol: String,
    abbreviation: String,
    abbreviationFold: String,
    parentCode: String,
    email: String,
    emailDead: { type: Schema.Types.Mixed, default: null } as never,
    phone: String,
    order: Number,
    remote: { type: Boolean, default: false },
    active: { type: Boolean, default: true },
    digestAt: String,
    quiet: { type: Schema.Types.Mixed, default: undefined } as never,
    treeRev: Number,
    rev: Number,
    causes: { type: [String], default: undefined } as never,
  },
  { collection: 'agencies' },
);
agencySchema.index({ nameFold: 1 });
agencySchema.index({ abbreviationFold: 1 }, { unique: true, sparse: true });
