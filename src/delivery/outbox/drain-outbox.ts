import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import { defaultPolicy, type DeliveryPolicy } from '../policy.js';
import type { Renderers } from '../renderer.js';
import type { Sender } from '../sender.js';
import type { DrainRun } from './drain-run.js';
import { Hand } from './hand.js';
import { limitHoldsBack, pump } from './pump.js';

/** Who speaks, in which words, and by which rules. */
export interface DrainOptions {
  senders: readonly Sender[];
  renderers: Renderers;
  /** Name of this process among the instances that share the database. */
  instance: string;
  /** Parts of the default policy to replace: `{ quiet: null }` for a demonstration at any hour. */
  policy?: Partial<DeliveryPolicy>;
  /** Resolves when new work has come meanwhile, so that one slow provider does not keep the others waiting. */
  nudged?: () => Promise<void>;
  /** Aborted when the process stops: nothing new is claimed, calls in hand are finished. */
  stopping?: AbortSignal;
  /** The source of call time-outs; simulations bring their own. */
  timeout?: (ms: number) => AbortSignal;
}

/**
 * Sends what is due until nothing is, several calls at a time. Any number of processes may run it: claims are leases with
 * a fence. Returns how many deliveries were sent or ended; asks to be woken again where a limit left due work behind.
 */
export async function drainOutbox(ctx: Ctx, options: DrainOptions): Promise<number> {
  const run = newRun(ctx, options);
  const hand = new Hand();
  try {
    await pump(run, options, hand);
  } finally {
    // Whatever happened, the calls in hand are waited for: nobody else knows of them.
    await hand.empty();
  }
  if (await limitHoldsBack(run)) ctx.wake('outbox');
  return run.handled;
}

function newRun(ctx: Ctx, options: DrainOptions): DrainRun {
  const policy = { ...defaultPolicy, ...options.policy };
  const open = new Map<Channel, number>();
  return {
    ctx,
    policy,
    senders: new Map(options.senders.map((sender) => [sender.channel, sender])),
    renderers: options.renderers,
    instance: options.instance,
    timeout: options.timeout ?? ((ms) => AbortSignal.timeout(ms)),
    open,
    roomFor: (channel) => {
      const busy = open.get(channel) ?? 0;
      return { urgent: Math.floor(policy.parallel * 1.5) - busy, ordinary: policy.parallel - busy };
    },
    struck: new Set(),
    restsUntil: new Map(),
    states: new Map(),
    begun: new Map(),
    deadline: null,
    handled: 0,
    putBack: false,
    atLimit: new Set(),
  };
}
