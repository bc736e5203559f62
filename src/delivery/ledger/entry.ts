import { createHash } from 'node:crypto';
import type { AuditEntry } from '../../audit/audit-entry.model.js';
import type { Delivery } from '../delivery.model.js';
import type { LedgerEntry } from './ledger-entry.model.js';

/** What stands before the first entry. */
export const GENESIS = '0'.repeat(64);

/** The end of the chain, as an outsider may hold it: "<seq>:<hash>". */
export interface Head {
  seq: number;
  hash: string;
  at: Date | null;
}

export const noHead: Head = { seq: 0, hash: GENESIS, at: null };
export const headInWords = ({ seq, hash }: Head): string => `${seq}:${hash}`;

/** The same text for the same value, whatever the order of its fields: JSON with sorted names. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The hash of an entry; everything in it but the hash itself goes in. */
export const hashOf = ({ _id, at, key, rev, snapshot, prevHash }: Omit<LedgerEntry, 'hash'>): string => sha256(`${prevHash}\n${canonical({ seq: _id, at, key, rev, snapshot })}`);

/** An entry that continues the chain after `before`. */
export function linked(before: Head, content: { at: Date; key: string; rev: number; snapshot: Record<string, unknown> }): LedgerEntry {
  const entry = { _id: before.seq + 1, ...content, prevHash: before.hash };
  return { ...entry, hash: hashOf(entry) };
}

/** Deliveries on whose fate nothing is settled: claiming, giving back and calling are steps on the way and are not chained. */
const isOpen = (row: Delivery): boolean => ['planned', 'claimed', 'sending'].includes(row.state) || (row.state === 'unknown' && row.reason === null && row.finishedAt === null);

/**
 * What the chain keeps of a delivery: who, by which channel, what the provider answered, when it was accepted, delivered,
 * seen, confirmed, until when it held. No text, no data and no address: their hashes (with the key as salt) prove them where somebody shows them.
 */
export function snapshotOf(row: Delivery): Record<string, unknown> {
  const open = isOpen(row);
  const settled = <T>(value: T): T | null => (open ? null : (value ?? null));
  return plain({
    kind: row.kind,
    lane: row.lane,
    personId: row.personId ?? null,
    behalfOf: row.behalfOf ?? null,
    follows: row.follows ?? null,
    taskCode: row.taskCode ?? null,
    meetingCode: row.meetingCode ?? null,
    createdAt: row.createdAt,
    cause: row.cause,
    dataHash: sha256(`${row.key}\n${canonical(row.data ?? {})}`),
    expiresAt: row.expiresAt ?? null,
    state: open ? 'open' : row.state,
    reason: settled(row.reason),
    channel: settled(row.channel),
    to: settled(row.to ? `…${row.to.slice(-3)}` : null),
    toHash: settled(row.to ? sha256(`${row.key}\n${row.to}`) : null),
    providerId: settled(row.providerId),
    textHash: settled(row.text ? sha256(`${row.key}\n${row.text}`) : null),
    attempts: row.attempts.filter(({ outcome }) => outcome !== 'started').map(({ at, channel, outcome, code, repeat }) => ({ at, channel, outcome, code, repeat })),
    acceptedAt: settled(row.acceptedAt),
    deliveredAt: settled(row.deliveredAt),
    seenAt: settled(row.seenAt),
    acknowledgedAt: settled(row.acknowledgedAt),
    finishedAt: settled(row.finishedAt),
  });
}

/** What the chain keeps of a line of the audit: who did what when, and the hash of the values. */
export const auditSnapshotOf = ({ at, cause, by, action, entity, entityKey, before, after }: AuditEntry): Record<string, unknown> =>
  plain({ at, cause, by, action, entity, entityKey, valuesHash: sha256(canonical({ before, after })) });

export const auditKey = (id: { toString(): string }): string => `audit:${id.toString()}`;

/** JSON values only: what comes back from the database is then what went in. */
const plain = (value: Record<string, unknown>): Record<string, unknown> => JSON.parse(canonical(value)) as Record<string, unknown>;

/** What today's snapshot says of the fields that an entry has; entries of earlier versions have fewer. */
export const asChained = (snapshot: Record<string, unknown>, entry: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(snapshot).filter(([name]) => name in entry || !LATER.includes(name)));

/** Fields that were added to the snapshot of a delivery later. */
const LATER: readonly string[] = ['dataHash', 'expiresAt'];
