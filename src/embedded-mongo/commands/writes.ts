import { type Document, getField, isDocument, isNumber, toNumber, decode, encode } from '../bson/index.js';
import { evaluateLet } from '../agg/index.js';
import { fail, MongoServerError } from '../errors.js';
import { clock } from '../engine/now.js';
import { MAX_WRITE_BATCH } from '../wire/message.js';
import type { ReplyFields } from '../wire/reply.js';
import type { Args } from './args.js';
import { Args as StatementArgs } from './args.js';
import type { Commands, Context } from './context.js';
import { writable } from './names.js';
import { deleteMatching, insertOne, type UpdateStatement, updateMatching } from './write-one.js';

/** insert, update and delete. */
export const writeCommands: Commands = {
  insert: {
    write: true,
    fields: ['documents', 'ordered', 'bypassDocumentValidation'],
    run(args, context) {
      const { name } = writable(args, context);
      const documents = statements(args, context, 'documents', (raw) => raw, (doc) => encode(doc));
      let n = 0;
      const writeErrors = eachStatement(args, documents, (raw) => {
        insertOne(context, name, raw);
        n += 1;
      });
      return reply({ n }, writeErrors);
    },
  },
  update: {
    write: true,
    fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
    run(args, context) {
      const { name } = writable(args, context);
      const variables = evaluateLet(args.object('let'), clock.date());
      const totals = { n: 0, nModified: 0 };
      const upserted: Document[] = [];
      const updates = statements(args, context, 'updates', (raw) => decode(raw), (doc) => doc);
      const writeErrors = eachStatement(args, updates, (spec, index) => {
        const result = updateMatching(context, name, updateStatement(spec, variables));
        totals.n += result.matched + (result.upsertedId === undefined ? 0 : 1);
        totals.nModified += result.modified;
        if (result.upsertedId !== undefined) upserted.push({ index, _id: result.upsertedId });
      });
      return reply({ n: totals.n, nModified: totals.nModified, upserted: upserted.length > 0 ? upserted : undefined }, writeErrors);
    },
  },
  delete: {
    write: true,
    fields: ['deletes', 'ordered', 'let'],
    run(args, context) {
      const { name } = writable(args, context);
      const variables = evaluateLet(args.object('let'), clock.date());
      let n = 0;
      const deletes = statements(args, context, 'deletes', (raw) => decode(raw), (doc) => doc);
      const writeErrors = eachStatement(args, deletes, (spec) => {
        const collection = context.store.catalog.find(context.db, name);
        n += deleteMatching(context, collection, deleteStatement(spec, variables)).deleted;
      });
      return reply({ n }, writeErrors);
    },
  },
};

/** The statements of a write command, from its kind 1 section or from its body. */
function statements<T>(
  args: Args, context: Context, field: string, fromRaw: (raw: Buffer) => T, fromDocument: (doc: Document) => T,
): T[] {
  const raw = context.sequences.get(field);
  if (raw === undefined) args.required(field);
  const list = raw === undefined ? (args.documents(field) ?? []).map(fromDocument) : raw.map(fromRaw);
  if (list.length === 0 || list.length > MAX_WRITE_BATCH) {
    fail(16, `Write batch sizes must be between 1 and ${MAX_WRITE_BATCH}. Got ${list.length} operations.`);
  }
  return list;
}

/** Runs the statements in order; an error stops an ordered command and is only noted in an unordered one. */
function eachStatement<T>(args: Args, list: T[], run: (statement: T, index: number) => void): Document[] {
  const ordered = args.any('ordered') === undefined || args.bool('ordered');
  const errors: Document[] = [];
  for (const [index, statement] of list.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof MongoServerError)) throw error;
      errors.push({ index, code: error.code, ...error.extra, errmsg: error.message });
      if (ordered) break;
    }
  }
  return errors;
}

function reply(fields: ReplyFields, writeErrors: Document[]): ReplyFields {
  return { ...fields, writeErrors: writeErrors.length > 0 ? writeErrors : undefined };
}

const UPDATE_FIELDS = ['q', 'u', 'c', 'multi', 'upsert', 'upsertSupplied', 'collation', 'arrayFilters', 'hint'];

function updateStatement(spec: Document, variables: Document | undefined): UpdateStatement {
  const args = new StatementArgs('update.updates', spec, UPDATE_FIELDS);
  args.required('q');
  args.required('u');
  const constants = args.object('c');
  return {
    filter: args.object('q') ?? {}, update: updateOf(args.any('u')), multi: args.bool('multi'), upsert: args.bool('upsert'),
    arrayFilters: args.documents('arrayFilters'), collation: args.collation(), hint: args.hint(),
    let: constants === undefined ? variables : { ...variables, ...evaluateLet(constants, clock.date()) },
  };
}

/** An update is a document or a pipeline. */
export function updateOf(value: unknown): Document | Document[] {
  if (isDocument(value)) return value;
  if (Array.isArray(value) && value.every(isDocument)) return value;
  return fail(9, 'Update argument must be either an object or an array');
}

function deleteStatement(spec: Document, variables: Document | undefined): Omit<UpdateStatement, 'update'> {
  const args = new StatementArgs('delete.deletes', spec, ['q', 'limit', 'collation', 'hint']);
  args.required('q');
  args.required('limit');
  const limit = getField(spec, 'limit');
  const count = isNumber(limit) ? toNumber(limit) : NaN;
  if (count !== 0 && count !== 1) fail(9, `The limit field in delete objects must be 0 or 1. Got ${String(limit)}`);
  return { filter: args.object('q') ?? {}, multi: count === 0, collation: args.collation(), hint: args.hint(), let: variables };
}
