import type { Model, Types } from 'mongoose';
import type { AuditEntry } from '../../audit/audit-entry.model.js';
import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import type { Delivery } from '../delivery.model.js';
import { auditKey, auditSnapshotOf, linked, noHead, snapshotOf, type Head } from './entry.js';
import type { LedgerEntry } from './ledger-entry.model.js';

const BATCH = 500;
/** Another instance may win a place; after so many losses in a row the next tick goes on. */
const TRIES = 20;

/** A row whose present revision is not in the chain yet. */
interface Unsealed {
  _id: Types.ObjectId;
  key: string;
  rev: number;
  snapshot: Record<string, unknown>;
}

interface Source {
  /** The oldest ones not chained yet. */
  next(): Promise<Unsealed[]>;
  /** Rows of one revision that still are at it. */
  done(ids: Types.ObjectId[], rev: number): Promise<unknown>;
}

/**
 * Tick: appends what changed to the chain, oldest rows first. Returns how many entries were written. Safe on several
 * instances and with a crash anywhere: a place in the chain is taken once (primary key) and the insert stops at the first
 * place lost, so there is neither fork nor gap; a revision is chained once (unique key and revision); a row stays marked
 * until the revision that was chained is the one it has.
 */
export async function sealLedger(ctx: Ctx): Promise<number> {
  return (await sealAll(ctx, deliveries(ctx))) + (await sealAll(ctx, audit(ctx)));
}

/** The last entry, or the beginning. */
export async function headOf(ctx: Pick<Ctx, 'db'>): Promise<Head> {
  const last = await ctx.db.LedgerEntry.findOne({}, { hash: 1, at: 1 }).sort({ _id: -1 }).lean<LedgerEntry>();
  return last ? { seq: last._id, hash: last.hash, at: last.at } : noHead;
}

async function sealAll(ctx: Ctx, source: Source): Promise<number> {
  let written = 0;
  let lost = 0;
  while (lost < TRIES) {
    const rows = await source.next();
    if (rows.length === 0) break;
    const appended = await append(ctx, lost > 0 ? await without(ctx, rows) : rows);
    if (appended === null) lost += 1;
    else {
      written += appended;
      lost = 0;
      await unmark(source, rows);
      if (rows.length < BATCH) break;
    }
  }
  return written;
}

/** Null: another instance took a place, or a revision is in the chain already. */
async function append(ctx: Ctx, rows: readonly Unsealed[]): Promise<number | null> {
  if (rows.length === 0) return 0;
  let head = await headOf(ctx);
  const at = ctx.clock.now();
  const entries = rows.map(({ key, rev, snapshot }) => {
    const entry = linked(head, { at, key, rev, snapshot });
    head = { seq: entry._id, hash: entry.hash, at };
    return entry;
  });
  try {
    // Ordered: it stops at the first place lost, and what stands before it is a proper piece of the chain.
    await ctx.db.LedgerEntry.insertMany(entries, { ordered: true, lean: true });
    return entries.length;
  } catch (error) {
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

/** Leaves out the revisions another run chained before it could un-mark them. */
async function without(ctx: Ctx, rows: readonly Unsealed[]): Promise<Unsealed[]> {
  const chained = await ctx.db.LedgerEntry.find({ key: { $in: rows.map(({ key }) => key) } }, { key: 1, rev: 1 }).lean<LedgerEntry[]>();
  const known = new Set(chained.map(({ key, rev }) => `${rev}:${key}`));
  return rows.filter(({ key, rev }) => !known.has(`${rev}:${key}`));
}

async function unmark(source: Source, rows: readonly Unsealed[]): Promise<void> {
  for (const rev of new Set(rows.map((row) => row.rev))) await source.done(rows.filter((row) => row.rev === rev).map(({ _id }) => _id), rev);
}

const deliveries = (ctx: Ctx): Source => ({
  next: async () => {
    const rows = await ctx.db.Delivery.find({ unsealed: true }).sort({ _id: 1 }).limit(BATCH).lean<Delivery[]>();
    return rows.map((row) => ({ _id: row._id, key: row.key, rev: row.rev, snapshot: snapshotOf(row) }));
  },
  done: (ids, rev) => ctx.db.Delivery.updateMany({ _id: { $in: ids }, rev }, { $set: { unsealed: false } }),
});

/** Lines of the audit never change: each is chained once. */
const audit = (ctx: Ctx): Source => ({
  next: async () => {
    const rows = await (ctx.db.AuditEntry as Model<AuditEntry>).find({ unsealed: true }).sort({ _id: 1 }).limit(BATCH).lean<AuditEntry[]>();
    return rows.map((row) => ({ _id: row._id, key: auditKey(row._id), rev: 1, snapshot: auditSnapshotOf(row) }));
  },
  done: (ids) => ctx.db.AuditEntry.updateMany({ _id: { $in: ids } }, { $set: { unsealed: false } }),
});
