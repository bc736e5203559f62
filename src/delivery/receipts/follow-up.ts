import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import type { DeliveryPolicy } from '../policy.js';

/** Tick: plans the next channel for messages nobody was heard of, or that the provider could not deliver. Returns how many. */
export async function followUp(_ctx: Ctx, _configured: readonly Channel[], _policy: Partial<DeliveryPolicy>): Promise<number> {
  return 0;
}
