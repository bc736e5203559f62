import { hashPhoneCode, newPhoneCode } from '../../people/phones/open-phone-code.js';
import type { PhoneCode } from '../../people/phones/phone-code.model.js';
import { personById } from '../../people/receivers.js';
import { phoneCodeSms, phoneDisowned, phoneDoubted } from '../../texts/phone-texts.js';
import type { Renderer, Renderers } from '../renderer.js';
import { PHONE_CODE_KIND } from './send-phone-code.js';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Codes of one proving that count; a repeat after a lost answer has a code of its own. */
const KEPT = 3;

/** The code comes about here and is kept as a hash only: neither the queue nor the ledger ever holds it. */
const code: Renderer = async (ctx, { data }) => {
  const open = await ctx.db.PhoneCode.findById(text(data['phoneCodeId'])).lean<PhoneCode>();
  if (!open || open.end !== null || open.expiresAt <= ctx.clock.now()) return { suppress: 'phone-code-over' };
  const digits = newPhoneCode(ctx);
  await ctx.db.PhoneCode.updateOne({ _id: open._id, end: null }, { $push: { hashes: { $each: [hashPhoneCode(open._id, digits)], $slice: -KEPT } } });
  return { message: phoneCodeSms({ code: digits, callBack: ctx.config.OFFICE_PHONE ?? null }), secret: false, kept: phoneCodeSms({ code: '······', callBack: null }).text };
};

const disowned: Renderer = async (ctx, { data }) => {
  const person = await personById(ctx, text(data['personId']));
  if (!person) return { suppress: 'person-unknown' };
  return { message: data['doubt'] === true ? phoneDoubted(person) : phoneDisowned(person) };
};

/** What is said about telephone numbers. */
export const phoneRenderers: Renderers = { [PHONE_CODE_KIND]: code, 'phone-disowned': disowned };
