import mongoose from 'mongoose';
import type { Ctx } from '../../src/context.js';

const { MongoServerError, MongoNetworkError, MongoServerSelectionError } = mongoose.mongo;
const server = (code: number, codeName: string) => () => new MongoServerError({ message: codeName, code, codeName });

/** What a client of a replica set meets while its primary steps down or goes away. */
export const stumbles: readonly (() => Error)[] = [
  server(10107, 'NotWritablePrimary'),
  server(13435, 'NotPrimaryNoSecondaryOk'),
  server(11600, 'InterruptedAtShutdown'),
  server(91, 'ShutdownInProgress'),
  server(189, 'PrimarySteppedDown'),
  () => new MongoNetworkError('connection 7 to 127.0.0.1:27017 closed'),
  () => new MongoServerSelectionError('Server selection timed out after 10000 ms', {} as never),
];

const READS = new Set(['find', 'findOne', 'findById', 'exists', 'countDocuments']);
const WRITES = new Set(['findOneAndUpdate', 'updateOne', 'updateMany', 'bulkWrite', 'insertMany', 'create', 'deleteOne']);

/** A database whose `nth` operation fails once; `done`: it was carried out and only its answer was lost. Everything after it works again. */
export function stumbling(ctx: Ctx, { nth, error, done }: { nth: number; error: () => Error; done: boolean }): { ctx: Ctx; stumbled(): boolean } {
  let operations = 0;
  const lost = (work: PromiseLike<unknown>) => {
    const answer = async (): Promise<never> => {
      await work;
      throw error();
    };
    return { lean: answer, exec: answer, then: (...args: Parameters<Promise<never>['then']>) => answer().then(...args), catch: (no: (why: unknown) => unknown) => answer().catch(no) };
  };
  const watched = <T extends object>(model: T): T =>
    new Proxy(model, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        const [read, write] = [READS.has(String(name)), WRITES.has(String(name))];
        if (typeof value !== 'function' || (!read && !write)) return value;
        return (...args: unknown[]): unknown => {
          const hit = ++operations === nth;
          if (hit && !(done && write)) throw error();
          const result = Reflect.apply(value, target, args) as unknown;
          return hit ? lost(result as PromiseLike<unknown>) : result;
        };
      },
    });
  const db = new Proxy(ctx.db, { get: (target, name) => (name === 'conn' ? target.conn : watched(Reflect.get(target, name, target) as object)) });
  return { ctx: { ...ctx, db }, stumbled: () => operations >= nth };
}
