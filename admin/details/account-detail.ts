import type { Ctx } from '../../src/context.js';
import { DomainError } from '../../src/kernel/errors.js';
import type { Actor } from '../../src/people/actor.js';
import type { Account } from '../../src/people/accounts/account.model.js';
import { mustBeAllowed } from '../../src/people/policy.js';

/** The values the form "Sửa tài khoản" begins with. Throws forbidden, account-unknown. */
export async function accountDetail(ctx: Ctx, actor: Actor, id: string) {
  mustBeAllowed(actor, 'account.write');
  const account = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.Account.findById(id).lean<Account>() : null;
  if (!account) throw new DomainError('account-unknown', { id });
  const { email, name, role, agencyCode, personId } = account;
  return { email, name, role, agencyCode: agencyCode ?? '', personId: personId ? String(personId) : '' };
}
