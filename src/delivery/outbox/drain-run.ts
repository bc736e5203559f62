import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import type { Begun } from '../limits/allowance.js';
import type { ChannelState } from '../limits/channel-state.js';
import type { DeliveryPolicy } from '../policy.js';
import type { Deadline } from './deadline.js';
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
  /** The time-out of the calls that began last, and the flush they followed. */
  deadline: { flushes: number; at: Deadline } | null;
  /** Deliveries in hand per channel. */
  open: Map<Channel, number>;
  /** Calls that may still be opened on a channel. */
  roomFor(channel: Channel): { urgent: number; ordinary: number };
  /** The channels as they were last read. */
  states: Map<Channel, ChannelState>;
  /** Channels that refused us or failed lately: an accepted call clears them. */
  struck: Set<Channel>;
  /** A channel said "not before then": no call that was granted earlier leaves any more. Milliseconds since the epoch. */
  restsUntil: Map<Channel, number>;
  /** Calls of the last moments as they were granted and as they began, of limits with a pace. */
  begun: Map<Channel, Begun[]>;
  /** Deliveries that were sent or ended. */
  handled: number;
  /** Something went back to the queue that may leave at once by another way. */
  putBack: boolean;
  /** Channels whose limit was reached. */
  atLimit: Set<Channel>;
}
