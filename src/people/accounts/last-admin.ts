import type { Types } from 'mongoose';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Actor } from '../actor.js';
import type { Person } from '../person.model.js';
import type { Account } from './account.model.js';

/** Throws account-own: some things another administrator has to do. */
export function mustNotBeOwn(actor: Actor, account: Account): void {
  if (actor.kind === 'account' && actor.accountId === String(account._id)) throw new DomainError('account-own');
}

/**
 * Called while a change that takes administrators away is being decided, after its document was read and before it is written
 * onto that revision. One other administrator who can sign in is named as the witness, and every document whose change could
 * take the witness away gets a new revision in the same look. So of two who take each other away at once the later look makes
 * the earlier one's write miss its revision and decide anew: not both are written. Nothing is left behind by a crash.
 * Throws account-last-admin.
 */
export async function mustLeaveAnAdmin(ctx: Ctx, leaving: readonly Account[]): Promise<void> {
  const others = await ctx.db.Account.find({ role: 'admin', disabledAt: null, _id: { $nin: leaving.map(({ _id }) => _id) } }).sort({ personId: 1, _id: 1 }).lean<Account[]>();
  for (const other of others) if (await isWitness(ctx, other)) return;
  throw new DomainError('account-last-admin');
}

/** The logins of administrators that end with this person. A change under way that ties one more to them misses its revision. */
export async function adminsEndingWith(ctx: Ctx, person: Person): Promise<Account[]> {
  await ctx.db.Account.updateMany({ role: 'admin', personId: { $ne: person._id } }, { $inc: { rev: 1 } });
  return ctx.db.Account.find({ role: 'admin', disabledAt: null, personId: person._id }).lean<Account[]>();
}

/** A login is tied to somebody who works here; a leaving that was decided before misses its revision. Throws person-inactive. */
export async function mustWorkHere(ctx: Ctx, personId: Types.ObjectId | string): Promise<void> {
  if (!(await holdInPost(ctx, personId))) throw new DomainError('person-inactive', { id: String(personId), path: 'personId' });
}

async function isWitness(ctx: Ctx, { _id, personId }: Account): Promise<boolean> {
  if (personId && !(await holdInPost(ctx, personId))) return false;
  return (await ctx.db.Account.updateOne({ _id, role: 'admin', disabledAt: null, personId }, { $inc: { rev: 1 } })).matchedCount === 1;
}

const holdInPost = async (ctx: Ctx, personId: Types.ObjectId | string): Promise<boolean> =>
  (await ctx.db.Person.updateOne({ _id: personId, active: true }, { $inc: { rev: 1 } })).matchedCount === 1;
