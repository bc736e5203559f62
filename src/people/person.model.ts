import { Schema, type Types } from 'mongoose';
import type { DeadMailbox } from './mailbox.js';
import type { OwnHours } from './own-hours.js';

/** leader: heads an agency or the province; officer: answers reminders for the agency; office: Văn phòng staff; admin: runs the system. */
export const personRoles = ['leader', 'officer', 'office', 'admin'] as const;
export type PersonRole = (typeof personRoles)[number];

/** Written with the change itself; `mark` tells one change from the next. */
export interface LeaveNews {
  mark: string;
  /** Who was to stand in before. */
  formerDeputyId: string | null;
}

export interface Person extends OwnHours {
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
  /** Set when the mail provider says that this address is gone. */
  emailDead?: DeadMailbox | null;
  /** Who acts for this person. */
  deputyId?: Types.ObjectId;
  /** Away from `from` until just before `until`: the deputy gets what is due meanwhile. */
  leave?: { from: Date; until: Date } | null;
  /** The leave, or who stands in, was changed and nobody has been told yet (delivery/notices/tell-leave.ts). */
  leaveNews?: LeaveNews | null;
  /** When this phone number was confirmed by a code; absent: not yet, so no text messages go there. */
  phoneVerifiedAt?: Date | null;
  /** Own order of channels; empty: the office's default. */
  channelOrder: string[];
  active: boolean;
  /** When they left or were moved out of the system; null while active. */
  leftAt?: Date | null;
  /** Grows with every change; a change is written onto the revision it was decided on. Absent: never changed. */
  rev?: number;
  /** Changes already applied, newest last, as "<use case>:<cause>". */
  causes?: string[];
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
    emailDead: { type: Schema.Types.Mixed, default: null } as never,
    deputyId: { type: Schema.Types.ObjectId, ref: 'Person' },
    leave: { type: Schema.Types.Mixed, default: null } as never,
    leaveNews: { type: Schema.Types.Mixed } as never,
    digestAt: String,
    quiet: { type: Schema.Types.Mixed, default: null } as never,
    phoneVerifiedAt: { type: Date, default: null },
    channelOrder: { type: [String], default: [] },
    active: { type: Boolean, default: true },
    leftAt: { type: Date, default: null },
    rev: { type: Number, default: 0 },
    causes: { type: [String], default: [] },
    createdAt: { type: Date, required: true },
  },
  { collection: 'people' },
);
personSchema.index({ agencyCode: 1, active: 1 });
personSchema.index({ roles: 1, active: 1 });
personSchema.index({ nameFold: 1 });
personSchema.index({ 'leaveNews.mark': 1 }, { sparse: true });
