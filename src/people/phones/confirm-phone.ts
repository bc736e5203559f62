import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Actor } from '../actor.js';
import type { Person } from '../person.model.js';
import { personById } from '../receivers.js';
import { hashPhoneCode } from './open-phone-code.js';
import type { PhoneCode } from './phone-code.model.js';

/** Wrong codes after which a new one is needed. */
const TRIES = 5;

/** Read back to the office, typed in the person's own chat, or answered by SMS from that very phone. */
export type ConfirmedBy = 'office' | 'chat' | 'sms';

export interface PhoneProof {
  /** Whose number, or which number it came from. */
  of: { personId: string } | { phone: string };
  /** As people write it: blanks and points do not matter. */
  code: string;
  by: ConfirmedBy;
}

/**
 * The code came back: from now on messages with content go to this number. Each cause counts as one try, before the code is
 * looked at. Throws phone-code-none (none sent, too old, used), phone-code-wrong, phone-code-blocked, person-unknown.
 */
export async function confirmPhone(ctx: Ctx, actor: Actor, { of, code, by }: PhoneProof): Promise<Person> {
  const open = await openCode(ctx, of);
  const tries = await countTry(ctx, open);
  if (!open.hashes.includes(hashPhoneCode(open._id, code.replace(/\D/g, '')))) {
    if (tries >= TRIES) await ctx.db.PhoneCode.updateOne({ _id: open._id, end: null }, { $set: { end: 'too-many', endedAt: ctx.clock.now() } });
    throw tries >= TRIES ? new DomainError('phone-code-blocked') : new DomainError('phone-code-wrong', { left: TRIES - tries });
  }
  const now = ctx.clock.now();
  // Only the number that the code was sent to: it may have been changed meanwhile.
  const written = await ctx.db.Person.updateOne({ _id: open.personId, phone: open.phone }, { $set: { phoneVerifiedAt: now } });
  await ctx.db.PhoneCode.updateOne({ _id: open._id, end: null }, { $set: { end: 'confirmed', endedAt: now } });
  if (written.matchedCount === 0) throw new DomainError('phone-code-none');
  await recordAudit(ctx, actor, { action: 'phone.verify', entity: 'person', entityKey: open.personId.toString(), after: { by } });
  const person = await personById(ctx, open.personId);
  if (!person) throw new DomainError('person-unknown', { id: open.personId.toString() });
  return person;
}

/** Whether a code was sent to this number a short while ago: six digits from there are about it, also when they are said again or once too often. */
export const awaitsPhoneCode = async (ctx: Ctx, phone: string): Promise<boolean> => (await ctx.db.PhoneCode.exists({ phone, expiresAt: { $gt: ctx.clock.now() } })) !== null;

/** The open code; or the one this very cause ended a moment ago, so that a repeat gets the same answer. */
async function openCode(ctx: Ctx, of: PhoneProof['of']): Promise<PhoneCode> {
  const whose = 'phone' in of ? { phone: of.phone } : { personId: of.personId };
  const found = await ctx.db.PhoneCode.findOne({ ...whose, $or: [{ end: null, expiresAt: { $gt: ctx.clock.now() } }, { end: { $in: ['confirmed', 'too-many'] }, triedBy: ctx.cause }] } as never)
    .sort({ createdAt: -1, _id: -1 })
    .lean<PhoneCode>();
  if (!found) throw new DomainError('phone-code-none');
  return found;
}

/** How many tries there were with this one. */
async function countTry(ctx: Ctx, { _id }: PhoneCode): Promise<number> {
  const counted = await ctx.db.PhoneCode.findOneAndUpdate({ _id, triedBy: { $ne: ctx.cause }, tries: { $lt: TRIES } }, { $inc: { tries: 1 }, $push: { triedBy: ctx.cause } }, { returnDocument: 'after' }).lean<PhoneCode>();
  if (counted) return counted.tries;
  const now = await ctx.db.PhoneCode.findById(_id).lean<PhoneCode>();
  if (!now?.triedBy.includes(ctx.cause)) throw new DomainError('phone-code-blocked');
  return now.tries;
}
