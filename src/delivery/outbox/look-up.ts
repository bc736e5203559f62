import type { Channel } from '../../kernel/channels.js';
import { channelWorks } from '../limits/channel-state.js';
import type { Found, Sender } from '../sender.js';
import { Deadline, HUNG_MS } from './deadline.js';
import type { DrainRun } from './drain-run.js';
import { LAPSED } from './claim.js';
import { hurryWaiting } from './hurry-waiting.js';
import { beginLookUp, settleFound, settleNotYet, type Held } from './settle.js';

/** A provider that does not say within this time does not know. */
const PATIENCE_MS = 5_000;

type Senders = ReadonlyMap<Channel, Sender>;
/** The last call on the channel it went by, if nobody knows what became of it and its provider can be asked and has not been. */
function openAttempt({ attempts, channel }: Pick<Held, 'attempts' | 'channel'>, senders: Senders): number {
  if (channel === null || !senders.get(channel)?.find) return -1;
  return attempts.findLastIndex((a) => a.channel === channel && a.outcome === 'unknown' && a.asked !== true);
}

/** True where a provider can be asked what became of an earlier call, before anything is sent again or given up. */
export const toLookUp = (held: Held, senders: Senders): boolean => held.to !== null && openAttempt(held, senders) >= 0;

/**
 * Asks the provider about a call in doubt. Sent: accepted with its id. Not sent: that call does not count as a copy any more,
 * and the message goes on as if it had not been made; where the worker vanished, only when it is said twice with a call's length
 * between: a clock that was set forward makes a living worker's lease look lapsed. Unknown: asked once, then the rule for repeats decides.
 */
export async function lookUp(run: DrainRun, held: Held): Promise<void> {
  const { ctx, policy, senders, struck } = run;
  const place = openAttempt(held, senders);
  const attempt = held.attempts[place];
  const sender = held.channel && senders.get(held.channel);
  if (!attempt || !sender || held.to === null) return;
  if (!(await beginLookUp(ctx, held, policy.leaseMs))) return lost(run, held);
  const found = await ask(run, sender, { key: held.key, to: held.to, at: attempt.at });
  run.handled++;
  run.putBack = true;
  const mayBeOnItsWay = found.kind === 'not-sent' && attempt.code === LAPSED && !attempt.notHeard;
  const settled = mayBeOnItsWay ? await settleNotYet(ctx, held, place, policy.callTimeoutMs + HUNG_MS) : await settleFound(ctx, held, place, found);
  if (!settled) return lost(run, held);
  if (found.kind === 'unknown' || !struck.delete(sender.channel)) return;
  await channelWorks(ctx, sender.channel, policy.limits[sender.channel]);
  if (run.states.get(sender.channel)?.broken) await hurryWaiting(ctx, sender.channel);
}

/** A sender that throws or hangs does not know. */
async function ask(run: DrainRun, sender: Sender, call: { key: string; to: string; at: Date }): Promise<Found> {
  const deadline = new Deadline(run.timeout, PATIENCE_MS);
  try {
    const said = sender.find?.({ ...call, signal: deadline.signal });
    return said ? await deadline.race(said, { kind: 'unknown' }) : { kind: 'unknown' };
  } catch (error) {
    run.ctx.log.error({ event: 'delivery.find-threw', channel: sender.channel, name: error instanceof Error ? error.name : 'unknown' });
    return { kind: 'unknown' };
  }
}

const lost = (run: DrainRun, held: Held): void =>
  run.ctx.log.warn({ event: 'delivery.lease-lost', when: 'during the look-up', kind: held.kind, id: String(held._id) });
