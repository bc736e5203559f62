import type { Types } from 'mongoose';
import type { AuditEntry } from '../../audit/audit-entry.model.js';
import type { Ctx } from '../../context.js';
import type { Delivery } from '../delivery.model.js';
import { auditKey, auditSnapshotOf, canonical, hashOf, noHead, snapshotOf, type Head } from './entry.js';
import type { LedgerEntry } from './ledger-entry.model.js';

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

/**
 * Reads the whole chain and compares every delivery and every line of the audit with its entry. Finds a changed, removed,
 * added or moved entry, a changed or removed row, and, against a head known outside, an end that was cut off. Reads in
 * batches, so memory does not grow with the ledger; may run while the house works.
 */
export async function verifyLedger(ctx: Db, { known, onProgress = () => {} }: VerifyOptions = {}): Promise<Verdict> {
  const verdict: Verdict = { entries: 0, rows: 0, waiting: 0, before: 0, head: noHead, breaches: [] };
  const [entries, deliveries, lines] = await Promise.all([ctx.db.LedgerEntry, ctx.db.Delivery, ctx.db.AuditEntry].map((model) => model.estimatedDocumentCount()));
  const total = (entries ?? 0) + (deliveries ?? 0) + (lines ?? 0);
  const progress = () => onProgress(verdict.entries + verdict.rows, total);
  await readChain(ctx, verdict, progress);
  checkKnown(verdict, known, known ? await ctx.db.LedgerEntry.findById(known.seq).lean<LedgerEntry>() : null);
  await checkRows(ctx, verdict, progress);
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
  for (const { key } of batch) (key.startsWith('audit:') ? audits : keys).add(key);
  const [rows, lines] = await Promise.all([
    ctx.db.Delivery.find({ key: { $in: [...keys] } }, { key: 1 }).lean<Delivery[]>(),
    ctx.db.AuditEntry.find({ _id: { $in: [...audits].map((key) => key.slice('audit:'.length)) } }, { _id: 1 }).lean<AuditEntry[]>(),
  ]);
  const there = new Set([...rows.map(({ key }) => key), ...lines.map(({ _id }) => auditKey(_id))]);
  for (const key of [...keys, ...audits]) if (!there.has(key)) report(verdict, key, key.startsWith('audit:') ? 'dòng nhật ký đã bị xóa' : 'tin đã bị xóa khỏi danh sách gửi');
}

function checkKnown(verdict: Verdict, known: VerifyOptions['known'], found: LedgerEntry | null): void {
  if (!known || known.seq === 0) return;
  if (known.seq > verdict.head.seq) report(verdict, known.seq, `sổ chỉ còn đến mục ${verdict.head.seq}, phần cuối đã bị cắt`);
  else if (found?.hash !== known.hash) report(verdict, known.seq, 'khác với mã kiểm tra đã lưu bên ngoài');
}

interface Row {
  key: string;
  rev: number;
  /** Missing: from before the chain was kept. */
  unsealed: boolean | undefined;
  snapshot: Record<string, unknown>;
}

async function checkRows(ctx: Db, verdict: Verdict, progress: () => void): Promise<void> {
  const kinds = [
    { page: (after: Types.ObjectId | null) => pageOf(ctx.db.Delivery.find(after ? { _id: { $gt: after } } : {})), again: async (key: string) => rowOf(await ctx.db.Delivery.findOne({ key }).lean<Delivery>()) },
    { page: (after: Types.ObjectId | null) => pageOf(ctx.db.AuditEntry.find(after ? { _id: { $gt: after } } : {})), again: async (key: string) => lineOf(await ctx.db.AuditEntry.findById(key.slice('audit:'.length)).lean<AuditEntry>()) },
  ];
  for (const { page, again } of kinds) {
    for (let after: Types.ObjectId | null = null; ; ) {
      const documents: { _id: Types.ObjectId }[] = await page(after);
      const rows = documents.map((document) => ('entityKey' in document ? lineOf(document as AuditEntry) : rowOf(document as Delivery))).filter((row) => row !== null);
      await compare(ctx, verdict, rows, again);
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

const rowOf = (row: Delivery | null): Row | null => row && { key: row.key, rev: row.rev, unsealed: row.unsealed, snapshot: snapshotOf(row) };
const lineOf = (line: AuditEntry | null): Row | null => line && { key: auditKey(line._id), rev: 1, unsealed: line.unsealed, snapshot: auditSnapshotOf(line) };

async function compare(ctx: Db, verdict: Verdict, rows: readonly Row[], again: (key: string) => Promise<Row | null>): Promise<void> {
  const latest = await latestOf(ctx, rows.map(({ key }) => key));
  for (const row of rows) {
    if (faultOf(row, latest.get(row.key)) === null) {
      if (row.unsealed === true) verdict.waiting += 1;
      if (row.unsealed === undefined && !latest.has(row.key)) verdict.before += 1;
      continue;
    }
    // The house may have changed the row and chained it between our two readings.
    const now = await again(row.key);
    const fault = now && faultOf(now, (await latestOf(ctx, [row.key])).get(row.key));
    if (fault) report(verdict, row.key, fault);
  }
}

async function latestOf(ctx: Db, keys: readonly string[]): Promise<Map<string, LedgerEntry>> {
  const entries = await ctx.db.LedgerEntry.find({ key: { $in: [...keys] } }, { key: 1, rev: 1, snapshot: 1 }).sort({ key: 1, rev: 1 }).lean<LedgerEntry[]>();
  return new Map(entries.map((entry) => [entry.key, entry]));
}

/** What is wrong between a row and its last entry; null: nothing. */
export function faultOf(row: Row, last: LedgerEntry | undefined): string | null {
  if (!last) return row.unsealed === false ? 'không có mục nào trong sổ' : null;
  if (row.rev < last.rev) return 'đã bị đưa về nội dung cũ hơn sổ';
  if (row.unsealed === true && row.rev > last.rev) return null;
  if (row.rev !== last.rev) return 'đã đổi mà không ghi vào sổ';
  return canonical(row.snapshot) === canonical(last.snapshot) ? null : 'khác với nội dung ghi trong sổ';
}
