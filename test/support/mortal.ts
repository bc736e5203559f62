import type { Ctx } from '../../src/context.js';
import type { Sender } from '../../src/delivery/sender.js';

/** The process died: nothing it does from now on reaches anybody. */
export class Died extends Error {}

/** A process that dies before its `lastStep`-th step (a database operation or a call to a provider) and does nothing more. */
export interface Mortal {
  ctx: Ctx;
  /** The same sender, as this process reaches it. */
  through(sender: Sender): Sender;
  steps(): number;
  died(): boolean;
  /** Runs until the end or the death. */
  live(work: () => Promise<unknown>): Promise<void>;
}

const OPERATIONS = new Set(['find', 'findOne', 'findById', 'findOneAndUpdate', 'updateOne', 'updateMany', 'bulkWrite', 'insertMany', 'create', 'exists', 'deleteOne', 'countDocuments']);

export function mortal(ctx: Ctx, lastStep: number): Mortal {
  let steps = 0;
  const step = (): void => {
    if (++steps > lastStep) throw new Died();
  };
  const watched = <T extends object>(model: T): T =>
    new Proxy(model, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function' || !OPERATIONS.has(String(name))) return value;
        return (...args: unknown[]): unknown => {
          step();
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
  const db = new Proxy(ctx.db, { get: (target, name) => (name === 'conn' ? target.conn : watched(Reflect.get(target, name, target) as object)) });
  return {
    ctx: { ...ctx, db },
    through: (sender) => ({
      channel: sender.channel,
      truth: sender.truth,
      send: (to, message, options) => {
        step();
        return sender.send(to, message, options);
      },
    }),
    steps: () => steps,
    died: () => steps > lastStep,
    live: async (work) => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof Died)) throw error;
      }
    },
  };
}
