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
    createdAt: { type: Date, required: true },
  },
  { collection: 'accounts' },
);
