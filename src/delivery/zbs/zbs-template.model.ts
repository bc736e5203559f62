import { Schema, type Types } from 'mongoose';

/** Zalo's kinds of parameter that are used here. DATE is "dd/MM/yyyy" with or without a time before it. */
export const zbsParamTypes = ['STRING', 'NUMBER', 'DATE'] as const;
export type ZbsParamType = (typeof zbsParamTypes)[number];

/** One blank of a template, as Zalo approved it. */
export interface ZbsParam {
  name: string;
  type: ZbsParamType;
  /** Characters Zalo takes; longer values are refused (-1121 …), so they are shortened here. */
  maxLength: number;
  /** Which of the message's `params` fills it (src/texts/template-params.ts). */
  from: string;
}

/** Whose template: Zalo's ("ZBS", formerly ZNS), or a text registered with the operators for our brandname. */
export const templateChannels = ['zbs', 'sms'] as const;
export type TemplateChannel = (typeof templateChannels)[number];

/** Bounds of `fallbackMinutes`: sooner, Zalo has not been asked yet; later than a day it is no reminder any more. */
export const fallbackBounds = { least: 2, most: 1_440 } as const;

/** A template that Zalo has approved for our Official Account, or that the operators have registered for our brandname. */
export interface ZbsTemplate {
  _id: Types.ObjectId;
  /** Records made before there were others are Zalo's. */
  channel: TemplateChannel;
  templateId: string;
  /** The kind of message it stands for, e.g. "task-reminder". Of several enabled ones the latest saved counts. */
  kind: string;
  params: ZbsParam[];
  /** The approved text: for the back office only at Zalo's; for SMS what is sent, with blanks as {P1,20}. */
  sample: string;
  /** Approved for sending by the OA's user id as well; Zalo refuses others with -249. */
  byUid: boolean;
  /** Minutes without a delivery receipt after which the next channel (SMS) takes over; null: as the policy says (policy.ts, silence.receiptMs). */
  fallbackMinutes?: number | null;
  /** Zalo's code when it refused this template, until it is saved anew or goes out again. */
  refusedCode: string | null;
  enabled: boolean;
  updatedAt: Date;
}

export const zbsTemplateSchema = new Schema<ZbsTemplate>(
  {
    channel: { type: String, enum: templateChannels, default: 'zbs' },
    templateId: { type: String, required: true, unique: true },
    kind: { type: String, required: true },
    params: { type: [Schema.Types.Mixed], default: [] } as never,
    sample: { type: String, default: '' },
    byUid: { type: Boolean, default: false },
    fallbackMinutes: { type: Number, default: null },
    refusedCode: { type: String, default: null },
    enabled: { type: Boolean, default: false },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'zbsTemplates' },
);
zbsTemplateSchema.index({ kind: 1, enabled: 1, updatedAt: -1 });
