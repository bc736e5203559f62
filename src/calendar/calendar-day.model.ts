import { Schema, type Types } from 'mongoose';

/** One exception to Monday-to-Friday, kept by the office; the year's notice is its source. */
export interface CalendarDayRecord {
  _id: Types.ObjectId;
  /** "YYYY-MM-DD" in Vietnam. */
  on: string;
  kind: 'off' | 'worked';
  note: string;
  /** True while no official notice was found. */
  provisional: boolean;
}

export const calendarDaySchema = new Schema<CalendarDayRecord>(
  {
    on: { type: String, required: true, unique: true },
    kind: { type: String, enum: ['off', 'worked'], required: true },
    note: { type: String, required: true },
    provisional: { type: Boolean, default: false },
  },
  { collection: 'calendarDays' },
);
