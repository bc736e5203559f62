import { Schema } from 'mongoose';

/** Small shared facts: tokens of a provider, pauses of a channel, last run of a tick. One document per key. */
export interface StateRecord {
  _id: string;
  value: unknown;
  updatedAt: Date;
}

export const stateSchema = new Schema<StateRecord>(
  { _id: String, value: { type: Schema.Types.Mixed, default: null }, updatedAt: Date } as never,
  { collection: 'state', minimize: false },
);
