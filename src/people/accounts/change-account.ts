import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import type { Actor } from '../actor.js';
import { mustBeAllowed } from '../policy.js';
import type { Account, AccountRole } from './account.model.js';
import { checkAccount } from './check-account.js';
import { mustLeaveAnAdmin, mustNotBeOwn, mustWorkHere } from './last-admin.js';
import { writeAccount } from './write-account.js';

export interface AccountChange {
  id: string;
  name?: string;
  role?: AccountRole;
  /** Null: of no agency. */
  agencyCode?: string | null;
  /** The person behind it, chosen now or later; null: nobody. */
  personId?: string | null;
}

/**
 * Changes whose login it is and what it may do; counts from the next click on. The e-mail stays: it is the login's name in
 * the record. Throws forbidden, account-unknown, account-own (own role), account-last-admin, agency-unknown, person-unknown,
 * person-inactive, input-invalid, changed-meanwhile.
 */
export async function changeAccount(ctx: Ctx, actor: Actor, { id, ...changes }: AccountChange): Promise<Account> {
  mustBeAllowed(actor, 'account.write');
  const { account, before } = await writeAccount(ctx, 'change', id, async (current) => {
    const next = { ...factsOf(current), ...changes };
    await checkAccount(ctx, { ...next, email: current.email });
    if (next.role !== current.role) mustNotBeOwn(actor, current);
    if (next.personId && next.personId !== factsOf(current).personId) await mustWorkHere(ctx, next.personId);
    if (current.role === 'admin' && next.role !== 'admin') await mustLeaveAnAdmin(ctx, [current]);
    return { set: { ...next, personId: (next.personId ?? null) as Account['personId'], name: next.name.normalize('NFC').trim() } };
  });
  await recordAudit(ctx, actor, { action: 'account.change', entity: 'account', entityKey: id, before: before ? factsOf(before) : null, after: { email: account.email, ...factsOf(account) } });
  return account;
}

const factsOf = ({ name, role, agencyCode, personId }: Account) => ({ name, role, agencyCode, personId: personId ? String(personId) : null });

/** "Khóa tài khoản": every session of it ends with its next click. Throws forbidden, account-unknown, account-own, account-last-admin. */
export async function disableAccount(ctx: Ctx, actor: Actor, { id }: { id: string }): Promise<Account> {
  mustBeAllowed(actor, 'account.write');
  const { account, before } = await writeAccount(ctx, 'disable', id, async (current) => {
    mustNotBeOwn(actor, current);
    if (current.role === 'admin' && !current.disabledAt) await mustLeaveAnAdmin(ctx, [current]);
    return { set: { disabledAt: current.disabledAt ?? ctx.clock.now() }, endSessions: true };
  });
  await recordAudit(ctx, actor, { action: 'account.disable', entity: 'account', entityKey: id, before: before ? { disabledAt: before.disabledAt } : null, after: { email: account.email, disabledAt: account.disabledAt } });
  return account;
}

/** "Mở lại tài khoản", also one locked by wrong passwords. Throws forbidden, account-unknown. */
export async function enableAccount(ctx: Ctx, actor: Actor, { id }: { id: string }): Promise<Account> {
  mustBeAllowed(actor, 'account.write');
  const { account, before } = await writeAccount(ctx, 'enable', id, async () => ({ set: { disabledAt: null, lockedUntil: null, failedLogins: 0 } }));
  await recordAudit(ctx, actor, { action: 'account.enable', entity: 'account', entityKey: id, before: before ? { disabledAt: before.disabledAt } : null, after: { email: account.email, disabledAt: null } });
  return account;
}
