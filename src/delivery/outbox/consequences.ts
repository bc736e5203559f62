import type { Channel } from '../../kernel/channels.js';
import { channelFailed, channelWorks, refuseChannel, tooManyCalls } from '../limits/channel-state.js';
import { markChatDead, tellChannelStopped } from '../notices/tell-office.js';
import type { SendOutcome, Sender } from '../sender.js';
import { MAX_PAUSE_MS } from './after-outcome.js';
import type { DrainRun } from './drain-run.js';
import { hurryWaiting } from './hurry-waiting.js';
import type { Held } from './settle.js';

/** What an outcome means for others than this delivery. */
export async function consequences(run: DrainRun, held: Held, { channel }: Sender, outcome: SendOutcome): Promise<void> {
  const { ctx, policy } = run;
  // Told once per trouble: what is read with the next claim counts again.
  if (outcome.kind === 'accepted') return works(run, channel);
  if (outcome.kind === 'unreachable' && outcome.dead && held.to) await markChatDead(ctx, { channel, to: held.to }, outcome.code);
  if (outcome.kind === 'retry') await troubled(run, channel, outcome);
  if (outcome.kind !== 'rejected') return;
  await refuseChannel(ctx, channel, policy.rejectedRest);
  await tellChannelStopped(ctx, channel, outcome.code);
}

async function works({ ctx, policy, struck, states }: DrainRun, channel: Channel): Promise<void> {
  if (!struck.delete(channel)) return;
  await channelWorks(ctx, channel, policy.limits[channel]);
  if (states.get(channel)?.broken) await hurryWaiting(ctx, channel);
}

async function troubled({ ctx, policy, struck, restsUntil }: DrainRun, channel: Channel, outcome: Extract<SendOutcome, { kind: 'retry' }>): Promise<void> {
  if (outcome.pauseChannel) {
    const ms = Math.min(outcome.afterMs ?? policy.backoff.firstMs, MAX_PAUSE_MS);
    restsUntil.set(channel, Math.max(restsUntil.get(channel) ?? 0, ctx.clock.now().getTime() + ms));
    return tooManyCalls(ctx, channel, ms, policy.limits[channel]);
  }
  struck.add(channel);
  if (await channelFailed(ctx, channel, policy.breaker)) ctx.log.warn({ event: 'delivery.channel-broken', channel, code: outcome.code });
}
