import { Schema } from 'mongoose';

/**
 * Who is to hear: one person, the office (monitoring officer if named, else everyone with the role "office"), or an agency
 * through its mailbox, if mail is set up; the renderer gets no person then, but `data.agencyCode`.
 */
export type Recipient = { personId: string } | { office: true; monitorId?: string } | { agencyCode: string };

/**
 * What follows from a fact, written in the same document and the same write as the fact. A relay turns each into
 * deliveries (unique key) and then removes it: both or neither, whatever crashes.
 */
export interface Intent {
  /** Unique and derived from the fact; delivery keys are `<key>:<person>`. */
  key: string;
  /** The kind of message; a renderer of that name is registered in app.ts. */
  kind: string;
  to: Recipient[];
  lane: Lane;
  /** What the renderer needs to find the facts again: codes and ids, never sentences. */
  data: Record<string, string | number | boolean | null>;
  /** Do not send before; absent: at once. */
  notBefore?: Date;
  /** Whether somebody did something just now that this follows from; see `Asked`. */
  asked?: Asked;
}

export const askedKinds = ['by-day', 'now'] as const;
/**
 * How a message stands to quiet time. Absent: planned by the clock, waits for working days and for the morning. "by-day":
 * follows from what a person did just now, so it leaves on days off too but not at night. "now": the person asked for this
 * very message now and gets it sent.
 */
export type Asked = (typeof askedKinds)[number];

export const lanes = ['urgent', 'normal', 'digest'] as const;
export type Lane = (typeof lanes)[number];

/** For documents that carry intents; index them with `{ 'intents.key': 1 }`, sparse. */
export const intentSchema = new Schema<Intent>(
  {
    key: { type: String, required: true },
    kind: { type: String, required: true },
    to: { type: [Schema.Types.Mixed], required: true } as never,
    lane: { type: String, enum: lanes, required: true },
    data: { type: Schema.Types.Mixed, default: {} } as never,
    notBefore: Date,
    asked: { type: String, enum: askedKinds },
  },
  { _id: false, minimize: false },
);
