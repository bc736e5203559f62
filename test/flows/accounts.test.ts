import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { authenticate, createAccount, ensureFirstAdmin, findAccount, type AccountInput } from '../../src/people/accounts/accounts.js';
import type { Actor } from '../../src/people/actor.js';
import type { TestClock } from '../support/test-clock.js';
import { testCtx } from '../support/test-ctx.js';

const admin: Actor = { kind: 'account', accountId: 'a', name: 'Quản trị', role: 'admin', agencyCode: null, personId: null };
const nhi: AccountInput = { email: 'Nhi@laocai.invalid', name: 'Trần Thục Nhi', role: 'office', password: 'mật khẩu dài' };
let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let request = 0;

const next = (): Ctx => because(ctx, `admin:${++request}`);
const signIn = (password: string, email = 'nhi@laocai.invalid') => authenticate(ctx, { email, password });
const failing = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', (error: { code?: string }) => error.code ?? String(error));

beforeEach(async () => void ({ ctx, clock, close } = await testCtx()));
afterEach(() => close());

test('the right password opens, whatever the case of the e-mail and the spelling of the letters', async () => {
  await createAccount(next(), admin, nhi);
  expect(await signIn('mật khẩu dài'.normalize('NFD'), ' NHI@laocai.invalid')).toMatchObject({ name: 'Trần Thục Nhi', role: 'office', lastLoginAt: clock.now(), failedLogins: 0 });
  expect(await signIn('mật khẩu khác')).toBeNull();
  expect(await signIn('mật khẩu dài', 'ai-do@laocai.invalid')).toBeNull();
});

test('the password is kept as argon2id and travels with no account', async () => {
  const account = await createAccount(next(), admin, nhi);
  expect(account).not.toHaveProperty('passwordHash');
  expect(await findAccount(ctx, account._id.toString())).not.toHaveProperty('passwordHash');
  expect((await ctx.db.Account.findById(account._id).select('+passwordHash').lean())?.passwordHash).toMatch(/^\$argon2id\$/);
  expect(JSON.stringify(await ctx.db.AuditEntry.find().lean())).not.toContain('argon2');
});

test('five failures lock for fifteen minutes, also against the right password', async () => {
  await createAccount(next(), admin, nhi);
  for (let i = 0; i < 5; i++) expect(await signIn('sai')).toBeNull();
  expect(await signIn(nhi.password)).toBeNull();
  clock.advance({ minutes: 14, seconds: 59 });
  expect(await signIn(nhi.password)).toBeNull();
  clock.advance({ seconds: 1 });
  expect(await signIn(nhi.password)).not.toBeNull();
});

test('four failures and a success start the count anew', async () => {
  await createAccount(next(), admin, nhi);
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 4; i++) await signIn('sai');
    expect(await signIn(nhi.password)).not.toBeNull();
  }
});

test('twenty guesses at the same moment lock the account like five in a row', async () => {
  await createAccount(next(), admin, nhi);
  await Promise.all(Array.from({ length: 20 }, () => signIn('sai')));
  expect(await signIn(nhi.password)).toBeNull();
});

test('a disabled account opens nothing', async () => {
  const account = await createAccount(next(), admin, nhi);
  await ctx.db.Account.updateOne({ _id: account._id }, { $set: { disabledAt: clock.now() } });
  expect(await signIn(nhi.password)).toBeNull();
  expect(await findAccount(ctx, account._id.toString())).toBeNull();
  expect(await findAccount(ctx, 'khong-phai-ma')).toBeNull();
});

test('only an administrator opens accounts, with an e-mail once, a long password and, for an agency, its code', async () => {
  expect(await failing(createAccount(next(), { ...admin, role: 'office' } as Actor, nhi))).toBe('forbidden');
  expect(await failing(createAccount(next(), admin, { ...nhi, password: 'ngắn' }))).toBe('input-invalid');
  expect(await failing(createAccount(next(), admin, { ...nhi, role: 'agency' }))).toBe('input-invalid');
  expect(await failing(createAccount(next(), admin, { ...nhi, role: 'agency', agencyCode: 'KHAC' }))).toBe('agency-unknown');
  const own = next();
  const made = await createAccount(own, admin, nhi);
  expect((await createAccount(own, admin, nhi))._id).toEqual(made._id);
  expect(await failing(createAccount(next(), admin, { ...nhi, email: 'NHI@LAOCAI.INVALID' }))).toBe('account-email-taken');
  expect(await ctx.db.Account.countDocuments()).toBe(1);
});

test('first start without settings: one administrator with an invented password, told once', async () => {
  const first = await ensureFirstAdmin(ctx);
  expect(first).toMatchObject({ email: 'admin@nhacviec.local', password: expect.stringMatching(/^\w{16}$/) as string });
  expect(await signIn(first?.password ?? '', first?.email)).toMatchObject({ role: 'admin' });
  expect(await ensureFirstAdmin(ctx)).toBeNull();
});

test('first start with settings: that administrator; a password changed later stays', async () => {
  await close();
  ({ ctx, clock, close } = await testCtx(undefined, { ADMIN_EMAIL: 'quantri@laocai.invalid', ADMIN_PASSWORD: 'mat-khau-dau-tien' }));
  const starts = await Promise.all([ensureFirstAdmin(ctx), ensureFirstAdmin(ctx)]);
  expect(starts.filter(Boolean)).toEqual([{ email: 'quantri@laocai.invalid' }]);
  expect(await signIn('mat-khau-dau-tien', 'quantri@laocai.invalid')).toMatchObject({ role: 'admin' });
  expect(await ensureFirstAdmin(ctx)).toBeNull();
});
