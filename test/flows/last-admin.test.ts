import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import type { Account } from '../../src/people/accounts/account.model.js';
import { createAccount, findAccount } from '../../src/people/accounts/accounts.js';
import { changeAccount, disableAccount } from '../../src/people/accounts/change-account.js';
import type { Actor } from '../../src/people/actor.js';
import { deactivatePerson } from '../../src/people/persons/leave-service.js';
import { openAdminHouse, PASSWORD, type AdminHouse } from '../support/admin-house.js';

const SYSTEM: Actor = { kind: 'system', name: 'Hệ thống' };
const ROUNDS = 25;
let house: AdminHouse;
let n = 0;
beforeAll(async () => {
  house = await openAdminHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.ctx.db.Account.deleteMany({ role: 'admin', email: { $ne: 'admin@example.vn' } });
  await restore();
});

const next = () => because(house.ctx, `press:${++n}`);
const stored = (email: string) => house.ctx.db.Account.findOne({ email }).orFail().lean<Account>();
const acting = (account: Account): Actor => ({ kind: 'account', accountId: String(account._id), name: account.name, role: account.role, agencyCode: null, personId: account.personId ? String(account.personId) : null });
const idOf = (account: Account) => String(account._id);
const another = (email: string, personId?: string) => createAccount(next(), SYSTEM, { email, name: email, role: 'admin', password: PASSWORD, ...(personId ? { personId } : {}) });
/** Everybody is back, with the first login tied to nobody. */
async function restore(): Promise<void> {
  await house.ctx.db.Account.updateMany({ email: /^(admin|b)@/ }, { $set: { role: 'admin', disabledAt: null } });
  await house.ctx.db.Account.updateOne({ email: 'admin@example.vn' }, { $set: { personId: null } });
  await house.ctx.db.Person.updateMany({}, { $set: { active: true } });
}
async function usable(): Promise<string[]> {
  const all = await house.ctx.db.Account.find({ role: 'admin' }).lean<Account[]>();
  const live = await Promise.all(all.map(async ({ _id }) => findAccount(house.ctx, String(_id))));
  return live.flatMap((account) => (account ? [account.email] : []));
}
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', (error: { code?: string }) => error.code ?? String(error));

/** Each pair of deeds at once, many times, in both orders; whatever happens, somebody can still sign in and run the house. */
async function atOnce(deeds: () => Promise<(() => Promise<unknown>)[]>): Promise<void> {
  let written = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const pair = await deeds();
    const ends = await Promise.all((round % 2 ? pair.reverse() : pair).map((deed) => codeOf(deed())));
    expect(await usable(), `round ${round}: ${ends.join(', ')}`).not.toEqual([]);
    expect(ends.filter((end) => !['fine', 'account-last-admin', 'changed-meanwhile', 'person-inactive'].includes(end))).toEqual([]);
    written += ends.filter((end) => end === 'fine').length;
    await restore();
  }
  expect(written).toBeGreaterThan(0);
}

test('two administrators lock each other at once: one of them is left', async () => {
  await another('b@example.vn');
  const [a, b] = [await stored('admin@example.vn'), await stored('b@example.vn')];
  await atOnce(async () => [() => disableAccount(next(), acting(a), { id: idOf(b) }), () => disableAccount(next(), acting(b), { id: idOf(a) })]);
});

test('one is locked while the other is made an office login', async () => {
  await another('b@example.vn');
  const [a, b] = [await stored('admin@example.vn'), await stored('b@example.vn')];
  await atOnce(async () => [() => disableAccount(next(), acting(a), { id: idOf(b) }), () => changeAccount(next(), acting(b), { id: idOf(a), role: 'office' })]);
});

test('one is locked while the person of the other leaves', async () => {
  await another('b@example.vn', house.people.dat);
  const [a, b] = [await stored('admin@example.vn'), await stored('b@example.vn')];
  await atOnce(async () => [() => disableAccount(next(), acting(b), { id: idOf(a) }), () => deactivatePerson(next(), acting(a), { id: house.people.dat })]);
});

test('the only one is tied to somebody who leaves at that moment', async () => {
  const a = await stored('admin@example.vn');
  await atOnce(async () => [() => changeAccount(next(), acting(a), { id: idOf(a), personId: house.people.dat }), () => deactivatePerson(next(), SYSTEM, { id: house.people.dat })]);
});

test('no login is tied to somebody who has left, the own one included', async () => {
  const a = await stored('admin@example.vn');
  await deactivatePerson(next(), SYSTEM, { id: house.people.lan });
  expect(await codeOf(changeAccount(next(), acting(a), { id: idOf(a), personId: house.people.lan }))).toBe('person-inactive');
  expect(await codeOf(another('b@example.vn', house.people.lan))).toBe('person-inactive');
  expect(await codeOf(changeAccount(next(), acting(a), { id: idOf(a), personId: house.people.dat }))).toBe('fine');
  // What is not about the person can still be changed after they left.
  await house.ctx.db.Person.updateOne({ _id: house.people.dat }, { $set: { active: false } });
  expect(await codeOf(changeAccount(next(), SYSTEM, { id: idOf(a), name: 'Quản trị', personId: house.people.dat }))).toBe('fine');
});

test('a login whose person has left is nobody: the last usable administrator stays, and so does their person', async () => {
  const a = await stored('admin@example.vn');
  const b = await another('b@example.vn', house.people.dat);
  await deactivatePerson(next(), acting(a), { id: house.people.dat });
  expect(await codeOf(disableAccount(next(), SYSTEM, { id: idOf(a) }))).toBe('account-last-admin');
  expect(await codeOf(changeAccount(next(), SYSTEM, { id: idOf(a), role: 'leader' }))).toBe('account-last-admin');
  await changeAccount(next(), acting(a), { id: idOf(a), personId: house.people.hoa });
  expect(await codeOf(deactivatePerson(next(), SYSTEM, { id: house.people.hoa }))).toBe('account-last-admin');
  expect(await usable()).toEqual([a.email]);
  // The one who left may be locked as well.
  expect(await codeOf(disableAccount(next(), acting(a), { id: idOf(b) }))).toBe('fine');
});

test('people without a login of an administrator leave as ever, also many at once', async () => {
  const ends = await Promise.all([house.people.lan, house.people.dat, house.people.hoa].map((id) => codeOf(deactivatePerson(next(), SYSTEM, { id }))));
  expect(ends).toEqual(['fine', 'fine', 'fine']);
});
