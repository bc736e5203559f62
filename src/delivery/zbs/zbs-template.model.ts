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

/** A template message ("ZBS", formerly ZNS) that Zalo has approved for our Official Account. */
export interface ZbsTemplate {
  _id: Types.ObjectId;
  templateId: string;
  /** The kind of message it stands for, e.g. "task-reminder". Of several enabled ones the latest saved counts. */
  kind: string;
  params: ZbsParam[];
  /** The approved text with its blanks, for the back office. */
  sample: string;
  enabled: boolean;
  updatedAt: Date;
}

export const zbsTemplateSchema = new Schema<ZbsTemplate>(
  {
    templateId: { type: String, required: true, unique: true },
    kind: { type: String, required: true },
    params: { type: [Schema.Types.Mixed], default: [] } as never,
    sample: { type: String, default: '' },
    enabled: { type: Boolean, default: false },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'zbsTemplates' },
);
zbsTemplateSchema.index({ kind: 1, enabled: 1, updatedAt: -1 });
