import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Actor } from '../../people/actor.js';
import { mustBeAllowed } from '../../people/policy.js';
import { blanksIn } from '../../texts/sms/content.js';
import { fallbackBounds, zbsParamTypes, type TemplateChannel, type ZbsParam, type ZbsTemplate } from './zbs-template.model.js';

/** A template as its page at Zalo shows it, or as it is registered with the operators. */
export interface ZbsTemplateInput {
  /** Absent: Zalo's. */
  channel?: TemplateChannel;
  templateId: string;
  kind: string;
  params: ZbsParam[];
  sample: string;
  /** Absent: by phone only. */
  byUid?: boolean;
  /** Zalo's only; absent or null: as the policy says. */
  fallbackMinutes?: number | null;
  enabled: boolean;
}

/** Enters or changes a template of the catalogue. Throws forbidden, input-invalid. */
export async function saveZbsTemplate(ctx: Ctx, actor: Actor, input: ZbsTemplateInput): Promise<ZbsTemplate> {
  mustBeAllowed(actor, 'channel.write');
  mustBeSound(input);
  const { templateId, kind, params, enabled, channel = 'zbs', byUid = false, fallbackMinutes = null } = input;
  const after = { channel, kind, params: params.map(({ name, type, maxLength, from }) => ({ name, type, maxLength, from })), sample: input.sample.trim(), byUid: channel === 'zbs' && byUid, fallbackMinutes: channel === 'zbs' ? fallbackMinutes : null, enabled, refusedCode: null };
  const saved = { $set: { ...after, updatedAt: ctx.clock.now() } };
  const before = await ctx.db.ZbsTemplate.findOneAndUpdate({ templateId }, saved, { upsert: true, returnDocument: 'before' }).lean<ZbsTemplate>();
  await recordAudit(ctx, actor, { action: 'zbs-template.save', entity: 'zbs-template', entityKey: templateId, before: before ? facts(before) : null, after: facts(after) });
  return ctx.db.ZbsTemplate.findOne({ templateId }).orFail().lean<ZbsTemplate>();
}

const facts = ({ kind, params, enabled, fallbackMinutes }: Pick<ZbsTemplate, 'kind' | 'params' | 'enabled' | 'fallbackMinutes'>) => ({ kind, params: params.map((param) => param.name), enabled, ...(fallbackMinutes ? { fallbackMinutes } : {}) });

function mustBeSound({ channel, templateId, kind, params, sample, fallbackMinutes = null }: ZbsTemplateInput): void {
  const wrong = (path: string, expected: string) => new DomainError('input-invalid', { path, expected });
  if (!/^\d{1,20}$/.test(templateId)) throw wrong('templateId', 'mã mẫu gồm các chữ số');
  if (channel === 'sms') mustFitPattern(sample, params, wrong);
  if (!/^[a-z][a-z-]{2,40}$/.test(kind)) throw wrong('kind', 'loại tin, ví dụ task-reminder');
  if (fallbackMinutes !== null && !isSpan(fallbackMinutes)) throw wrong('fallbackMinutes', `từ ${fallbackBounds.least} đến ${fallbackBounds.most} phút, hoặc để trống`);
  if (params.length > 30) throw wrong('params', 'không quá 30 tham số');
  for (const { name, type, maxLength, from } of params) {
    if (!/^\w{1,64}$/.test(name) || from.trim() === '') throw wrong('params', 'mỗi tham số có tên và nguồn dữ liệu');
    if (!zbsParamTypes.includes(type)) throw wrong('params', zbsParamTypes.join(' | '));
    if (!Number.isInteger(maxLength) || maxLength < 1 || maxLength > 1000) throw wrong('params', 'độ dài tối đa từ 1 đến 1000');
  }
  if (new Set(params.map((param) => param.name)).size < params.length) throw wrong('params', 'tên tham số không trùng nhau');
}

const isSpan = (minutes: number): boolean => Number.isInteger(minutes) && minutes >= fallbackBounds.least && minutes <= fallbackBounds.most;

/** The blanks of a registered text are {P1,20}, {P2,10} …: each is described once, and nothing else is. */
function mustFitPattern(sample: string, params: readonly ZbsParam[], wrong: (path: string, expected: string) => DomainError): void {
  if (sample.trim() === '') throw wrong('sample', 'nguyên văn mẫu đã đăng ký');
  const blanks = new Map(blanksIn(sample).map(({ name, most }) => [name, most]));
  const described = new Map(params.map(({ name, maxLength }) => [name, maxLength]));
  const strange = [...described.keys()].find((name) => !blanks.has(name));
  const missing = [...blanks.keys()].find((name) => !described.has(name));
  if (strange) throw wrong('params', `mẫu không có chỗ trống {${strange},…}`);
  if (missing) throw wrong('params', `thiếu tham số cho chỗ trống {${missing},…}`);
}
