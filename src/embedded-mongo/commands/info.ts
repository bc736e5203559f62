import { Binary, Double, Int32, Long } from 'bson';
import { randomBytes } from 'node:crypto';
import type { Document } from '../bson/index.js';
import { fail } from '../errors.js';
import { clock } from '../engine/now.js';
import { MAX_DOCUMENT_BYTES, MAX_MESSAGE_BYTES, MAX_WRITE_BATCH } from '../wire/message.js';
import type { ReplyFields } from '../wire/reply.js';
import type { Args } from './args.js';
import type { Commands, Context } from './context.js';

/** The version whose behaviour is followed; wire version 21 is MongoDB 7.0. */
export const VERSION = '7.0.0';
const WIRE_VERSION = 21;

/** hello and the other commands that tell about the server. */
export const infoCommands: Commands = {
  hello: { run: (_args, context) => hello(context, 'isWritablePrimary') },
  isMaster: { run: (_args, context) => hello(context, 'ismaster') },
  ismaster: { run: (_args, context) => hello(context, 'ismaster') },
  ping: { run: () => ({}) },
  buildInfo: { run: buildInfo },
  buildinfo: { run: buildInfo },
  whatsmyuri: { run: (_args, { connection }) => ({ you: connection.remote }) },
  connectionStatus: {
    run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [], authenticatedUserPrivileges: [] } }),
  },
  endSessions: { run: () => ({}) },
  refreshSessions: { run: () => ({}) },
  killSessions: { run: () => ({}) },
  killAllSessions: { run: () => ({}) },
  killAllSessionsByPattern: { run: () => ({}) },
  startSession: {
    run: () => ({ id: { id: new Binary(randomBytes(16), Binary.SUBTYPE_UUID) }, timeoutMinutes: 30 }),
  },
  getLog: {
    run(args) {
      if (args.any('getLog') === '*') return { names: ['global', 'startupWarnings'] };
      return { totalLinesWritten: 0, log: [] };
    },
  },
  getParameter: {
    run(args) {
      if (args.any('featureCompatibilityVersion') !== undefined) return { featureCompatibilityVersion: { version: '7.0' } };
      return fail(72, 'no option found to get');
    },
  },
  getCmdLineOpts: { run: (_args, { server }) => ({ argv: ['embedded-mongo'], parsed: { storage: { dbPath: server.dir } } }) },
  hostInfo: { run: () => ({ system: { currentTime: clock.date(), hostname: 'localhost' }, os: {}, extra: {} }) },
  serverStatus: { run: (_args, context) => serverStatus(context) },
  // Every acknowledged write is on disk already.
  fsync: { run: () => ({ numFiles: 1 }) },
  // A stand-alone mongod says the same; drivers and tools ask to find out what they talk to.
  replSetGetStatus: { run: () => fail(76, 'not running with --replSet') },
};

function hello(context: Context, primaryField: string): ReplyFields {
  return {
    helloOk: true,
    [primaryField]: true,
    maxBsonObjectSize: new Int32(MAX_DOCUMENT_BYTES),
    maxMessageSizeBytes: new Int32(MAX_MESSAGE_BYTES),
    maxWriteBatchSize: new Int32(MAX_WRITE_BATCH),
    // Sessions are accepted by their id, as by a stand-alone mongod; transactions and retryable writes are not.
    logicalSessionTimeoutMinutes: new Int32(30),
    localTime: clock.date(),
    connectionId: context.connection.id,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
  };
}

function buildInfo(_args: Args): ReplyFields {
  const versionArray: Document[] | Int32[] = VERSION.split('.').map((part) => new Int32(Number(part)));
  return {
    version: VERSION, versionArray: [...versionArray, new Int32(0)], gitVersion: 'embedded-mongo', modules: ['embedded-mongo'],
    sysInfo: 'deprecated', bits: 64, debug: false, maxBsonObjectSize: MAX_DOCUMENT_BYTES, storageEngines: ['lmdb'],
  };
}

function serverStatus({ server, cursors, store }: Context): ReplyFields {
  const uptime = (clock.now() - server.startedAt) / 1000;
  return {
    host: 'localhost', version: VERSION, process: 'embedded-mongo', pid: Long.fromNumber(process.pid),
    uptime: new Double(uptime), uptimeMillis: Long.fromNumber(Math.round(uptime * 1000)), localTime: clock.date(),
    connections: { current: server.connections() }, metrics: { cursor: { open: { total: cursors.size } } },
    storageEngine: { name: 'lmdb', persistent: true }, mem: { resident: Math.round(process.memoryUsage.rss() / 1048576) },
    catalogStats: { collections: store.catalog.list().length },
  };
}
