import { decode, encode } from '../bson/index.js';
import { evaluateLet } from '../agg/index.js';
import { fail } from '../errors.js';
import { clock } from '../engine/now.js';
import { compileProjection } from '../project/index.js';
import { compileMatch } from '../query/index.js';
import { RawDocument, type ReplyFields } from '../wire/reply.js';
import type { Args } from './args.js';
import type { Command, Commands, Context } from './context.js';
import { writable } from './names.js';
import { updateOf } from './writes.js';
import { deleteMatching, updateMatching, type UpdateStatement } from './write-one.js';

const FIELDS = [
  'query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert', 'bypassDocumentValidation', 'collation', 'arrayFilters', 'hint', 'let',
];

const findAndModify: Command = {
  write: true,
  fields: FIELDS,
  run(args, context) {
    const { name } = writable(args, context);
    checkCombination(args);
    const statement = {
      filter: args.object('query') ?? {}, sort: args.object('sort'), collation: args.collation(), hint: args.hint(),
      arrayFilters: args.documents('arrayFilters'), let: evaluateLet(args.object('let'), clock.date()), upsert: args.bool('upsert'),
    };
    return args.bool('remove') ? remove(args, context, name, statement)
      : update(args, context, name, { ...statement, update: updateOf(args.any('update')) });
  },
};

/** findAndModify under both spellings. */
export const findAndModifyCommands: Commands = { findAndModify, findandmodify: findAndModify };

function checkCombination(args: Args): void {
  const update = args.any('update') !== undefined;
  if (!args.bool('remove')) {
    if (!update) fail(9, 'Either an update or remove=true must be specified');
    return;
  }
  if (update) fail(9, 'Cannot specify both an update and remove=true');
  if (args.bool('upsert')) fail(9, 'Cannot specify both upsert=true and remove=true ');
  if (args.bool('new')) fail(9, "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document");
  if (args.any('arrayFilters') !== undefined) fail(9, 'Cannot specify arrayFilters and remove=true');
}

function remove(args: Args, context: Context, name: string, query: Omit<UpdateStatement, 'update'>): ReplyFields {
  const collection = context.store.catalog.find(context.db, name);
  const { deleted, last } = deleteMatching(context, collection, query);
  return { lastErrorObject: { n: deleted }, value: shownDocument(args, last, query) };
}

function update(args: Args, context: Context, name: string, statement: UpdateStatement): ReplyFields {
  const result = updateMatching(context, name, statement);
  const inserted = result.upsertedId !== undefined;
  const value = args.bool('new') ? result.after : result.before;
  return {
    lastErrorObject: {
      n: result.matched + (inserted ? 1 : 0), updatedExisting: result.matched > 0,
      ...(inserted ? { upserted: result.upsertedId } : {}),
    },
    value: shownDocument(args, value, statement),
  };
}

function shownDocument(args: Args, bytes: Uint8Array | undefined, query: Omit<UpdateStatement, 'update'>): RawDocument | null {
  const spec = args.object('fields');
  const projection = spec === undefined || Object.keys(spec).length === 0
    ? undefined : compileProjection(spec, { now: clock.date(), collation: query.collation, let: query.let });
  if (bytes === undefined) return null;
  if (projection === undefined) return new RawDocument(bytes);
  const doc = decode(bytes);
  const position = projection.usesPosition
    ? compileMatch(query.filter, { collation: query.collation, let: query.let, now: clock.date() }).position(doc) : undefined;
  return new RawDocument(encode(projection(doc, { position })));
}
