import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { enqueueAll } from '../../src/delivery/enqueue.js';
import { canonical, linked, noHead, snapshotOf } from '../../src/delivery/ledger/entry.js';
import { headOf, sealLedger } from '../../src/delivery/ledger/seal-ledger.js';
import { verifyLedger, type VerifyOptions } from '../../src/delivery/ledger/verify-ledger.js';
import { markAcknowledged } from '../../src/delivery/receipts/mark-acknowledged.js';
import { recordReceipt } from '../../src/delivery/receipts/record-receipt.js';
import { recordAudit } from '../../src/audit/record-audit.js';
import { deliveryOf, drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import type { TestClock } from '../support/test-clock.js';
import { testCtx } from '../support/test-ctx.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
beforeEach(async () => ({ ctx, clock, close } = await testCtx()));
afterEach(() => close());

const plan = async (keys: string[]) => {
  const person = await newPerson(ctx, 'Lan');
  await enqueueAll(ctx, keys.map((key) => ({ key, kind: 'note', lane: 'urgent' as const, personId: String(person._id), data: { n: 1 }, taskCode: 'NV-2026-00001' })));
};
const faults = async (options?: VerifyOptions) => (await verifyLedger(ctx, options)).breaches.map(({ place, what }) => `${place}: ${what}`);

/** Ten messages planned, sent, delivered, with a line of the audit; all chained. */
async function aDay(): Promise<void> {
  const zalo = new ScriptedSender('zalo');
  await plan(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']);
  await sealLedger(ctx);
  clock.advance({ seconds: 10 });
  await drain(ctx, [zalo], { policy: { perPerson: { max: 100, windowMs: 1 } } });
  await sealLedger(ctx);
  const { providerId } = await deliveryOf(ctx, 'c');
  await recordReceipt(ctx, { channel: 'zalo', providerId: providerId ?? '', what: 'seen', at: clock.now() });
  await recordAudit(ctx, { kind: 'system', name: 'Kiểm thử' }, { action: 'task.confirm', entity: 'task', entityKey: 'NV-2026-00001', after: { percent: 100, at: clock.now() } });
  await sealLedger(ctx);
}

test('what happened to a message is chained step by step, without its text or address; a second look writes nothing', async () => {
  await aDay();
  expect(await sealLedger(ctx)).toBe(0);
  const verdict = await verifyLedger(ctx);
  expect(verdict).toMatchObject({ rows: 11, waiting: 0, breaches: [] });
  const history = await ctx.db.LedgerEntry.find({ key: 'c' }).sort({ rev: 1 }).lean();
  expect(history.map(({ snapshot }) => snapshot['state'])).toEqual(['open', 'accepted', 'seen']);
  expect(history.at(-1)?.snapshot).toMatchObject({ channel: 'zalo', taskCode: 'NV-2026-00001', attempts: [{ outcome: 'accepted', channel: 'zalo' }] });
  const { to, text } = await deliveryOf(ctx, 'c');
  const written = canonical(await ctx.db.LedgerEntry.find().lean());
  for (const secret of [to, text]) expect(written).not.toContain(`"${String(secret)}"`);
});

test.each<[string, (db: Ctx['db']) => Promise<unknown>, string]>([
  ['a row changed by hand', (db) => db.Delivery.updateOne({ key: 'c' }, { $set: { seenAt: null } }), 'c: khác với nội dung ghi trong sổ'],
  ['a row removed', (db) => db.Delivery.deleteOne({ key: 'c' }), 'c: tin đã bị xóa khỏi danh sách gửi'],
  ['a row slipped in as if it were old', (db) => db.Delivery.updateOne({ key: 'c' }, { $set: { key: 'x' } }), 'c: tin đã bị xóa khỏi danh sách gửi'],
  ['its data changed', (db) => db.Delivery.updateOne({ key: 'c' }, { $set: { data: { n: 2 } } }), 'c: khác với nội dung ghi trong sổ'],
  ['its end of validity changed', (db) => db.Delivery.updateOne({ key: 'c' }, { $set: { expiresAt: new Date(0) } }), 'c: khác với nội dung ghi trong sổ'],
  ['its mark taken away', (db) => db.Delivery.updateOne({ key: 'c' }, { $set: { state: 'acknowledged' }, $unset: { unsealed: '' } }), 'c: khác với nội dung ghi trong sổ'],
  ['a line of the audit changed', (db) => db.AuditEntry.updateOne({}, { $set: { 'after.percent': 10 } }), 'khác với nội dung ghi trong sổ'],
  ['a line of the audit removed', (db) => db.AuditEntry.deleteMany({}), 'dòng nhật ký đã bị xóa'],
  ['an entry changed', (db) => db.LedgerEntry.updateOne({ _id: 5 }, { $set: { 'snapshot.cause': 'x' } }), '5: nội dung mục đã bị sửa'],
  ['an entry removed', (db) => db.LedgerEntry.deleteOne({ _id: 5 }), '5: mục này không còn trong sổ'],
  ['two entries exchanged', (db) => exchange(db, 5, 6), '5: không nối tiếp mục trước'],
])('found: %s', async (_what, harm, words) => {
  await aDay();
  await harm(ctx.db);
  expect((await faults()).join('\n')).toContain(words);
});

async function exchange(db: Ctx['db'], a: number, b: number): Promise<void> {
  const [first, second] = [await db.LedgerEntry.findById(a).lean(), await db.LedgerEntry.findById(b).lean()];
  if (!first || !second) throw new Error('no entries');
  await db.LedgerEntry.deleteMany({ _id: { $in: [a, b] } });
  await db.LedgerEntry.create([{ ...second, _id: a }, { ...first, _id: b }]);
}

test('an end cut off, rows put back to match, is found by whoever wrote down the head', async () => {
  await plan(['a']);
  await sealLedger(ctx);
  await ctx.db.Delivery.updateOne({ key: 'a' }, { $set: { state: 'suppressed', reason: 'told', unsealed: true }, $inc: { rev: 1 } });
  await sealLedger(ctx);
  const { seq, hash } = await headOf(ctx);
  expect(await faults({ known: { seq, hash } })).toEqual([]);

  await ctx.db.LedgerEntry.deleteOne({ _id: seq });
  await ctx.db.Delivery.updateOne({ key: 'a' }, { $set: { state: 'planned', reason: null, rev: 1 } });
  expect(await faults()).toEqual([]);
  expect(await faults({ known: { seq, hash } })).toEqual([`${seq}: sổ chỉ còn đến mục 1, phần cuối đã bị cắt`]);
  await ctx.db.Delivery.updateOne({ key: 'a' }, { $set: { unsealed: true }, $inc: { rev: 1 } });
  await sealLedger(ctx);
  expect(await faults({ known: { seq, hash } })).toEqual([`${seq}: khác với mã kiểm tra đã lưu bên ngoài`]);
});

test('a row that changes without being marked is found; one that is marked only waits', async () => {
  await aDay();
  await ctx.db.Delivery.updateOne({ key: 'a' }, { $set: { acknowledgedAt: clock.now(), unsealed: true }, $inc: { rev: 1 } });
  expect(await verifyLedger(ctx)).toMatchObject({ waiting: 1, breaches: [] });
  await ctx.db.Delivery.updateOne({ key: 'a' }, { $set: { unsealed: false } });
  expect(await faults()).toEqual(['a: đã đổi mà không ghi vào sổ']);
});

/** Changed by hand, but marked as the house marks its own changes. */
const asTheHouse = ($set: Record<string, unknown>, revs = 1) => ({ $set: { ...$set, unsealed: true }, $inc: { rev: revs } });
const EARLIER = new Date('2026-11-01T00:00:00Z');

test.each<[string, string, Record<string, unknown>, string]>([
  ['confirmed in one step', 'a', { state: 'acknowledged', acknowledgedAt: EARLIER }, 'ghi xác nhận mà không qua các bước của hệ thống'],
  ['confirmed without a time', 'a', { state: 'acknowledged' }, 'ghi xác nhận mà không qua các bước của hệ thống'],
  ['seen without a time', 'a', { state: 'seen' }, 'ghi trạng thái "seen" mà không có giờ xem'],
  ['sent at another hour', 'a', { acceptedAt: EARLIER }, 'đã đổi giờ gửi'],
  ['seen at another hour', 'c', { seenAt: EARLIER }, 'đã đổi giờ xem'],
  ['not seen any more', 'c', { state: 'accepted', seenAt: null }, 'đã đổi từ "seen" sang "accepted"'],
  ['never sent', 'a', { state: 'planned' }, 'đã đổi từ "accepted" sang "open"'],
  ['not delivered, for a reason of its own', 'a', { state: 'dead', reason: 'unreachable' }, 'đã đổi lý do'],
  ['dead after it was seen', 'c', { state: 'dead', reason: 'undelivered' }, 'đã đổi từ "seen" sang "dead"'],
  ['planned at another time', 'a', { createdAt: EARLIER }, 'đã đổi thời điểm lập'],
  ['for another cause', 'a', { cause: 'admin:x' }, 'đã đổi nguyên do'],
  ['to another person', 'a', { personId: null }, 'đã đổi người nhận'],
  ['of another lane', 'a', { lane: 'normal' }, 'đã đổi mức ưu tiên'],
  ['about something else', 'a', { data: { n: 2 } }, 'đã đổi nội dung'],
  ['good until another time', 'a', { expiresAt: EARLIER }, 'đã đổi hạn hiệu lực'],
  ['with another text', 'a', { text: 'khác' }, 'đã đổi lời văn đã gửi'],
  ['an attempt taken back', 'a', { attempts: [] }, 'đã đổi các lần gửi trước'],
])('history changed after the fact and marked like a change of the house is found before it is chained, and after: %s', async (_what, key, change, words) => {
  await aDay();
  await ctx.db.Delivery.updateOne({ key }, asTheHouse(change));
  expect((await faults()).join('\n')).toContain(words);
  await sealLedger(ctx);
  expect((await faults()).join('\n')).toContain(words);
});

test('a message that claims to have been sent without a call is found', async () => {
  await plan(['a']);
  await sealLedger(ctx);
  await ctx.db.Delivery.updateOne({ key: 'a' }, asTheHouse({ state: 'accepted', channel: 'zalo', acceptedAt: clock.now() }, 2));
  expect(await faults()).toEqual(['a: lần ghi 3: ghi trạng thái "accepted" mà không có lần gửi nào']);
});

test('what the house writes late is no breach: a confirmation in its two steps, a receipt that fills a time, a failure told afterwards', async () => {
  await aDay();
  const idOf = async (key: string) => (await deliveryOf(ctx, key)).providerId ?? '';
  await recordReceipt(ctx, { channel: 'zalo', providerId: await idOf('c'), what: 'delivered', at: EARLIER });
  await recordReceipt(ctx, { channel: 'zalo', providerId: await idOf('d'), what: 'failed', at: clock.now(), code: '-201' });
  expect(await faults()).toEqual([]);
  await sealLedger(ctx);
  await markAcknowledged(ctx, { taskCode: 'NV-2026-00001', personId: String((await deliveryOf(ctx, 'b')).personId) });
  expect(await deliveryOf(ctx, 'b')).toMatchObject({ state: 'acknowledged' });
  expect(await faults()).toEqual([]);
  await sealLedger(ctx);
  expect(await verifyLedger(ctx)).toMatchObject({ waiting: 0, breaches: [] });
});

test('a row slipped in without a mark is a breach, unless it is as old as it says; what is from before is counted', async () => {
  await aDay();
  const { LedgerEntry, Delivery, AuditEntry } = ctx.db;
  const { Types } = Delivery.base;
  const first = (await LedgerEntry.findById(1).lean())?.at ?? clock.now();
  const { unsealed: _u, _id: _i, ...row } = await deliveryOf(ctx, 'a');
  const { unsealed: _v, _id: _j, ...line } = (await AuditEntry.findOne().lean()) ?? {};
  const [old, later] = [new Date(first.getTime() - 3_600_000), new Date(first.getTime() + 3_600_000)];
  const idAt = (at: Date, n: number) => new Types.ObjectId(`${Types.ObjectId.createFromTime(at.getTime() / 1_000).toString().slice(0, 22)}${n + 10}`);
  const slipIn = (n: number, idOf: Date, at: Date) =>
    Promise.all([Delivery.collection.insertOne({ ...row, _id: idAt(idOf, n), key: `x${n}`, createdAt: at } as never), AuditEntry.collection.insertOne({ ...line, _id: idAt(idOf, n), cause: `x${n}`, at } as never)]);
  await slipIn(1, old, old);
  expect(await verifyLedger(ctx)).toMatchObject({ before: 2, breaches: [] });
  await slipIn(2, later, old);
  await slipIn(3, old, later);
  const words = 'được thêm vào sau khi lập sổ mà không ghi vào sổ';
  expect((await faults()).sort()).toEqual([`audit:${String(idAt(later, 2))}: ${words}`, `audit:${String(idAt(old, 3))}: ${words}`, `x2: ${words}`, `x3: ${words}`].sort());
});

test('entries of the former version, without the hashes of the data, still fit', async () => {
  await plan(['a']);
  const row = await deliveryOf(ctx, 'a');
  const { dataHash: _d, expiresAt: _e, ...former } = snapshotOf(row);
  await ctx.db.LedgerEntry.create(linked(noHead, { at: clock.now(), key: 'a', rev: 1, snapshot: former }));
  expect(await faults()).toEqual([]);
  await ctx.db.Delivery.updateOne({ key: 'a' }, asTheHouse({ state: 'suppressed', reason: 'told' }));
  await sealLedger(ctx);
  expect(await verifyLedger(ctx)).toMatchObject({ entries: 2, waiting: 0, breaches: [] });
});

test('several instances at once, and one that dies before it un-marks: one chain, no gap, no revision twice', async () => {
  await plan(Array.from({ length: 1_300 }, (_, n) => `k${n}`));
  const died: Ctx = { ...ctx, db: { ...ctx.db, Delivery: dyingAt(ctx.db.Delivery, 'updateMany') } };
  await expect(sealLedger(died)).rejects.toThrow('died');
  expect(await ctx.db.LedgerEntry.countDocuments()).toBe(500);
  const written = await Promise.all([1, 2, 3, 4].map(() => sealLedger(ctx)));
  expect(written.reduce((sum, n) => sum + n)).toBe(800);
  expect(await ctx.db.LedgerEntry.countDocuments()).toBe(1_300);
  expect(await verifyLedger(ctx)).toMatchObject({ entries: 1_300, waiting: 0, breaches: [] });
});

test('a row that changes while its former revision is being chained is chained once more', async () => {
  await plan(['a']);
  const { LedgerEntry, Delivery } = ctx.db;
  const insertMany = async (...args: Parameters<typeof LedgerEntry.insertMany>) => {
    const written = await LedgerEntry.insertMany(...args);
    await Delivery.updateOne({ key: 'a' }, { $set: { state: 'suppressed', reason: 'told', unsealed: true }, $inc: { rev: 1 } });
    return written;
  };
  const racing = new Proxy(LedgerEntry, { get: (target, name, self) => (name === 'insertMany' ? insertMany : Reflect.get(target, name, self) as unknown) });
  await sealLedger({ ...ctx, db: { ...ctx.db, LedgerEntry: racing } });
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ rev: 2, unsealed: true });
  expect(await sealLedger(ctx)).toBe(1);
  expect(await verifyLedger(ctx)).toMatchObject({ entries: 2, waiting: 0, breaches: [] });
});

const dyingAt = <T extends object>(model: T, method: string): T =>
  new Proxy(model, { get: (target, name, self) => (name === method ? () => { throw new Error('died'); } : Reflect.get(target, name, self) as unknown) });
