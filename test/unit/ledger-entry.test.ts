import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical, hashOf, linked, noHead, type Head } from '../../src/delivery/ledger/entry.js';
import type { LedgerEntry } from '../../src/delivery/ledger/ledger-entry.model.js';
import { checkLink, type Verdict } from '../../src/delivery/ledger/verify-ledger.js';

const snapshot = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string(), { maxLength: 3 })), { maxKeys: 6 });
const content = fc.record({ at: fc.date({ noInvalidDate: true }), key: fc.string(), rev: fc.nat(), snapshot });

const chainOf = (contents: { at: Date; key: string; rev: number; snapshot: Record<string, unknown> }[]): LedgerEntry[] => {
  let head: Head = noHead;
  return contents.map((one) => {
    const entry = linked(head, one);
    head = { seq: entry._id, hash: entry.hash, at: entry.at };
    return entry;
  });
};

const breachesOf = (chain: readonly LedgerEntry[]): number => {
  const verdict: Verdict = { entries: 0, rows: 0, waiting: 0, before: 0, head: noHead, breaches: [] };
  for (const entry of chain) {
    checkLink(verdict, entry);
    verdict.head = { seq: entry._id, hash: entry.hash, at: entry.at };
  }
  return verdict.breaches.length;
};

/** Another value for one field, however deep. */
const harms: [name: string, (entry: LedgerEntry) => LedgerEntry][] = [
  ['seq', (e) => ({ ...e, _id: e._id + 1 })],
  ['at', (e) => ({ ...e, at: new Date(e.at.getTime() + 1) })],
  ['key', (e) => ({ ...e, key: `${e.key}x` })],
  ['rev', (e) => ({ ...e, rev: e.rev + 1 })],
  ['prevHash', (e) => ({ ...e, prevHash: e.prevHash.replace(/.$/, (c) => (c === '0' ? '1' : '0')) })],
  ['hash', (e) => ({ ...e, hash: e.hash.replace(/^./, (c) => (c === '0' ? '1' : '0')) })],
  ['a field more', (e) => ({ ...e, snapshot: { ...e.snapshot, more: 1, [Object.keys(e.snapshot).join('')]: 'x' } })],
  ['a field less', (e) => ({ ...e, snapshot: Object.fromEntries(Object.entries(e.snapshot).slice(1)) })],
  ['a value', (e) => ({ ...e, snapshot: Object.fromEntries(Object.entries(e.snapshot).map(([name, value], n) => [name, n === 0 ? [value] : value])) })],
];

test('any single change in any entry breaks the chain; even with its hash made anew it no longer fits the next one', () => {
  fc.assert(
    fc.property(fc.array(content, { minLength: 2, maxLength: 6 }), fc.nat(), fc.nat(harms.length - 1), (contents, place, kind) => {
      const chain = chainOf(contents);
      expect(breachesOf(chain)).toBe(0);
      const at = place % (chain.length - 1);
      const entry = chain[at];
      const harm = harms[kind]?.[1];
      if (!entry || !harm) return;
      const harmed = harm(entry);
      if (canonical(harmed) === canonical(entry)) return;
      expect(breachesOf(chain.with(at, harmed))).toBeGreaterThan(0);
      expect(breachesOf(chain.with(at, { ...harmed, hash: hashOf(harmed) }))).toBeGreaterThanOrEqual(canonical({ ...harmed, hash: hashOf(harmed) }) === canonical(entry) ? 0 : 1);
      expect(breachesOf(chain.toSpliced(at, 1))).toBeGreaterThan(0);
      expect(breachesOf(chain.toSpliced(at, 0, entry))).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test('the canonical form knows no order of fields, and times as text', () => {
  expect(canonical({ b: 1, a: { d: [2, { z: 1, y: 2 }], c: new Date(0) } })).toBe('{"a":{"c":"1970-01-01T00:00:00.000Z","d":[2,{"y":2,"z":1}]},"b":1}');
});
