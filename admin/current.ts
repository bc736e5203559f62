import { AsyncLocalStorage } from 'node:async_hooks';
import type { Account } from '../src/people/accounts/account.model.js';
import type { Actor } from '../src/people/actor.js';

/** Who is behind the request in hand, re-read from the database when it came in. */
export interface CurrentUser {
  account: Account;
  actor: Actor;
}

const requests = new AsyncLocalStorage<CurrentUser>();

/** Runs the rest of a request as this user; AdminJS calls some adapters without any context of its own. */
export const runAs = <T>(user: CurrentUser, rest: () => T): T => requests.run(user, rest);

/** The user of this request, or undefined outside one: callers then show nothing. */
export const currentUser = (): CurrentUser | undefined => requests.getStore();

/** The actor a use case gets. */
export const actorOf = (account: Account): Actor => ({
  kind: 'account',
  accountId: String(account._id),
  name: account.name,
  role: account.role,
  agencyCode: account.agencyCode,
  personId: account.personId ? String(account.personId) : null,
});
