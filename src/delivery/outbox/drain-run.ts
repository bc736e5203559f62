import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import type { DeliveryPolicy } from '../policy.js';
import type { Renderers } from '../renderer.js';
import type { Sender } from '../sender.js';

/** One run of the drain: its tools, and what it has in hand. Lives no longer than the run. */
export interface DrainRun {
  ctx: Ctx;
  policy: DeliveryPolicy;
  senders: ReadonlyMap<Channel, Sender>;
  renderers: Renderers;
  instance: string;
  timeout: (ms: number) => AbortSignal;
  /** Deliveries in hand per channel. */
  open: Map<Channel, number>;
  /** Calls that may still be opened on a channel. */
  roomFor(channel: Channel): { urgent: number; ordinary: number };
  /** Channels that refused us lately: an accepted call clears them. */
  struck: Set<Channel>;
  /** Deliveries that were sent or ended. */
  handled: number;
  /** Channels whose limit was reached. */
  atLimit: Set<Channel>;
}
