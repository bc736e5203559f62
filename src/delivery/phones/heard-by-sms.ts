import { because, type Ctx } from '../../context.js';
import { isDomainError } from '../../kernel/errors.js';
import { fold } from '../../kernel/fold.js';
import type { Actor } from '../../people/actor.js';
import { awaitsPhoneCode, confirmPhone } from '../../people/phones/confirm-phone.js';
import type { Person } from '../../people/person.model.js';
import { disownPhone } from '../../people/phones/disown-phone.js';
import { normalisePhone } from '../../people/phone.js';
import { officeStaff } from '../../people/receivers.js';
import { enqueueAll } from '../enqueue.js';
import { keys } from '../keys.js';
import { saysNotMe } from './says-not-me.js';

/** What a phone wrote back, where the gateway hands that on. */
export interface SmsAnswer {
  from: string;
  text: string;
  /** The gateway's id of it; the same answer delivered twice has the same. */
  id: string;
  /** It is one piece of a longer SMS: a sentence in it may be cut out of another. */
  piece?: boolean;
}

const BY_SMS: Actor = { kind: 'system', name: 'Tin nhắn trả lời' };
/** The whole SMS: "123456", "123 456", "MA 123456", "Ma xac minh: 123.456", "Ma cua toi la 123456"; folded. Digits in other words are a report, a date, a meeting. */
const CODE = /^(?:(?:ma|ma so|ma xac minh|ma xac nhan|ma xac thuc|otp)(?: (?:so|cua toi|cua em|toi nhan duoc))?(?: la)?[\s:.-]*)?(\d{3}[\s.-]?\d{3})[\s.!]*$/;

/** The six digits of an SMS that is nothing but a verification code. */
export const phoneCodeIn = (text: string): string | undefined => CODE.exec(fold(text))?.[1]?.replace(/\D/g, '');

/**
 * Takes an SMS answer: a code that is awaited from this number, and nothing beside it, proves the number; "không phải tôi" ends its use, unless it has been proven: then the Office is
 * asked ("doubt"), for who sends an SMS can be feigned. Other words of a number in the register are left to the inbox ("words");
 * anything else is not ours. Returns what it was.
 */
export async function heardBySms(outer: Ctx, { from, text, id, piece = false }: SmsAnswer): Promise<'code' | 'wrong-code' | 'not-me' | 'doubt' | 'words' | 'ignored'> {
  const ctx = because(outer, `sms-answer:${id}`);
  const phone = normalisePhone(from);
  if (!phone) return 'ignored';
  const digits = piece ? undefined : phoneCodeIn(text);
  if (digits && (await awaitsPhoneCode(ctx, phone))) return confirm(ctx, phone, digits);
  const people = await ctx.db.Person.find({ phone }).lean<Person[]>();
  if (people.length === 0) return 'ignored';
  if (piece || !saysNotMe(text, people.map(({ name }) => name))) return 'words';
  // Told before the number goes: after a crash in between the repeated answer still finds it as it was.
  const doubt = people.some(({ phoneVerifiedAt }) => phoneVerifiedAt);
  await tellOffice(ctx, people, { id, doubt });
  if (!doubt) await disownPhone(ctx, BY_SMS, phone);
  return doubt ? 'doubt' : 'not-me';
}

async function tellOffice(ctx: Ctx, people: readonly Person[], { id, doubt }: { id: string; doubt: boolean }): Promise<void> {
  const office = await officeStaff(ctx);
  const notices = people.flatMap((person) => office.map((one) => ({ key: keys.forPerson(keys.phoneDisowned(person._id.toString(), id), one._id.toString()), kind: 'phone-disowned', lane: 'normal' as const, asked: 'by-day' as const, personId: one._id.toString(), data: { personId: person._id.toString(), doubt } })));
  await enqueueAll(ctx, notices);
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
