import { type Document, clone, encode, getField, setField } from '../bson/index.js';
import type { PipelineWrite } from '../agg/index.js';
import { fail } from '../errors.js';
import type { Context } from './context.js';
import { checkWritable } from './names.js';
import { insertOne, updateMatching } from './write-one.js';

/** Carries out `$out` or `$merge` on the result of a pipeline. */
export function carryOut(context: Context, docs: Iterable<Document>, write: PipelineWrite): void {
  const target: Context = { ...context, db: write.db ?? context.db };
  checkWritable(target.db, write.collection);
  const all = [...docs]; // the pipeline may read what is about to change
  if (write.kind === 'out') replaceAll(target, write.collection, all);
  else for (const doc of all) mergeOne(target, write, doc);
}

function replaceAll(context: Context, name: string, docs: Document[]): void {
  const { catalog, records, storage } = context.store;
  const collection = catalog.find(context.db, name) ?? catalog.create(context.db, name);
  for (const { id, doc } of [...context.store.all(collection)]) {
    records.remove(collection, id, doc, storage.document(collection.id, id)?.length ?? 0);
  }
  for (const doc of docs) insertOne(context, name, encode(doc));
}

function mergeOne(context: Context, write: Extract<PipelineWrite, { kind: 'merge' }>, doc: Document): void {
  const filter: Document = {};
  for (const path of write.on) setField(filter, path, { $eq: getField(doc, path) ?? null });
  const update = write.whenMatched === 'replace' ? keepId(doc) : { $set: keepId(doc) };
  const exists = updateMatching(context, write.collection, {
    filter, update: ['replace', 'merge'].includes(write.whenMatched) ? update : { $setOnInsert: {} },
  }).matched > 0;
  if (exists && write.whenMatched === 'fail') {
    fail(11000, `E11000 duplicate key error collection: ${context.db}.${write.collection} ($merge with whenMatched: fail)`);
  }
  if (exists || write.whenNotMatched === 'discard') return;
  if (write.whenNotMatched === 'fail') fail(13113, '$merge could not find a matching document in the target collection for at least one document in the source collection');
  insertOne(context, write.collection, encode(doc));
}

function keepId(doc: Document): Document {
  const copy = clone(doc);
  delete copy._id;
  return copy;
}
