import { afterEach, beforeEach } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import type { Lane } from '../../src/delivery/intent.js';
import { sealLedger } from '../../src/delivery/ledger/seal-ledger.js';
import type { DrainOptions } from '../../src/delivery/outbox/drain-outbox.js';
import { followUp } from '../../src/delivery/receipts/follow-up.js';
import type { SendOutcome } from '../../src/delivery/sender.js';
import { drain, ScriptedSender } from './delivery-world.js';
import type { TestClock } from './test-clock.js';
import { testCtx } from './test-ctx.js';

/** Nothing was sent: the provider cannot be reached. */
export const DOWN: SendOutcome = { kind: 'retry', code: 'no-connection', maybeSent: false };
/** Nobody knows whether it was sent. */
export const DOUBT: SendOutcome = { kind: 'retry', code: 'http-503', maybeSent: true };

type Rest = { renderers?: DrainOptions['renderers']; each?: () => Promise<unknown>; whole?: boolean };

/** A house whose providers have outages; its clock goes on only by `seconds`. */
export function outageStory() {
  let world: { ctx: Ctx; clock: TestClock; close(): Promise<void> };
  beforeEach(async () => void (world = await testCtx()));
  afterEach(() => world.close());
  const policy = { quiet: null, digest: { at: '07:30', spreadMs: 0, staleMs: 240 * 3_600_000, graceMs: 0 } };

  /** Answers by `how` where that says something, else as its script. */
  class MoodySender extends ScriptedSender {
    calls: { key: string; at: number }[] = [];
    how: (key: string) => SendOutcome | null = () => null;
    override async send(...args: Parameters<ScriptedSender['send']>): Promise<SendOutcome> {
      this.calls.push({ key: args[2].key, at: world.clock.now().getTime() });
      return this.how(args[2].key) ?? super.send(...args);
    }
  }

  async function step(senders: readonly ScriptedSender[], { renderers, each, whole }: Rest): Promise<void> {
    const { ctx } = world;
    await each?.();
    if (whole) await gatherDigests(ctx, { quiet: null });
    await drain(ctx, senders, { policy: whole ? { quiet: null } : policy, ...(renderers ? { renderers } : {}) });
    await followUp(ctx, senders.map(({ channel }) => channel), {});
    if (whole) await sealLedger(ctx);
  }

  return {
    MoodySender,
    policy,
    get ctx() { return world.ctx; },
    get clock() { return world.clock; },
    put: (key: string, lane: Lane, personId: unknown, more: object = {}) => enqueue(world.ctx, { key, kind: 'note', lane, personId: String(personId), data: { n: key }, ...more }),
    /** So many seconds pass, in steps; after each the engine works. `whole`: digests are gathered and the ledger sealed too. */
    seconds: async (count: number, senders: readonly ScriptedSender[], every = 5, rest: Rest = {}) => {
      for (let i = 0; i < count / every; i++) {
        world.clock.advance({ seconds: every });
        await step(senders, rest);
      }
    },
    /** How many of these messages are in which state, as "state:reason". */
    states: async (key: RegExp) => {
      const counts: Record<string, number> = {};
      for (const { state, reason } of await world.ctx.db.Delivery.find({ key }).lean<Delivery[]>()) counts[`${state}:${reason}`] = (counts[`${state}:${reason}`] ?? 0) + 1;
      return counts;
    },
  };
}
