import { createHash } from 'node:crypto';
import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import { DomainError } from '../../kernel/errors.js';
import { localDateOf } from '../../kernel/local-date.js';
import { factId } from '../fact-id.js';
import type { Person } from '../person.model.js';
import { isDisowned } from './disown-phone.js';
import type { PhoneCode } from './phone-code.model.js';

/** How long a code is good for: ten minutes. */
export const PHONE_CODE_LIFE_MS = 10 * 60_000;
/** Codes to one number in a Vietnamese day: it may be a stranger's. */
const PER_DAY = 3;
/** Older ones say nothing any more; the record book keeps who was confirmed. */
const KEEP_MS = 90 * 86_400_000;

/** Six digits: what people read aloud on the phone without mistakes. */
export const newPhoneCode = (ctx: Pick<Ctx, 'random'>): string => String(ctx.random.int(1_000_000)).padStart(6, '0');

/** How a code is kept. Salted with its record, so that two equal codes do not look alike. */
export const hashPhoneCode = (id: { toString(): string }, code: string): string => createHash('sha256').update(`${id.toString()}:${code}`).digest('hex');

/**
 * Opens the proving of a person's number: a record without a code yet, which comes about when the SMS is written. Older open
 * ones of the person end. A repeated cause gives the same record. Throws phone-missing, phone-verified, phone-disowned,
 * phone-code-limit.
 */
export async function openPhoneCode(ctx: Ctx, person: Person): Promise<PhoneCode> {
  const { phone } = person;
  if (!phone || !/^84[35789]\d{8}$/.test(phone)) throw new DomainError('phone-missing', { name: person.name });
  if (person.phoneVerifiedAt) throw new DomainError('phone-verified', { name: person.name });
  if (await isDisowned(ctx, phone)) throw new DomainError('phone-disowned');
  await ctx.db.PhoneCode.deleteMany({ createdAt: { $lt: new Date(ctx.clock.now().getTime() - KEEP_MS) } });
  const code = (await ctx.db.PhoneCode.findOne({ personId: person._id, phone, cause: ctx.cause }).lean<PhoneCode>()) ?? (await takeSlot(ctx, person, phone));
  await ctx.db.PhoneCode.updateMany({ personId: person._id, end: null, _id: { $ne: code._id } }, { $set: { end: 'replaced', endedAt: ctx.clock.now() } });
  return code;
}

/** The day's places are numbered and taken by their id, so that presses at the same moment cannot pass the limit together. */
async function takeSlot(ctx: Ctx, person: Person, phone: string): Promise<PhoneCode> {
  const now = ctx.clock.now();
  const rest = { personId: person._id, phone, createdAt: now, expiresAt: new Date(now.getTime() + PHONE_CODE_LIFE_MS), cause: ctx.cause };
  for (let n = 1; n <= PER_DAY; n++) {
    const _id = factId('phone-code', phone, localDateOf(now), String(n));
    try {
      return (await ctx.db.PhoneCode.create({ _id, ...rest })).toObject() as PhoneCode;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // The same press, sent twice at once.
      const taken = await ctx.db.PhoneCode.findById(_id).lean<PhoneCode>();
      if (taken?.cause === ctx.cause) return taken;
    }
  }
  throw new DomainError('phone-code-limit', { most: PER_DAY });
}
