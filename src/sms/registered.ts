import type { Ctx } from '../context.js';
import type { ZbsTemplate } from '../delivery/zbs/zbs-template.model.js';
import type { Message } from '../texts/message.js';
import { toMarked, toPlain } from '../texts/sms/charset.js';
import { blanksIn, matchesPattern, type SmsContent } from '../texts/sms/content.js';

/** Why a text is not handed to the gateway; the codes have their sentences in sms-texts.ts. */
export interface NotRegistered {
  refuse: 'sms-no-template' | 'sms-template-mismatch';
}

/**
 * What is said by SMS: the registered text of this kind of message with its blanks filled, where the catalogue has one; else
 * free text, unless the office's operators take registered texts only (SMS_TEMPLATES_ONLY).
 */
export async function registeredContent(ctx: Ctx, message: Message): Promise<SmsContent | NotRegistered> {
  const template = message.kind ? await ctx.db.ZbsTemplate.findOne({ channel: 'sms', kind: message.kind, enabled: true }).sort({ updatedAt: -1, _id: -1 }).lean<ZbsTemplate>() : null;
  if (!template) return ctx.config.SMS_TEMPLATES_ONLY ? { refuse: 'sms-no-template' } : { kind: 'text', text: message.text };
  const sources = new Map(template.params.map(({ name, from }) => [name, from]));
  // Stripped before they are cut to their places: "…" becomes three characters.
  const strip = ctx.config.SMS_UNICODE ? toMarked : toPlain;
  const params: string[] = [];
  for (const { name } of blanksIn(template.sample)) params[Number(name.slice(1)) - 1] = strip(message.params?.[sources.get(name) ?? ''] ?? '').replace(/\s+/g, ' ');
  return { kind: 'template', id: template.templateId, pattern: template.sample, params: Array.from(params, (param) => param ?? '') };
}

/** Operators compare letter by letter: better refused here, with the reason, than there with a number (eSMS 146). */
export const isAsRegistered = (text: string, content: SmsContent, unicode: boolean): boolean => content.kind === 'text' || matchesPattern(text, content.pattern, unicode ? toMarked : toPlain);
