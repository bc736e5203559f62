import { Schema } from 'mongoose';

/** The last number given in a series such as "NV-2026". */
export interface Counter {
  _id: string;
  last: number;
}

export const counterSchema = new Schema<Counter>({ _id: String, last: { type: Number, required: true } } as never, { collection: 'counters' });
