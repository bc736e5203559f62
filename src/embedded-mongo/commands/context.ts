import type { Document } from '../bson/index.js';
import type { Cursors } from '../engine/cursors.js';
import type { Store } from '../store/store.js';
import type { Connection } from '../wire/listener.js';
import type { ReplyFields } from '../wire/reply.js';
import type { Args } from './args.js';

/** What a command gets besides its own fields. */
export interface Context {
  db: string;
  store: Store;
  cursors: Cursors;
  connection: Connection;
  /** Number of clients, folder, start time: for serverStatus and the like. */
  server: ServerFacts;
  /** Raw documents of the kind 1 sections, by name. */
  sequences: ReadonlyMap<string, Buffer[]>;
}

/** What the information commands tell of the server itself. */
export interface ServerFacts {
  dir: string;
  startedAt: number;
  connections(): number;
}

/** One command. */
export interface Command {
  /** Goes through the group commit: it may change something. */
  write?: boolean | ((doc: Document) => boolean);
  /** The command's own fields; anything else is refused with 40415. Undefined allows any. */
  fields?: readonly string[];
  run(args: Args, context: Context): ReplyFields;
}

/** A family of commands by name. */
export type Commands = Record<string, Command>;
