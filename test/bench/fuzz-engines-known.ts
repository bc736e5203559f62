import type { Work } from './fuzz-engines-work.js';

/**
 * Where DocumentDB and the embedded server are known to differ, and why. In each of these cases
 * the embedded server does what MongoDB 7 documents or does; the program relies on none of them.
 */
const KNOWN: { name: string; applies(work: Work | { kind: string }, ours: string, theirs: string): boolean }[] = [
  {
    name: 'fields that an update adds: MongoDB appends them in the order of their names, DocumentDB operator by operator',
    applies: (_work, ours, theirs) => sameButOrder(ours, theirs),
  },
  {
    name: 'an array update on a missing array: MongoDB fails with code 2, DocumentDB changes nothing',
    applies: (work, ours, theirs) => ours.startsWith('error 2{') && isAnswer(theirs) && JSON.stringify(work).includes('.$['),
  },
  {
    name: 'two operators on one path: MongoDB fails with code 40 at once, DocumentDB only for a document that matches',
    applies: (_work, ours) => ours.startsWith('error 40{'),
  },
  {
    name: '$expr in the filter of an upsert: MongoDB fails with code 224 at once, DocumentDB only if it has to insert',
    applies: (_work, ours) => ours.startsWith('error 224{'),
  },
  {
    name: '$push onto a text that the upsert takes from its filter: MongoDB fails with code 2, DocumentDB with 115',
    applies: (_work, ours, theirs) => ours.startsWith('error 2{') && theirs.startsWith('error 115{'),
  },
  {
    name: 'an updateMany that fails at one document: MongoDB keeps the documents changed before it, DocumentDB takes them back',
    applies: (work) => work.kind === 'collection after failed updateMany',
  },
];

/** The name of the difference, if it is a known one. */
export function knownDifference(work: Work | { kind: string }, ours: string, theirs: string): string | undefined {
  return KNOWN.find(({ applies }) => applies(work, ours, theirs))?.name;
}

/** True if two answers differ in nothing but the order of fields. */
export function sameButOrder(ours: string, theirs: string): boolean {
  return isAnswer(ours) && isAnswer(theirs) && ordered(ours) === ordered(theirs);
}

function isAnswer(outcome: string): boolean {
  return !/^(bulk )?error/.test(outcome);
}

function ordered(answer: string): string {
  return JSON.stringify(JSON.parse(answer), (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value);
}
