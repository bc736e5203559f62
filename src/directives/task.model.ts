import { Schema, type Types } from 'mongoose';
import { intentSchema, type Intent } from '../delivery/intent.js';
import { urgencies, type Urgency } from './directive.model.js';

/** Stored stages; "overdue" is never stored, see time-tag.ts. */
export const stages = ['new', 'acknowledged', 'in-progress', 'submitted', 'completed', 'returned', 'refused', 'forwarded', 'paused', 'revoked'] as const;
export type Stage = (typeof stages)[number];

/** Stages in which somebody still has to act, so reminders go out. */
export const openStages = ['new', 'acknowledged', 'in-progress', 'returned', 'forwarded'] as const satisfies readonly Stage[];

/** One line of a task's log: an answer, or a result returned by the Office. Never edited. */
export interface ProgressEntry {
  percent: number;
  note: string;
  /** The stage it led to. */
  stage: Stage;
  by: { name: string; personId?: string; channel: string };
  at: Date;
  cause: string;
}

/** Somebody of the lead agency has taken note of the task. */
export interface Acknowledgement {
  by: { name: string; personId?: string; channel: string };
  at: Date;
  cause: string;
}

export interface Extension {
  fromDueAt: Date | null;
  toDueAt: Date;
  toDueOn: string;
  reason: string;
  by: { name: string; personId?: string; channel: string };
  at: Date;
  cause: string;
}

export interface Task {
  _id: Types.ObjectId;
  /** "NV-2026-00012" */
  code: string;
  directiveId: Types.ObjectId;
  /** Copied from the document so that messages need one read. */
  directive: { symbol: string; kind: string; issuedOn: string; summary: string };
  content: string;
  contentFold: string;
  urgency: Urgency;
  secret: boolean;
  leadAgencyCode: string;
  coordinatingAgencyCodes: string[];
  /** Officer who answers for the lead agency. */
  officerId: Types.ObjectId | null;
  /** Officer of the Office who follows the task. */
  monitorId: Types.ObjectId | null;
  /** Leader who assigned it. */
  leaderId: Types.ObjectId | null;
  /** Day of the deadline in Vietnam; null: no deadline. */
  dueOn: string | null;
  /** The instant after which it is overdue: end of `dueOn`, or the hour given. */
  dueAt: Date | null;
  /** True where the hour was given, not only the day. */
  dueByHour: boolean;
  /** As first set; never overwritten, or a late task would become on time. */
  originalDueOn: string | null;
  originalDueAt: Date | null;
  stage: Stage;
  percent: number;
  assignedAt: Date;
  /** When 100% was last reported; null again once the result is returned or the percent is lowered. */
  submittedAt: Date | null;
  /** The last submission before the Office confirmed: the date the on-time ratio uses. */
  completedAt: Date | null;
  /** When the Office confirmed the result. */
  confirmedAt: Date | null;
  /** Grows with every change of the facts. */
  version: number;
  progress: ProgressEntry[];
  extensions: Extension[];
  /** Absent on tasks from before this was kept. */
  acknowledgements?: Acknowledgement[];
  /** The next planned reminder; null: none. Derived by reminder-times.ts whenever the due date or stage changes. */
  nextReminderAt: Date | null;
  nextReminderSlot: string | null;
  /** What was already applied, newest last, as "<use case>:<cause>", so that a repeat changes nothing. */
  causes: string[];
  intents: Intent[];
  /** Changed since the messages about it on people's screens were brought up to date. */
  unshown?: boolean;
}

const bySchema = { type: Schema.Types.Mixed, required: true } as never;

export const taskSchema = new Schema<Task>(
  {
    code: { type: String, required: true, unique: true },
    directiveId: { type: Schema.Types.ObjectId, ref: 'Directive', required: true },
    directive: { symbol: String, kind: String, issuedOn: String, summary: String },
    content: { type: String, required: true },
    contentFold: { type: String, required: true },
    urgency: { type: String, enum: urgencies, required: true },
    secret: { type: Boolean, default: false },
    leadAgencyCode: { type: String, required: true },
    coordinatingAgencyCodes: { type: [String], default: [] },
    officerId: { type: Schema.Types.ObjectId, ref: 'Person', default: null },
    monitorId: { type: Schema.Types.ObjectId, ref: 'Person', default: null },
    leaderId: { type: Schema.Types.ObjectId, ref: 'Person', default: null },
    dueOn: { type: String, default: null },
    dueAt: { type: Date, default: null },
    dueByHour: { type: Boolean, default: false },
    originalDueOn: { type: String, default: null },
    originalDueAt: { type: Date, default: null },
    stage: { type: String, enum: stages, required: true },
    percent: { type: Number, default: 0 },
    assignedAt: { type: Date, required: true },
    submittedAt: { type: Date, default: null },
    completedAt: { type: Date, default: null },
    confirmedAt: { type: Date, default: null },
    version: { type: Number, default: 1 },
    progress: {
      type: [new Schema<ProgressEntry>({ percent: Number, note: String, stage: String, by: bySchema, at: Date, cause: String }, { _id: false })],
      default: [],
    },
    extensions: {
      type: [new Schema<Extension>({ fromDueAt: Date, toDueAt: Date, toDueOn: String, reason: String, by: bySchema, at: Date, cause: String }, { _id: false })],
      default: [],
    },
    acknowledgements: { type: [new Schema<Acknowledgement>({ by: bySchema, at: Date, cause: String }, { _id: false })], default: [] },
    nextReminderAt: { type: Date, default: null },
    nextReminderSlot: { type: String, default: null },
    causes: { type: [String], default: [] },
    intents: { type: [intentSchema], default: [] },
    unshown: Boolean,
  },
  { collection: 'tasks' },
);
taskSchema.index({ nextReminderAt: 1 });
taskSchema.index({ leadAgencyCode: 1, stage: 1, dueAt: 1 });
taskSchema.index({ stage: 1, dueAt: 1 });
taskSchema.index({ directiveId: 1 });
taskSchema.index({ officerId: 1, stage: 1 });
taskSchema.index({ 'intents.key': 1 }, { sparse: true });
taskSchema.index({ unshown: 1 }, { sparse: true });
