import { Schema, type Types } from 'mongoose';

/** How a code ended; null while it may be used. */
export const phoneCodeEnds = ['confirmed', 'disowned', 'too-many', 'replaced'] as const;
export type PhoneCodeEnd = (typeof phoneCodeEnds)[number];

/** A code on its way to a phone, to prove that the person holds it. */
export interface PhoneCode {
  _id: Types.ObjectId;
  personId: Types.ObjectId;
  /** 84… */
  phone: string;
  /** SHA-256 of the codes sent, one per SMS that left: after a lost answer there may be two. */
  hashes: string[];
  tries: number;
  /** Causes of the latest tries, so that a repeated one is counted once. */
  triedBy: string[];
  createdAt: Date;
  expiresAt: Date;
  end: PhoneCodeEnd | null;
  endedAt: Date | null;
  /** Why it was issued. */
  cause: string;
}

export const phoneCodeSchema = new Schema<PhoneCode>(
  {
    personId: { type: Schema.Types.ObjectId, ref: 'Person', required: true },
    phone: { type: String, required: true },
    hashes: { type: [String], default: [] },
    tries: { type: Number, default: 0 },
    triedBy: { type: [String], default: [] },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    end: { type: String, enum: [...phoneCodeEnds, null], default: null },
    endedAt: { type: Date, default: null },
    cause: { type: String, required: true },
  },
  { collection: 'phoneCodes' },
);
phoneCodeSchema.index({ personId: 1, end: 1 });
phoneCodeSchema.index({ phone: 1, end: 1 });
phoneCodeSchema.index({ createdAt: 1 });
