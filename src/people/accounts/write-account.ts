import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Account } from './account.model.js';

const TRIES = 6;
/** Causes kept per login; older ones cannot come again. */
const CAUSES_KEPT = 50;

/** What to write. */
export interface AccountPatch {
  set: Partial<Account>;
  /** Ends every session begun before. */
  endSessions?: boolean;
}

/**
 * One change of one login in one atomic write, onto the revision it was decided on; a repeated (use case, cause) changes
 * nothing and has no `before`. Throws account-unknown, changed-meanwhile.
 */
export async function writeAccount(ctx: Ctx, useCase: string, id: string, decide: (account: Account) => Promise<AccountPatch>): Promise<{ account: Account; before?: Account }> {
  const mark = `${useCase}:${ctx.cause}`;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.Account.findById(id).lean<Account>() : null;
    if (!before) throw new DomainError('account-unknown', { id });
    if (before.causes?.includes(mark)) return { account: before };
    const { set, endSessions = false } = await decide(before);
    const account = await ctx.db.Account.findOneAndUpdate(
      { _id: before._id, rev: before.rev ?? null, causes: { $ne: mark } },
      { $set: { ...set, rev: (before.rev ?? 0) + 1 }, ...(endSessions ? { $inc: { sessionVersion: 1 } } : {}), $push: { causes: { $each: [mark], $slice: -CAUSES_KEPT } } },
      { returnDocument: 'after' },
    ).lean<Account>();
    if (account) return { account, before };
  }
  throw new DomainError('changed-meanwhile', { id });
}
