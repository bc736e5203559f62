import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import { DomainError, isDomainError } from '../../kernel/errors.js';
import { humanCode } from '../../kernel/ids.js';
import type { Account, AccountRole } from './account.model.js';
import type { Actor } from '../actor.js';
import { factId } from '../fact-id.js';
import { checkAccount } from './check-account.js';
import { mustWorkHere } from './last-admin.js';
import { compareWithNobody, hashPassword, mustBeLongEnough, passwordFits } from './passwords.js';
import { mustBeAllowed } from '../policy.js';

const FAILURES = 5;
const LOCK_MS = 15 * 60_000;
const FIRST_ADMIN = 'admin@nhacviec.local';
const SYSTEM: Actor = { kind: 'system', name: 'Hệ thống' };

export interface AccountInput {
  email: string;
  name: string;
  role: AccountRole;
  /** Required for the role "agency": it sees nothing else. */
  agencyCode?: string;
  personId?: string;
  /** At least 10 characters. */
  password: string;
}

/** Opens a login. Throws 'account-email-taken', 'agency-unknown', 'person-unknown', 'person-inactive', 'input-invalid'. */
export async function createAccount(ctx: Ctx, actor: Actor, input: AccountInput): Promise<Account> {
  mustBeAllowed(actor, 'account.write');
  await checkAccount(ctx, input);
  if (input.personId) await mustWorkHere(ctx, input.personId);
  mustBeLongEnough(input.password);
  const email = input.email.trim().toLowerCase();
  const { name, role, agencyCode = null, personId = null } = input;
  const _id = factId(ctx.cause, 'account', email);
  const record = { _id, email, name, role, agencyCode, personId, passwordHash: await hashPassword(input.password), createdAt: ctx.clock.now() };
  try {
    await ctx.db.Account.create(record);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const account = await findAccount(ctx, _id);
  if (!account) throw new DomainError('account-email-taken', { email, path: 'email' });
  await recordAudit(ctx, actor, { action: 'account.create', entity: 'account', entityKey: _id, after: { email, role, agencyCode } });
  return account;
}

/** An account without its password hash; null for unknown, malformed and disabled ones, and where its person has left. */
export async function findAccount(ctx: Ctx, id: string): Promise<Account | null> {
  const account = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.Account.findOne({ _id: id, disabledAt: null }).lean<Account>() : null;
  if (!account?.personId) return account;
  return (await ctx.db.Person.exists({ _id: account.personId, active: true })) ? account : null;
}

/**
 * The account behind an e-mail and password, or null without saying why: unknown, disabled, wrong, or locked for 15 minutes
 * after five failures in a row.
 */
export async function authenticate(ctx: Ctx, input: { email: string; password: string }): Promise<Account | null> {
  const account = await takeTry(ctx, input.email.trim().toLowerCase());
  const fits = account ? await passwordFits(account.passwordHash, input.password) : await compareWithNobody(input.password);
  if (!account) return null;
  const now = ctx.clock.now();
  if (!fits) {
    if (account.failedLogins >= FAILURES) await ctx.db.Account.updateOne({ _id: account._id }, { $set: { failedLogins: 0, lockedUntil: new Date(now.getTime() + LOCK_MS) } });
    return null;
  }
  await ctx.db.Account.updateOne({ _id: account._id }, { $set: { failedLogins: 0, lockedUntil: null, lastLoginAt: now } });
  return findAccount(ctx, account._id.toString());
}

/** Counts the try before the password is looked at: of many guesses made at once only five are compared. */
async function takeTry(ctx: Ctx, email: string): Promise<Account | null> {
  const now = ctx.clock.now();
  const account = await ctx.db.Account.findOneAndUpdate(
    { email, disabledAt: null, $or: [{ lockedUntil: null }, { lockedUntil: { $lte: now } }] },
    { $inc: { failedLogins: 1 } },
    { returnDocument: 'after' },
  )
    .select('+passwordHash')
    .lean<Account>();
  if (!account || account.failedLogins <= FAILURES) return account;
  // Only tries at the same time as the fifth, or after a crash in it, get here.
  await ctx.db.Account.updateOne({ _id: account._id }, { $set: { failedLogins: 0, lockedUntil: new Date(now.getTime() + LOCK_MS) } });
  return null;
}

/**
 * Makes sure somebody can sign in. With ADMIN_EMAIL and ADMIN_PASSWORD: opens that account unless its e-mail is taken (a password
 * changed later is never set back). Without them, and with no account at all: opens one with a random password, which is
 * returned this once. Null where nothing had to be done.
 */
export async function ensureFirstAdmin(ctx: Ctx): Promise<{ email: string; password?: string } | null> {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = ctx.config;
  if (email && password) {
    if (await ctx.db.Account.exists({ email })) return null;
    return (await open(ctx, email, password.reveal())) ? { email } : null;
  }
  if (await ctx.db.Account.exists({})) return null;
  const invented = humanCode(ctx.random, 16);
  return (await open(ctx, FIRST_ADMIN, invented)) ? { email: FIRST_ADMIN, password: invented } : null;
}

/** False where another instance was faster. The cause is fresh each time: an account made by an earlier start is not ours. */
async function open(ctx: Ctx, email: string, password: string): Promise<boolean> {
  const cause = `first-admin:${humanCode(ctx.random, 16)}`;
  try {
    await createAccount({ ...ctx, cause }, SYSTEM, { email, password, name: 'Quản trị hệ thống', role: 'admin' });
    return true;
  } catch (error) {
    if (isDomainError(error) && error.code === 'account-email-taken') return false;
    throw error;
  }
}
