import { z } from 'zod';
import type { Ctx } from '../../src/context.js';
import { saveZbsTemplate } from '../../src/delivery/zbs/save-zbs-template.js';
import { fallbackBounds, templateChannels, zbsParamTypes, type ZbsTemplate } from '../../src/delivery/zbs/zbs-template.model.js';
import { DomainError } from '../../src/kernel/errors.js';
import { templateKindWords, templateSourceWords } from '../locale/words.js';
import { choice, text, tick } from './fields.js';
import { officeAction } from './office-action.js';

const LIST = '/admin/resources/ZbsTemplate';
const codes = (words: Readonly<Record<string, string>>) => Object.keys(words) as [string, ...string[]];

const param = z.object({
  name: text(64).regex(/^\w+$/, 'chữ không dấu, số và dấu gạch dưới'),
  type: choice(zbsParamTypes),
  maxLength: z.coerce.number('cần nhập số').int('cần nhập số nguyên').min(1, 'từ 1 đến 1000').max(1000, 'từ 1 đến 1000'),
  from: choice(codes(templateSourceWords)),
});
const FALLBACK = `từ ${fallbackBounds.least} đến ${fallbackBounds.most} phút, hoặc để trống`;
const blankOr = (number: z.ZodType<number>) => z.preprocess((value) => (value === '' || value === undefined ? null : value), number.nullable());
const body = { channel: z.enum(templateChannels).default('zbs'), byUid: tick, kind: choice(codes(templateKindWords)), params: z.array(param).max(30, 'không quá 30 tham số').default([]), sample: z.string().trim().max(2000, 'tối đa 2000 ký tự').default(''), enabled: tick, fallbackMinutes: blankOr(z.coerce.number(FALLBACK).int(FALLBACK).min(fallbackBounds.least, FALLBACK).max(fallbackBounds.most, FALLBACK)) };

/** "Thêm mẫu tin". An id already there is refused here: it would be changed unseen. */
export const addTemplateAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ templateId: text(20).regex(/^\d+$/, 'mã mẫu gồm các chữ số'), ...body }), async (ctx, actor, form) => {
    const known = await ctx.db.ZbsTemplate.findOne({ templateId: form.templateId }).lean<ZbsTemplate>();
    const again = known && (await ctx.db.AuditEntry.exists({ cause: ctx.cause, action: 'zbs-template.save' }));
    if (known && !again) throw new DomainError('input-invalid', { path: 'templateId', expected: 'mã mẫu chưa có trong danh mục' });
    await saveZbsTemplate(ctx, actor, form);
    return { message: `Đã thêm mẫu tin ${form.templateId}.`, redirectUrl: LIST };
  });

/** "Sửa mẫu tin": the id stays. */
export const changeTemplateAction = (ctx: Ctx) =>
  officeAction(ctx, z.object(body), async (ctx, actor, form, id) => {
    const { templateId } = await templateOf(ctx, id);
    await saveZbsTemplate(ctx, actor, { templateId, ...form });
    return { message: `Đã ghi mẫu tin ${templateId}.`, redirectUrl: LIST };
  });

/** "Dùng mẫu này" and "Ngừng dùng". */
export const switchTemplateAction = (ctx: Ctx, enabled: boolean) =>
  officeAction(ctx, z.object({}), async (ctx, actor, _form, id) => {
    const { templateId, channel, kind, params, sample, byUid, fallbackMinutes } = await templateOf(ctx, id);
    await saveZbsTemplate(ctx, actor, { templateId, channel: channel ?? 'zbs', kind, params, sample, byUid: byUid ?? false, fallbackMinutes: fallbackMinutes ?? null, enabled });
    return { message: enabled ? `Mẫu tin ${templateId} đang được dùng.` : `Đã ngừng dùng mẫu tin ${templateId}.` };
  });

async function templateOf(ctx: Ctx, id: string): Promise<ZbsTemplate> {
  const found = await ctx.db.ZbsTemplate.findById(id).lean<ZbsTemplate>();
  if (!found) throw new DomainError('not-found');
  return found;
}
