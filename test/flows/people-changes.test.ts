import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import type { Actor } from '../../src/people/actor.js';
import { changePerson } from '../../src/people/persons/change-person.js';
import { createAccount, findAccount } from '../../src/people/accounts/accounts.js';
import { deactivatePerson, reactivatePerson } from '../../src/people/persons/leave-service.js';
import type { Person } from '../../src/people/person.model.js';
import { personById, taskReceiverIds } from '../../src/people/receivers.js';
import { registerPerson } from '../../src/people/register-person.js';
import { chatOf, codeFor } from '../support/chat-story.js';
import { assigned, office, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
let ctx: Ctx;
let n = 0;
const next = (): Ctx => because(ctx, `admin:${++n}`);
const idOf = (person: Person): string => person._id.toString();
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', (error: { code?: string }) => error.code ?? String(error));
const admin: Actor = { kind: 'account', accountId: 'adm', name: 'Quản trị', role: 'admin', agencyCode: null, personId: null };

beforeEach(async () => {
  p = await province();
  ctx = p.ctx;
});
afterEach(() => p.close());

test('post, phone and hours are changed; the record keeps what was before; only what is named changes', async () => {
  await changePerson(next(), office, { id: idOf(p.dat), changes: { phone: '0912 345 678' } });
  await ctx.db.Person.updateOne({ _id: p.dat._id }, { $set: { phoneVerifiedAt: p.clock.now() } });
  const changed = await changePerson(next(), office, { id: idOf(p.dat), changes: { position: 'Phó Chủ tịch UBND tỉnh', digestAt: '07:00', quiet: { from: '22:00', to: '06:00' }, channelOrder: ['telegram'] } });
  expect(changed).toMatchObject({ name: 'Hoàng Văn Dật', phone: '84912345678', position: 'Phó Chủ tịch UBND tỉnh', digestAt: '07:00', quiet: { from: '22:00', to: '06:00' }, channelOrder: ['telegram'], phoneVerifiedAt: p.clock.now() });
  const entry = await ctx.db.AuditEntry.findOne({ action: 'person.change', 'after.position': 'Phó Chủ tịch UBND tỉnh' }).orFail().lean();
  expect(entry).toMatchObject({ entityKey: idOf(p.dat), before: { position: 'Giám đốc Sở Tài chính', digestAt: null }, by: { name: 'Trần Thục Nhi' } });
  const other = await changePerson(next(), office, { id: idOf(p.dat), changes: { phone: '0987654321', digestAt: null } });
  expect(other.phoneVerifiedAt).toBeNull();
  expect(other.digestAt).toBeUndefined();
});

test('the same cause twice changes once; a form that shows an old state does not overwrite a newer one', async () => {
  const cause = next();
  const first = await changePerson(cause, office, { id: idOf(p.quyen), rev: 0, changes: { position: 'Phó Trưởng phòng' } });
  expect(first.rev).toBe(1);
  await changePerson(next(), office, { id: idOf(p.quyen), rev: 1, changes: { position: 'Trưởng phòng' } });
  expect(await changePerson(cause, office, { id: idOf(p.quyen), rev: 0, changes: { position: 'Phó Trưởng phòng' } })).toMatchObject({ position: 'Trưởng phòng' });
  expect(await codeOf(changePerson(next(), office, { id: idOf(p.quyen), rev: 1, changes: { name: 'Khác' } }))).toBe('changed-meanwhile');
  expect(await ctx.db.AuditEntry.countDocuments({ action: 'person.change' })).toBe(2);
});

test('what cannot be is refused and nothing is written', async () => {
  const tries: [changes: Parameters<typeof changePerson>[2]['changes'], code: string][] = [
    [{ name: ' ' }, 'input-invalid'], [{ roles: [] }, 'input-invalid'], [{ phone: '12' }, 'input-invalid'], [{ email: 'khong-phai' }, 'input-invalid'],
    [{ agencyCode: 'KHAC' }, 'agency-unknown'], [{ deputyId: idOf(p.dat) }, 'input-invalid'], [{ deputyId: '0'.repeat(24) }, 'person-unknown'],
    [{ digestAt: '25:00' }, 'input-invalid'], [{ quiet: { from: '22:00', to: '22:00' } }, 'input-invalid'], [{ channelOrder: ['fax' as never] }, 'input-invalid'],
    [{ leave: { from: new Date('2026-11-25T00:00:00Z'), until: new Date('2026-11-24T00:00:00Z') } }, 'input-invalid'],
    [{ leave: { from: new Date('2026-11-01T00:00:00Z'), until: new Date('2026-11-05T00:00:00Z') } }, 'input-invalid'],
  ];
  for (const [changes, code] of tries) expect(await codeOf(changePerson(next(), office, { id: idOf(p.dat), changes })), JSON.stringify(changes)).toBe(code);
  expect(await codeOf(changePerson(next(), { ...admin, role: 'leader' } as Actor, { id: idOf(p.dat), changes: { name: 'X' } }))).toBe('forbidden');
  expect((await personById(ctx, p.dat._id))?.rev ?? 0).toBe(0);
});

test('a transfer: tasks of the former agency are heard of by its other officers, and by nobody twice', async () => {
  const task = await assigned(ctx, { officerId: idOf(p.quyen) });
  const mai = await registerPerson(next(), office, { name: 'Vũ Thị Mai', position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'] });
  expect(await taskReceiverIds(ctx, task)).toEqual([idOf(p.dat), idOf(p.quyen)]);
  await changePerson(next(), office, { id: idOf(p.quyen), changes: { agencyCode: 'SXD', position: 'Chuyên viên Sở Xây dựng' } });
  expect(await taskReceiverIds(ctx, task)).toEqual([idOf(p.dat), idOf(mai)]);
});

test('leaving: the chat is a stranger, the login is shut, the successor of the agency takes over; coming back opens all again', async () => {
  const chat = chatOf(ctx, '500');
  await chat.say(`/lienket ${await codeFor(ctx, p.quyen)}`);
  const account = await createAccount(next(), admin, { email: 'quyen@laocai.invalid', name: 'Quyên', role: 'agency', agencyCode: 'STC', personId: idOf(p.quyen), password: 'mat-khau-dai' });
  const task = await assigned(ctx, { officerId: idOf(p.quyen) });
  const mai = await registerPerson(next(), office, { name: 'Vũ Thị Mai', position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'] });
  await registerPerson(next(), office, { name: 'Lò Văn Pá', position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'] });
  await deactivatePerson(next(), office, { id: idOf(p.quyen), successorId: idOf(mai) });
  expect(await personById(ctx, p.quyen._id)).toMatchObject({ active: false, leftAt: p.clock.now() });
  expect(await chat.say('/nhiemvu')).toContain('chưa liên kết');
  expect(await findAccount(ctx, account._id.toString())).toBeNull();
  expect(await taskReceiverIds(ctx, task)).toEqual([idOf(p.dat), idOf(mai)]);
  expect(await codeOf(changePerson(next(), office, { id: idOf(p.quyen), changes: { name: 'X' } }))).toBe('person-has-left');
  await reactivatePerson(next(), office, { id: idOf(p.quyen) });
  expect(await chat.say('/nhiemvu')).toContain('Nhiệm vụ đang mở: 1');
  expect(await findAccount(ctx, account._id.toString())).not.toBeNull();
  expect((await ctx.db.AuditEntry.find({ action: { $in: ['person.deactivate', 'person.reactivate'] } }).sort({ at: 1, _id: 1 }).lean()).map(({ action }) => action)).toEqual(['person.deactivate', 'person.reactivate']);
});

test('nobody sends themselves away, and an administrator leaves by an administrator only', async () => {
  await createAccount(next(), admin, { email: 'nhi@laocai.invalid', name: 'Nhi', role: 'admin', personId: idOf(p.nhi), password: 'mat-khau-dai' });
  expect(await codeOf(deactivatePerson(next(), office, { id: idOf(p.nhi) }))).toBe('forbidden');
  expect(await codeOf(deactivatePerson(next(), { ...admin, personId: idOf(p.nhi) } as Actor, { id: idOf(p.nhi) }))).toBe('account-own');
  expect(await codeOf(deactivatePerson(next(), admin, { id: idOf(p.nhi) }))).toBe('account-last-admin');
  await createAccount(next(), admin, { email: 'khac@laocai.invalid', name: 'Khác', role: 'admin', password: 'mat-khau-dai' });
  expect(await codeOf(deactivatePerson(next(), admin, { id: idOf(p.nhi) }))).toBe('fine');
});
