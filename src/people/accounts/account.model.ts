import { Schema, type Types } from 'mongoose';

/** What a signed-in user of the back office may do; the table is in policy.ts. */
export const accountRoles = ['admin', 'office', 'leader', 'agency'] as const;
export type AccountRole = (typeof accountRoles)[number];

/** A login to the back office. "leader" sees all and changes nothing; "agency" sees its own agency only. */
export interface Account {
  _id: Types.ObjectId;
  email: string;
  name: string;
  role: AccountRole;
  agencyCode: string | null;
  personId: Types.ObjectId | null;
  /** argon2id; never selected unless asked for. */
  passwordHash: string;
  failedLogins: number;
  lockedUntil: Date | null;
  disabledAt: Date | null;
  lastLoginAt: Date | null;
  /** The password was given by an administrator and is to be replaced by an own one. */
  mustChangePassword?: boolean;
  /** A session is good for the number it began with; a new password or a lock raises it and so ends the others. */
  sessionVersion?: number;
  /** Grows with every change by a use case. */
  rev?: number;
  /** Changes already applied, newest last, as "<use case>:<cause>". */
  causes?: string[];
  createdAt: Date;
}

export const accountSchema = new Schema<Account>(
  {
    email: { type: String, required: true, unique: true },
    name: { type: String, required: true },
    role: { type: String, enum: accountRoles, required: true },
    agencyCode: { type: String, default: null },
    personId: { type: Schema.Types.ObjectId, ref: 'Person', default: null },
    passwordHash: { type: String, required: true, select: false },
    failedLogins: { type: Number, default: 0 },
    lockedUntil: { type: Date, default: null },
    disabledAt: { type: Date, default: null },
    lastLoginAt: { type: Date, default: null },
    mustChangePassword: { type: Boolean, default: false },
    sessionVersion: { type: Number, default: 0 },
    rev: { type: Number, default: 0 },
    causes: { type: [String], default: [] },
    createdAt: { type: Date, required: true },
  },
  { collection: 'accounts' },
);
