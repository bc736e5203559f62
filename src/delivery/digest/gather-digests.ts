import type { Ctx } from '../../context.js';
import type { DeliveryPolicy } from '../policy.js';

/** Tick: puts the notices of one person that are due together into one digest. Returns how many digests were planned. */
export async function gatherDigests(_ctx: Ctx, _policy: Partial<DeliveryPolicy>): Promise<number> {
  return 0;
}
