import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import { humanCode } from '../../kernel/ids.js';
import type { Actor } from '../actor.js';
import { mustBeAllowed } from '../policy.js';
import type { Account } from './account.model.js';
import { mustNotBeOwn } from './last-admin.js';
import { hashPassword, mustBeLongEnough, passwordFits } from './passwords.js';
import { writeAccount } from './write-account.js';

/** Letters and digits nobody confuses, about 58 bits. */
const GIVEN_LENGTH = 12;

/**
 * "Cấp lại mật khẩu": a random one, told this once; every session of the login ends, a lock ends, and the person is asked to
 * choose an own one. Repeating the cause cannot tell the password again: `password` is then null.
 * Not for the own login: whoever finds an open screen would have it for good. Throws forbidden, account-unknown, account-own.
 */
export async function resetPassword(ctx: Ctx, actor: Actor, { id }: { id: string }): Promise<{ account: Account; password: string | null }> {
  mustBeAllowed(actor, 'account.write');
  const password = humanCode(ctx.random, GIVEN_LENGTH);
  const passwordHash = await hashPassword(password);
  const { account, before } = await writeAccount(ctx, 'reset-password', id, async (current) => {
    mustNotBeOwn(actor, current);
    return { set: { passwordHash, mustChangePassword: true, failedLogins: 0, lockedUntil: null }, endSessions: true };
  });
  await recordAudit(ctx, actor, { action: 'account.reset-password', entity: 'account', entityKey: id, after: { email: account.email } });
  return { account, password: before ? password : null };
}

/**
 * "Đổi mật khẩu" of the own login, with the password in use; other sessions end. Throws forbidden, account-unknown,
 * password-wrong, password-same, input-invalid.
 */
export async function changeOwnPassword(ctx: Ctx, actor: Actor, input: { id: string; current: string; next: string }): Promise<Account> {
  mustBeAllowed(actor, 'password.change', { accountId: input.id });
  mustBeLongEnough(input.next, 'next');
  const passwordHash = await hashPassword(input.next);
  const { account } = await writeAccount(ctx, 'change-password', input.id, async (before) => {
    const stored = await ctx.db.Account.findById(before._id).select('+passwordHash').lean<Account>();
    if (!stored || !(await passwordFits(stored.passwordHash, input.current))) throw new DomainError('password-wrong', { path: 'current' });
    if (input.next.normalize('NFC') === input.current.normalize('NFC')) throw new DomainError('password-same', { path: 'next' });
    return { set: { passwordHash, mustChangePassword: false }, endSessions: true };
  });
  await recordAudit(ctx, actor, { action: 'account.change-password', entity: 'account', entityKey: input.id, after: { email: account.email } });
  return account;
}
