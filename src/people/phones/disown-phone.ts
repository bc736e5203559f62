import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import type { Actor } from '../actor.js';
import { factId } from '../fact-id.js';
import type { Person } from '../person.model.js';

/** So long after "that is not me" no code goes to that number. */
const BARRED_MS = 30 * 86_400_000;

/** Whoever holds this number has said lately that it is not the person's. */
export const isDisowned = async (ctx: Ctx, phone: string): Promise<boolean> =>
  (await ctx.db.PhoneCode.exists({ phone, end: 'disowned', endedAt: { $gt: new Date(ctx.clock.now().getTime() - BARRED_MS) } })) !== null;

/**
 * The number belongs to somebody else: nothing is sent there any more, by SMS or by ZBS, until a new number is entered or the
 * person proves it. Returns whose number it was thought to be. Repeating it changes nothing.
 */
export async function disownPhone(ctx: Ctx, actor: Actor, phone: string): Promise<Person[]> {
  const now = ctx.clock.now();
  const people = await ctx.db.Person.find({ phone }).lean<Person[]>();
  await ctx.db.Person.updateMany({ phone }, { $set: { phoneVerifiedAt: null } });
  const ended = { end: 'disowned' as const, endedAt: now };
  await ctx.db.PhoneCode.updateMany({ phone, end: null }, { $set: ended });
  await bar(ctx, phone, people[0]);
  for (const person of people) {
    const entry = { action: 'phone.disown', entity: 'person', entityKey: person._id.toString(), before: { verified: Boolean(person.phoneVerifiedAt) }, after: { verified: false } };
    await recordAudit(ctx, actor, entry);
  }
  return people;
}

/** Remembered also where no code was on its way. */
async function bar(ctx: Ctx, phone: string, person: Person | undefined): Promise<void> {
  if (!person || (await isDisowned(ctx, phone))) return;
  const now = ctx.clock.now();
  try {
    await ctx.db.PhoneCode.create({ _id: factId('phone-disowned', phone, ctx.cause), personId: person._id, phone, createdAt: now, expiresAt: now, end: 'disowned', endedAt: now, cause: ctx.cause });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
