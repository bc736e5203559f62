import type { Ctx } from '../../context.js';
import { officeStaff } from '../../people/receivers.js';
import { templateRefused } from '../../texts/zbs-texts.js';
import { enqueueAll } from '../enqueue.js';
import { keys } from '../keys.js';
import type { Renderer, Renderers } from '../renderer.js';
import type { ZbsTemplate } from './zbs-template.model.js';

/** Zalo takes this template no more: kept for the catalogue, and the office is told once until somebody saves it anew. */
export async function noteTemplateRefused(ctx: Ctx, { templateId, kind, updatedAt }: ZbsTemplate, code: string): Promise<void> {
  const office = await officeStaff(ctx);
  // Told first: a crash in between tells again under the same key.
  const told = office.map((person) => ({ key: keys.forPerson(keys.templateRefused(templateId, updatedAt), person._id.toString()), kind: 'template-refused', lane: 'normal' as const, asked: 'by-day' as const, personId: person._id.toString(), data: { templateId, kind, code } }));
  await enqueueAll(ctx, told);
  await ctx.db.ZbsTemplate.updateOne({ templateId, refusedCode: null }, { $set: { refusedCode: code } });
}

/** It went out again. */
export const templateWorks = async (ctx: Ctx, { templateId }: ZbsTemplate): Promise<void> => void (await ctx.db.ZbsTemplate.updateOne({ templateId }, { $set: { refusedCode: null } }));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const refused: Renderer = async (_ctx, { data }) => ({ message: templateRefused({ templateId: text(data['templateId']), kind: text(data['kind']), code: text(data['code']) }) });

/** What is said about templates. */
export const templateRenderers: Renderers = { 'template-refused': refused };
