import { Schema, type Types } from 'mongoose';
import type { By, FromPhone } from '../people/actor.js';
import { intentSchema, type Intent } from '../delivery/intent.js';

export const meetingKinds = ['regular', 'urgent'] as const;
export type MeetingKind = (typeof meetingKinds)[number];
export const meetingStatuses = ['called', 'postponed', 'cancelled'] as const;
export type MeetingStatus = (typeof meetingStatuses)[number];
export const attendeeAnswers = ['attending', 'absent'] as const;
export type AttendeeAnswer = (typeof attendeeAnswers)[number];

/** One person invited, with the state of the alert to them: fan-out and escalation are the same code path. */
export interface Attendee {
  personId: Types.ObjectId;
  /** The revision that put them on the list; what was decided for a former place is not said any more. Absent: there from the start. */
  invitedRev?: number;
  /** Presided until that revision and is invited as one of the others now; absent: never presided. */
  wasChair?: boolean;
  /** Which step of escalation-steps.ts comes next; 0 = first alert. */
  step: number;
  /** When that step is due; null: nothing more to do. */
  nextStepAt: Date | null;
  /** Version of the meeting this person was last told of; 0: not told yet. */
  toldVersion: number;
  acknowledgedAt: Date | null;
  answer: AttendeeAnswer | null;
  answerNote: string;
  answeredAt: Date | null;
  /** How the answer came: the channel, or "phone" where the Office wrote down what was said. */
  via: string | null;
  /** Who of the Office wrote it down. */
  recordedBy?: string | null;
  /** Where it came by SMS: the number, and whether several people share it. */
  from?: FromPhone | null;
  /** Came from a number several people share and does not count: the Office sees it and asks. */
  unclear?: UnclearAnswer | null;
  /** The deputy an escalation called in for this person. */
  deputyCalled?: Types.ObjectId | null;
}

/** What a shared number answered; nobody knows who wrote it. */
export interface UnclearAnswer {
  at: Date;
  phone: string;
  answer: 'received' | AttendeeAnswer;
  note: string;
}

export interface Meeting {
  _id: Types.ObjectId;
  /** "HOP-2026-00031" */
  code: string;
  title: string;
  kind: MeetingKind;
  startsAt: Date;
  place: string;
  chair: string;
  /** Who presides, where picked from the people of the house; invited like everyone. Null: `chair` is free text. */
  chairId?: Types.ObjectId | null;
  status: MeetingStatus;
  /** Grows when time, place or status change; an old alert is then not sent any more. */
  version: number;
  /** Grows with every write; alert steps and changes are written only onto the revision they were decided on. */
  rev: number;
  attendees: Attendee[];
  /** Deputies that an escalation has called in; a change is told to them too. */
  deputiesTold: Types.ObjectId[];
  /** Agencies whose mailbox got the invitation; a change is told there too. */
  agenciesTold?: string[];
  /** Those among them whose mailbox got this version. */
  agenciesToldNow?: string[];
  history: MeetingEvent[];
  /** What called it; unique, so that a repeated call finds the meeting it made. */
  cause: string;
  /** Causes already applied, newest last. */
  causes: string[];
  intents: Intent[];
  /** Ids of people taken off the list whose waiting messages may not all be stopped yet. */
  stopping?: string[];
  createdAt: Date;
  /** Changed since the messages about it on people's screens were brought up to date. */
  unshown?: boolean;
}

/** One thing that happened to a meeting; never edited, but for the count `leftOut`. */
export interface MeetingEvent {
  at: Date;
  /** postponed: another time, perhaps another place too; relocated: another place only; people: others are invited, or another presides. */
  action: 'called' | 'postponed' | 'relocated' | 'people' | 'cancelled' | 'answered' | 'answered-unclear';
  by: By;
  cause: string;
  /** The version that came of it. */
  version: number;
  /** Postponed: from when to when. */
  from?: Date;
  to?: Date;
  fromPlace?: string;
  /** Absent in events of earlier versions. */
  toPlace?: string;
  /** People: ids of those added and of those taken off; who presides, if that changed. */
  added?: string[];
  removed?: string[];
  fromChair?: string;
  toChair?: string;
  reason?: string;
  /** Answered: for whom, what. */
  personId?: string;
  answer?: string;
  note?: string;
  /** On the first answer kept for an attendee: how many between it and their next one were left out (kept-answers.ts). */
  leftOut?: number;
}

const attendeeSchema = new Schema<Attendee>(
  {
    personId: { type: Schema.Types.ObjectId, ref: 'Person', required: true },
    invitedRev: Number,
    wasChair: Boolean,
    step: { type: Number, default: 0 },
    nextStepAt: { type: Date, default: null },
    toldVersion: { type: Number, default: 0 },
    acknowledgedAt: { type: Date, default: null },
    answer: { type: String, default: null },
    answerNote: { type: String, default: '' },
    answeredAt: { type: Date, default: null },
    via: { type: String, default: null },
    recordedBy: { type: String, default: null },
    from: { type: Schema.Types.Mixed, default: null } as never,
    unclear: { type: Schema.Types.Mixed, default: null } as never,
    deputyCalled: { type: Schema.Types.ObjectId, default: null },
  },
  { _id: false },
);

export const meetingSchema = new Schema<Meeting>(
  {
    code: { type: String, required: true, unique: true },
    title: { type: String, required: true },
    kind: { type: String, enum: meetingKinds, required: true },
    startsAt: { type: Date, required: true },
    place: { type: String, required: true },
    chair: { type: String, default: '' },
    chairId: { type: Schema.Types.ObjectId, default: null },
    status: { type: String, enum: meetingStatuses, required: true },
    version: { type: Number, default: 1 },
    rev: { type: Number, default: 0 },
    attendees: { type: [attendeeSchema], default: [] },
    deputiesTold: { type: [Schema.Types.ObjectId], default: [] },
    agenciesTold: { type: [String], default: [] },
    agenciesToldNow: { type: [String], default: [] },
    history: { type: [Schema.Types.Mixed], default: [] } as never,
    cause: { type: String, required: true, unique: true },
    causes: { type: [String], default: [] },
    intents: { type: [intentSchema], default: [] },
    createdAt: { type: Date, required: true },
    stopping: { type: [String], default: undefined } as never,
    unshown: Boolean,
  },
  { collection: 'meetings' },
);
meetingSchema.index({ startsAt: 1 });
meetingSchema.index({ 'attendees.nextStepAt': 1 });
meetingSchema.index({ 'intents.key': 1 }, { sparse: true });
meetingSchema.index({ unshown: 1 }, { sparse: true });
meetingSchema.index({ stopping: 1 }, { sparse: true });
