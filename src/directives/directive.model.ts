import mongoose, { Schema, type Types } from 'mongoose';
import type { Task } from './task.model.js';

/** NĐ 30/2020: exactly three marks above the ordinary. normal = thường, urgent = khẩn, very-urgent = thượng khẩn, express = hỏa tốc. */
export const urgencies = ['normal', 'urgent', 'very-urgent', 'express'] as const;
export type Urgency = (typeof urgencies)[number];

/** A directing document; it holds many tasks. Number + symbol is unique per agency and year (NĐ 30/2020). */
export interface Directive {
  _id: Types.ObjectId;
  /** e.g. "5127/UBND-KT" */
  symbol: string;
  /** Issuing agency. */
  agencyCode: string;
  /** Year of issue in Vietnam: numbers start anew on 1 January. */
  year: number;
  /** Kind of document, e.g. "Công văn". */
  kind: string;
  issuedOn: string;
  signer: string;
  summary: string;
  urgency: Urgency;
  /** Văn bản mật: nothing of it leaves by any channel. */
  secret: boolean;
  /** Tasks numbered but not yet written to their own collection; empty once materialize-tasks.ts has done so. */
  drafts: Task[];
  createdAt: Date;
  cause: string;
}

export const directiveSchema = new Schema<Directive>(
  {
    symbol: { type: String, required: true },
    agencyCode: { type: String, required: true },
    year: { type: Number, required: true },
    kind: { type: String, required: true },
    issuedOn: { type: String, required: true },
    signer: { type: String, required: true },
    summary: { type: String, required: true },
    urgency: { type: String, enum: urgencies, required: true },
    secret: { type: Boolean, default: false },
    drafts: { type: [Schema.Types.Mixed], default: [] } as never,
    createdAt: { type: Date, required: true },
    cause: { type: String, required: true },
  },
  { collection: 'directives', minimize: false },
);
directiveSchema.index({ agencyCode: 1, symbol: 1, year: 1 }, { unique: true });
directiveSchema.index({ issuedOn: -1 });
directiveSchema.index({ 'drafts.code': 1 }, { sparse: true });

/** An id from its 24 hexadecimal digits. */
export const objectId = (hex: string): Types.ObjectId => new mongoose.Types.ObjectId(hex);
