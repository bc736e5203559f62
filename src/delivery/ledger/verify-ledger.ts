import type { Types } from 'mongoose';
import type { AuditEntry } from '../../audit/audit-entry.model.js';
import type { Ctx } from '../../context.js';
import type { Delivery } from '../delivery.model.js';
import { asChained, auditKey, auditSnapshotOf, canonical, hashOf, noHead, snapshotOf, type Head } from './entry.js';
import type { LedgerEntry } from './ledger-entry.model.js';
import { faultOfLife, type Revision } from './legal-life.js';

/** Where the ledger is broken; `place` is "<seq>" of an entry or the key of a row. */
export interface Breach {
  place: string;
  /** A Vietnamese phrase. */
  what: string;
}

export interface Verdict {
  entries: number;
  rows: number;
  /** Rows changed lately whose revision will be chained with the next tick. */
  waiting: number;
  /** Rows from before the chain was kept. */
  before: number;
  head: Head;
  /** In the order found; at most FEW are kept. */
  breaches: Breach[];
}

export interface VerifyOptions {
  /** The end of the chain somebody outside wrote down. */
  known?: { seq: number; hash: string };
  onProgress?: (done: number, total: number) => void;
}

type Db = Pick<Ctx, 'db'>;

const BATCH = 1_000;
const FEW = 100;
const AUDIT = 'audit:';
/** So much later than the first entry no row is without a mark; covers instances of the former version that still ran, and clocks. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Reads the whole chain and compares every delivery and every line of the audit with its entries. Finds a changed, removed,
 * added or moved entry; a changed, removed or slipped-in row; a history that the house itself cannot have written
 * (legal-life.ts), also where the last step waits to be chained; and, against a head known outside, an end that was cut off.
 *
 * Cannot find: what somebody writes straight into the database exactly as the house would, marked for chaining, one legal
 * move after the other (also a row or a line of the audit that is new altogether, with the times they please); a row removed
 * before it was first chained; a row whose times and id all claim to be from before the first entry (counted in `before`,
 * which never grows in an honest house); a chain and its rows written anew from some place on, where no head is known outside.
 *
 * Reads in batches, so memory does not grow with the ledger; may run while the house works.
 */
export async function verifyLedger(ctx: Db, { known, onProgress = () => {} }: VerifyOptions = {}): Promise<Verdict> {
  const verdict: Verdict = { entries: 0, rows: 0, waiting: 0, before: 0, head: noHead, breaches: [] };
  const [entries, deliveries, lines] = await Promise.all([ctx.db.LedgerEntry, ctx.db.Delivery, ctx.db.AuditEntry].map((model) => model.estimatedDocumentCount()));
  const total = (entries ?? 0) + (deliveries ?? 0) + (lines ?? 0);
  const progress = () => onProgress(verdict.entries + verdict.rows, total);
  await readChain(ctx, verdict, progress);
  checkKnown(verdict, known, known ? await ctx.db.LedgerEntry.findById(known.seq).lean<LedgerEntry>() : null);
  const first = await ctx.db.LedgerEntry.findOne({}, { at: 1 }).sort({ _id: 1 }).lean<Pick<LedgerEntry, 'at'>>();
  await checkRows(ctx, verdict, { progress, markedFrom: first ? first.at.getTime() + PATIENCE_MS : Infinity });
  return verdict;
}

const report = ({ breaches }: Verdict, place: string | number, what: string): void => void (breaches.length < FEW && breaches.push({ place: String(place), what }));

async function readChain(ctx: Db, verdict: Verdict, progress: () => void): Promise<void> {
  for (let last = 0; ; ) {
    const batch = await ctx.db.LedgerEntry.find({ _id: { $gt: last } }).sort({ _id: 1 }).limit(BATCH).lean<LedgerEntry[]>();
    for (const entry of batch) {
      checkLink(verdict, entry);
      verdict.head = { seq: entry._id, hash: entry.hash, at: entry.at };
      verdict.entries += 1;
    }
    await checkPresence(ctx, verdict, batch);
    progress();
    const end = batch.at(-1);
    if (!end) return;
    last = end._id;
  }
}

/** Does this entry follow from the one before, and is it what its hash says? */
export function checkLink(verdict: Verdict, entry: LedgerEntry): void {
  const { head } = verdict;
  if (entry._id !== head.seq + 1) report(verdict, head.seq + 1, entry._id === head.seq + 2 ? 'mục này không còn trong sổ' : `các mục từ ${head.seq + 1} đến ${entry._id - 1} không còn trong sổ`);
  else if (entry.prevHash !== head.hash) report(verdict, entry._id, 'không nối tiếp mục trước');
  if (hashOf(entry) !== entry.hash) report(verdict, entry._id, 'nội dung mục đã bị sửa');
}

/** What was chained must still be there. */
async function checkPresence(ctx: Db, verdict: Verdict, batch: readonly LedgerEntry[]): Promise<void> {
  const [audits, keys] = [new Set<string>(), new Set<string>()];
  for (const { key } of batch) (key.startsWith(AUDIT) ? audits : keys).add(key);
  const [rows, lines] = await Promise.all([
    ctx.db.Delivery.find({ key: { $in: [...keys] } }, { key: 1 }).lean<Delivery[]>(),
    ctx.db.AuditEntry.find({ _id: { $in: [...audits].map((key) => key.slice(AUDIT.length)) } }, { _id: 1 }).lean<AuditEntry[]>(),
  ]);
  const there = new Set([...rows.map(({ key }) => key), ...lines.map(({ _id }) => auditKey(_id))]);
  for (const key of [...keys, ...audits]) if (!there.has(key)) report(verdict, key, key.startsWith(AUDIT) ? 'dòng nhật ký đã bị xóa' : 'tin đã bị xóa khỏi danh sách gửi');
}

function checkKnown(verdict: Verdict, known: VerifyOptions['known'], found: LedgerEntry | null): void {
  if (!known || known.seq === 0) return;
  if (known.seq > verdict.head.seq) report(verdict, known.seq, `sổ chỉ còn đến mục ${verdict.head.seq}, phần cuối đã bị cắt`);
  else if (found?.hash !== known.hash) report(verdict, known.seq, 'khác với mã kiểm tra đã lưu bên ngoài');
}

interface Row extends Revision {
  key: string;
  /** Missing: from before the chain was kept. */
  unsealed: boolean | undefined;
  /** The later of what it says itself and what its id says, in milliseconds. */
  bornAt: number;
}

interface Looking {
  progress: () => void;
  /** From then on, in milliseconds, every row carries a mark. */
  markedFrom: number;
}

async function checkRows(ctx: Db, verdict: Verdict, { progress, markedFrom }: Looking): Promise<void> {
  const kinds = [
    { page: (after: Types.ObjectId | null) => pageOf(ctx.db.Delivery.find(after ? { _id: { $gt: after } } : {})), again: async (key: string) => rowOf(await ctx.db.Delivery.findOne({ key }).lean<Delivery>()) },
    { page: (after: Types.ObjectId | null) => pageOf(ctx.db.AuditEntry.find(after ? { _id: { $gt: after } } : {})), again: async (key: string) => lineOf(await ctx.db.AuditEntry.findById(key.slice(AUDIT.length)).lean<AuditEntry>()) },
  ];
  for (const { page, again } of kinds) {
    for (let after: Types.ObjectId | null = null; ; ) {
      const documents: { _id: Types.ObjectId }[] = await page(after);
      const rows = documents.map((document) => ('entityKey' in document ? lineOf(document as AuditEntry) : rowOf(document as Delivery))).filter((row) => row !== null);
      await compare(ctx, verdict, rows, { again, markedFrom });
      verdict.rows += rows.length;
      progress();
      const end = documents.at(-1);
      if (!end) break;
      after = end._id;
    }
  }
}

interface Pageable {
  sort(order: { _id: 1 }): { limit(n: number): { lean(): PromiseLike<unknown> } };
}

const pageOf = async (query: Pageable): Promise<{ _id: Types.ObjectId }[]> => (await query.sort({ _id: 1 }).limit(BATCH).lean()) as { _id: Types.ObjectId }[];

const bornAt = (id: Types.ObjectId, at: Date): number => Math.max(at.getTime(), id.getTimestamp().getTime());
const rowOf = (row: Delivery | null): Row | null => row && { key: row.key, rev: row.rev, unsealed: row.unsealed, bornAt: bornAt(row._id, row.createdAt), snapshot: snapshotOf(row) };
const lineOf = (line: AuditEntry | null): Row | null => line && { key: auditKey(line._id), rev: 1, unsealed: line.unsealed, bornAt: bornAt(line._id, line.at), snapshot: auditSnapshotOf(line) };

async function compare(ctx: Db, verdict: Verdict, rows: readonly Row[], { again, markedFrom }: { again: (key: string) => Promise<Row | null>; markedFrom: number }): Promise<void> {
  const histories = await historiesOf(ctx, rows.map(({ key }) => key));
  for (const row of rows) {
    const history = histories.get(row.key) ?? [];
    if (faultOf(row, history, markedFrom) === null) {
      if (row.unsealed === true) verdict.waiting += 1;
      else if (history.length === 0) verdict.before += 1;
      continue;
    }
    // The house may have changed the row and chained it between our two readings.
    const now = await again(row.key);
    const fault = now && faultOf(now, (await historiesOf(ctx, [row.key])).get(row.key) ?? [], markedFrom);
    if (fault) report(verdict, row.key, fault);
  }
}

type Chained = Pick<LedgerEntry, 'key' | 'rev' | 'snapshot'>;

async function historiesOf(ctx: Db, keys: readonly string[]): Promise<Map<string, Chained[]>> {
  const entries = await ctx.db.LedgerEntry.find({ key: { $in: [...keys] } }, { key: 1, rev: 1, snapshot: 1 }).sort({ key: 1, rev: 1 }).lean<Chained[]>();
  const histories = new Map<string, Chained[]>();
  for (const entry of entries) {
    const known = histories.get(entry.key);
    if (known) known.push(entry);
    else histories.set(entry.key, [entry]);
  }
  return histories;
}

/** What is wrong with a row and its entries, oldest first; null: nothing. `markedFrom`: rows born later carry a mark (ms). */
export function faultOf(row: Row, history: readonly Chained[], markedFrom: number): string | null {
  const last = history.at(-1);
  if (!last) return faultWithoutEntry(row, markedFrom);
  if (row.rev < last.rev) return 'đã bị đưa về nội dung cũ hơn sổ';
  const waits = row.unsealed === true && row.rev > last.rev;
  if (!waits && row.rev !== last.rev) return 'đã đổi mà không ghi vào sổ';
  if (!waits && canonical(asChained(row.snapshot, last.snapshot)) !== canonical(last.snapshot)) return 'khác với nội dung ghi trong sổ';
  if (row.key.startsWith(AUDIT)) return history.length > 1 ? 'dòng nhật ký được ghi vào sổ nhiều lần' : null;
  return faultOfLife(waits ? [...history, row] : history);
}

function faultWithoutEntry(row: Row, markedFrom: number): string | null {
  if (row.unsealed === true) return row.key.startsWith(AUDIT) ? null : faultOfLife([row]);
  if (row.unsealed !== undefined) return 'không có mục nào trong sổ';
  return row.bornAt > markedFrom ? 'được thêm vào sau khi lập sổ mà không ghi vào sổ' : null;
}
