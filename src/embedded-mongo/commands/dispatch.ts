import { type Document, decode, getField } from '../bson/index.js';
import { type Cursors } from '../engine/cursors.js';
import { GroupCommit } from '../engine/group-commit.js';
import { fail, MongoServerError } from '../errors.js';
import type { Store } from '../store/store.js';
import type { Connection } from '../wire/listener.js';
import { MAX_DOCUMENT_BYTES, type WireRequest } from '../wire/message.js';
import { encodeReply } from '../wire/reply.js';
import { aggregateCommands } from './aggregate.js';
import { Args, checkGeneric } from './args.js';
import { collectionCommands } from './collections.js';
import type { Command, Commands, Context, ServerFacts } from './context.js';
import { explainCommands } from './explain.js';
import { findAndModifyCommands } from './find-and-modify.js';
import { indexCommands } from './indexes.js';
import { infoCommands } from './info.js';
import { checkDatabaseName } from './names.js';
import { readCommands } from './reads.js';
import { statsCommands } from './stats.js';
import { checkDepth } from './write-one.js';
import { writeCommands } from './writes.js';

const COMMANDS = new Map<string, Command>(Object.entries({
  ...infoCommands, ...readCommands, ...writeCommands, ...findAndModifyCommands, ...aggregateCommands, ...collectionCommands,
  ...indexCommands, ...explainCommands, ...statsCommands,
} satisfies Commands));

/** A stand-alone mongod has no transactions to end, and says so with this code. */
const TRANSACTION_ENDINGS = new Set(['commitTransaction', 'abortTransaction']);

/** Room that the command itself may take around a document of the largest size. */
const MAX_COMMAND_BYTES = MAX_DOCUMENT_BYTES + 16 * 1024;

/** Turns requests into replies: finds the command, checks its fields, runs it - a write in the next group commit. */
export class Dispatcher {
  readonly #store: Store;
  readonly #cursors: Cursors;
  readonly #server: ServerFacts;
  readonly #commits: GroupCommit<Buffer>;
  readonly #log: ((line: string) => void) | undefined;

  constructor(store: Store, cursors: Cursors, server: ServerFacts, log?: (line: string) => void) {
    this.#store = store;
    this.#cursors = cursors;
    this.#server = server;
    this.#commits = new GroupCommit(store);
    this.#log = log;
  }

  /** Answers one request; whatever goes wrong becomes an error reply. */
  handle(request: WireRequest, connection: Connection): Promise<Buffer> {
    try {
      const { name, doc, db, command } = this.#read(request);
      const context: Context = {
        db, store: this.#store, cursors: this.#cursors, connection, server: this.#server, sequences: request.sequences,
      };
      const run = (): Buffer => this.#run(name, command, doc, context);
      const writes = typeof command.write === 'function' ? command.write(doc) : command.write === true;
      if (!writes) return Promise.resolve(run());
      return this.#commits.submit(run, (error) => this.#failed(error));
    } catch (error) {
      return Promise.resolve(this.#failed(error));
    }
  }

  /** Runs a write of the server's own (the TTL sweeper's) in the next group commit. */
  background(work: () => void): Promise<Buffer> {
    return this.#commits.submit(() => {
      work();
      return Buffer.alloc(0);
    }, (error) => this.#failed(error));
  }

  #read(request: WireRequest): { name: string; doc: Document; db: string; command: Command } {
    if (request.body.length > MAX_COMMAND_BYTES) fail(10334, `BSONObj size: ${request.body.length} is invalid. Size must be between 0 and ${MAX_COMMAND_BYTES}`);
    const doc = unwrapped(decode(request.body));
    checkDepth(doc);
    const name = Object.keys(doc)[0] ?? '';
    const db = request.namespace === undefined ? getField(doc, '$db') : request.namespace.split('.$cmd')[0];
    if (typeof db !== 'string') return fail(40571, 'OP_MSG requests require a $db argument');
    checkDatabaseName(db);
    if (TRANSACTION_ENDINGS.has(name)) fail(20, 'This node was not started with the replSet option: transactions are not supported');
    const command = COMMANDS.get(name);
    if (command === undefined) return fail(59, `no such command: '${name}'`);
    return { name, doc, db, command };
  }

  /** An expected error is a reply like any other; anything else ends the transaction it happened in. */
  #run(name: string, command: Command, doc: Document, context: Context): Buffer {
    try {
      checkGeneric(doc);
      const fields = command.run(new Args(name, doc, command.fields), context);
      return encodeReply({ ...fields, ok: 1 });
    } catch (error) {
      if (error instanceof MongoServerError) return errorReply(error);
      throw error;
    }
  }

  #failed(error: unknown): Buffer {
    if (error instanceof MongoServerError) return errorReply(error);
    if (error instanceof RangeError) return errorReply(new MongoServerError(15, `the request is too deep or too large: ${error.message}`));
    this.#log?.(`internal error: ${error instanceof Error ? error.stack : String(error)}`);
    return errorReply(new MongoServerError(1, `internal error: ${error instanceof Error ? error.message : String(error)}`));
  }
}

/** Old shells wrap a command: {$query: {...}, $readPreference: ...}. */
function unwrapped(doc: Document): Document {
  const query = getField(doc, '$query');
  return typeof query === 'object' && query !== null ? (query as Document) : doc;
}

function errorReply(error: MongoServerError): Buffer {
  return encodeReply({ ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...error.extra });
}
