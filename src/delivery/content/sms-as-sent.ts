import type { Config } from '../../config.js';
import type { Ctx } from '../../context.js';
import { withoutFiles } from '../../texts/attachment-texts.js';
import type { Message } from '../../texts/message.js';
import { toMarked, toPlain } from '../../texts/sms/charset.js';
import { composeSms, type SmsStyle } from '../../texts/sms/compose.js';
import { blanksIn, matchesPattern, type SmsContent } from '../../texts/sms/content.js';
import type { EncodedSms } from '../../texts/sms/encode.js';
import type { ZbsTemplate } from '../zbs/zbs-template.model.js';

/** Why a text is not handed to the gateway; the codes have their sentences in sms-texts.ts. */
export interface NotRegistered {
  refuse: 'sms-no-template' | 'sms-template-mismatch';
}

/** An SMS as it leaves: what the gateway is handed, and the text with its parts. */
export interface SmsAsSent {
  content: SmsContent;
  encoded: EncodedSms;
}

/** Diacritics, length and the number that may be answered, as the office set them. */
export const smsStyle = (config: Config): SmsStyle => ({ unicode: config.SMS_UNICODE, maxParts: config.SMS_MAX_PARTS, ...(config.SMS_REPLY_NUMBER ? { replyTo: config.SMS_REPLY_NUMBER } : {}) });

/** A message as the SMS that leaves, with the line that says how to answer. The sender and the back office's preview both ask here. */
export async function smsAsSent(ctx: Ctx, whole: Message): Promise<SmsAsSent | NotRegistered> {
  const message = withoutFiles(whole);
  const content = await registeredContent(ctx, message);
  if ('refuse' in content) return content;
  const encoded = composeSms(message, content, smsStyle(ctx.config));
  const fits = encoded.text === '' || (!(encoded.cut && content.kind === 'template') && isAsRegistered(encoded.text, content, ctx.config.SMS_UNICODE));
  return fits ? { content, encoded } : { refuse: 'sms-template-mismatch' };
}

/**
 * What is said by SMS: the registered text of this kind of message with its blanks filled, where the catalogue has one; else
 * free text, unless the office's operators take registered texts only (SMS_TEMPLATES_ONLY).
 */
async function registeredContent(ctx: Ctx, message: Message): Promise<SmsContent | NotRegistered> {
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
const isAsRegistered = (text: string, content: SmsContent, unicode: boolean): boolean => content.kind === 'text' || matchesPattern(text, content.pattern, unicode ? toMarked : toPlain);
