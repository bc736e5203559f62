import { Schema, type Types } from 'mongoose';

/** leader: heads an agency or the province; officer: answers reminders for the agency; office: Văn phòng staff; admin: runs the system. */
export const personRoles = ['leader', 'officer', 'office', 'admin'] as const;
export type PersonRole = (typeof personRoles)[number];

export interface Person {
  _id: Types.ObjectId;
  name: string;
  nameFold: string;
  /** Post, e.g. "Giám đốc Sở Tài chính". */
  position: string;
  agencyCode: string;
  roles: PersonRole[];
  /** 84… */
  phone?: string;
  email?: string;
  /** Who acts for this person. */
  deputyId?: Types.ObjectId;
  /** Own order of channels; empty: the office's default. */
  channelOrder: string[];
  active: boolean;
  createdAt: Date;
}

export const personSchema = new Schema<Person>(
  {
    name: { type: String, required: true },
    nameFold: { type: String, required: true },
    position: { type: String, required: true },
    agencyCode: { type: String, required: true },
    roles: { type: [String], enum: personRoles, required: true },
    phone: String,
    email: String,
    deputyId: { type: Schema.Types.ObjectId, ref: 'Person' },
    channelOrder: { type: [String], default: [] },
    active: { type: Boolean, default: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'people' },
);
personSchema.index({ agencyCode: 1, active: 1 });
personSchema.index({ roles: 1, active: 1 });
personSchema.index({ nameFold: 1 });
