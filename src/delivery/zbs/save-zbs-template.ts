import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Actor } from '../../people/actor.js';
import { mustBeAllowed } from '../../people/policy.js';
import { zbsParamTypes, type ZbsParam, type ZbsTemplate } from './zbs-template.model.js';

/** A template as its page at Zalo shows it. */
export interface ZbsTemplateInput {
  templateId: string;
  kind: string;
  params: ZbsParam[];
  sample: string;
  enabled: boolean;
}

/** Enters or changes a template of the catalogue. Throws forbidden, input-invalid. */
export async function saveZbsTemplate(ctx: Ctx, actor: Actor, input: ZbsTemplateInput): Promise<ZbsTemplate> {
  mustBeAllowed(actor, 'channel.write');
  mustBeSound(input);
  const { templateId, kind, params, enabled } = input;
  const after = { kind, params: params.map(({ name, type, maxLength, from }) => ({ name, type, maxLength, from })), sample: input.sample.trim(), enabled };
  const saved = { $set: { ...after, updatedAt: ctx.clock.now() } };
  const before = await ctx.db.ZbsTemplate.findOneAndUpdate({ templateId }, saved, { upsert: true, returnDocument: 'before' }).lean<ZbsTemplate>();
  await recordAudit(ctx, actor, { action: 'zbs-template.save', entity: 'zbs-template', entityKey: templateId, before: before ? facts(before) : null, after: facts(after) });
  return ctx.db.ZbsTemplate.findOne({ templateId }).orFail().lean<ZbsTemplate>();
}

const facts = ({ kind, params, enabled }: Pick<ZbsTemplate, 'kind' | 'params' | 'enabled'>) => ({ kind, params: params.map((param) => param.name), enabled });

function mustBeSound({ templateId, kind, params }: ZbsTemplateInput): void {
  const wrong = (path: string, expected: string) => new DomainError('input-invalid', { path, expected });
  if (!/^\d{1,20}$/.test(templateId)) throw wrong('templateId', 'mã mẫu gồm các chữ số');
  if (!/^[a-z][a-z-]{2,40}$/.test(kind)) throw wrong('kind', 'loại tin, ví dụ task-reminder');
  if (params.length > 30) throw wrong('params', 'không quá 30 tham số');
  for (const { name, type, maxLength, from } of params) {
    if (!/^\w{1,64}$/.test(name) || from.trim() === '') throw wrong('params', 'mỗi tham số có tên và nguồn dữ liệu');
    if (!zbsParamTypes.includes(type)) throw wrong('params', zbsParamTypes.join(' | '));
    if (!Number.isInteger(maxLength) || maxLength < 1 || maxLength > 1000) throw wrong('params', 'độ dài tối đa từ 1 đến 1000');
  }
  if (new Set(params.map((param) => param.name)).size < params.length) throw wrong('params', 'tên tham số không trùng nhau');
}
