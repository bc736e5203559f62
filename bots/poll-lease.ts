import type { Ctx } from '../src/context.js';
import { isDuplicateKey } from '../src/db/counters.js';
import type { Wait } from './wait.js';

/** Of several instances one polls; when it dies, another takes over within LEASE_MS + PULSE_MS. */
const LEASE_MS = 10_000;
const PULSE_MS = 3_000;

export interface PollLease {
  /** Whose updates: "telegram", "zalo-bot". */
  name: string;
  wait: Wait;
  /** Told when this instance stands by while another polls. */
  standby(): void;
}

/**
 * Runs `work` while this instance holds the lease of `name`, again and again until `signal` aborts: a bot's updates go to one
 * asker only, and two would steal them from each other. The signal given to `work` aborts when the lease is lost. A clean stop
 * gives the lease back at once. Resolves, never rejects.
 */
export async function whileLeading(ctx: Ctx, lease: PollLease, work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
  const me = Buffer.from(ctx.random.bytes(8)).toString('hex');
  while (!signal.aborted) {
    const held = await hold(ctx, lease.name, me);
    if (held === 'mine') await lead(ctx, { ...lease, me }, work, signal);
    else if (held === 'others') lease.standby();
    await lease.wait(PULSE_MS, signal);
  }
}

async function lead(ctx: Ctx, { name, wait, me }: PollLease & { me: string }, work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
  const lost = new AbortController();
  const mine = AbortSignal.any([signal, lost.signal]);
  ctx.log.info({ event: 'poll-lease.taken', name });
  const working = work(mine).finally(() => lost.abort());
  for (let sureAt = ctx.clock.now().getTime(); !mine.aborted; ) {
    await wait(PULSE_MS, mine);
    const held = mine.aborted ? 'mine' : await hold(ctx, name, me);
    if (held === 'mine') sureAt = ctx.clock.now().getTime();
    else if (held === 'others' || ctx.clock.now().getTime() - sureAt >= LEASE_MS) lost.abort();
  }
  await working;
  await release(ctx, name, me);
}

/** Takes or renews; "unknown" where the database does not answer. */
async function hold(ctx: Ctx, name: string, me: string): Promise<'mine' | 'others' | 'unknown'> {
  const now = ctx.clock.now();
  const value = { by: me, until: new Date(now.getTime() + LEASE_MS) };
  const _id = idOf(name);
  try {
    const free = { $or: [{ 'value.by': me }, { 'value.until': { $lte: now } }] };
    const taken = await ctx.db.State.updateOne({ _id, ...free }, { $set: { value, updatedAt: now } });
    if (taken.matchedCount === 1) return 'mine';
    if (await ctx.db.State.exists({ _id })) return 'others';
    await ctx.db.State.create({ _id, value, updatedAt: now });
    return 'mine';
  } catch (error) {
    if (isDuplicateKey(error)) return 'others';
    ctx.log.warn({ event: 'poll-lease.unknown', name, error: error instanceof Error ? error.name : 'unknown' });
    return 'unknown';
  }
}

async function release(ctx: Ctx, name: string, me: string): Promise<void> {
  try {
    await ctx.db.State.deleteOne({ _id: idOf(name), 'value.by': me });
  } catch {
    // It runs out by itself.
  }
}

const idOf = (name: string): string => `poll-lease:${name}`;
