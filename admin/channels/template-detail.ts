import type { Ctx } from '../../src/context.js';
import type { ZbsTemplate } from '../../src/delivery/zbs/zbs-template.model.js';
import { DomainError } from '../../src/kernel/errors.js';
import type { Actor } from '../../src/people/actor.js';
import { mustBeAllowed } from '../../src/people/policy.js';

/** One template as its form needs it. Throws forbidden, not-found. */
export async function zbsTemplateDetail(ctx: Ctx, actor: Actor, id: string) {
  mustBeAllowed(actor, 'channel.read');
  const found = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.ZbsTemplate.findById(id).lean<ZbsTemplate>() : null;
  if (!found) throw new DomainError('not-found');
  const { templateId, channel, kind, params, sample, byUid, fallbackMinutes, enabled } = found;
  return { templateId, channel: channel ?? 'zbs', kind, sample, byUid: byUid ?? false, fallbackMinutes: fallbackMinutes ? String(fallbackMinutes) : '', enabled, params: params.map(({ name, type, maxLength, from }) => ({ name, type, maxLength: String(maxLength), from })) };
}
