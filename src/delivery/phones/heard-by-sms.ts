import { because, type Ctx } from '../../context.js';
import { isDomainError } from '../../kernel/errors.js';
import { fold } from '../../kernel/fold.js';
import type { Actor } from '../../people/actor.js';
import { confirmPhone } from '../../people/phones/confirm-phone.js';
import { disownPhone } from '../../people/phones/disown-phone.js';
import { normalisePhone } from '../../people/phone.js';
import { officeStaff } from '../../people/receivers.js';
import { enqueueAll } from '../enqueue.js';
import { keys } from '../keys.js';

/** What a phone wrote back, where the gateway hands that on. */
export interface SmsAnswer {
  from: string;
  text: string;
  /** The gateway's id of it; the same answer delivered twice has the same. */
  id: string;
}

const BY_SMS: Actor = { kind: 'system', name: 'Tin nhắn trả lời' };
const NOT_ME = /khong phai|nham so|sai so|tu choi|nham nguoi/;
const CODE = /(?:^|\D)(\d[\d\s.]{4,10}\d)(?:\D|$)/;

/** Takes an SMS answer: a code proves the number, "không phải tôi" ends its use; anything else is not ours. Returns what it was. */
export async function heardBySms(outer: Ctx, { from, text, id }: SmsAnswer): Promise<'code' | 'wrong-code' | 'not-me' | 'ignored'> {
  const ctx = because(outer, `sms-answer:${id}`);
  const phone = normalisePhone(from);
  if (!phone) return 'ignored';
  const digits = CODE.exec(text)?.[1]?.replace(/\D/g, '');
  if (digits?.length === 6) return confirm(ctx, phone, digits);
  if (!NOT_ME.test(fold(text.normalize('NFC')))) return 'ignored';
  const people = await disownPhone(ctx, BY_SMS, phone);
  const office = await officeStaff(ctx);
  const notices = people.flatMap((person) => office.map((one) => ({ key: keys.forPerson(keys.phoneDisowned(person._id.toString(), id), one._id.toString()), kind: 'phone-disowned', lane: 'normal' as const, asked: 'by-day' as const, personId: one._id.toString(), data: { personId: person._id.toString() } })));
  await enqueueAll(ctx, notices);
  return people.length > 0 ? 'not-me' : 'ignored';
}

async function confirm(ctx: Ctx, phone: string, code: string): Promise<'code' | 'wrong-code'> {
  try {
    await confirmPhone(ctx, BY_SMS, { of: { phone }, code, by: 'sms' });
    return 'code';
  } catch (error) {
    if (isDomainError(error)) return 'wrong-code';
    throw error;
  }
}
