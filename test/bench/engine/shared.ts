import { pino } from 'pino';
import { readConfig } from '../../../src/config.js';
import type { Ctx } from '../../../src/context.js';
import { defaultPolicy, type DeliveryPolicy } from '../../../src/delivery/policy.js';
import type { Renderers } from '../../../src/delivery/renderer.js';
import type { Sender } from '../../../src/delivery/sender.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { systemRandom } from '../../../src/kernel/random.js';
import type { Db } from '../../../src/models.js';

/** One line of the table at the end, and its figures for the JSON line. */
export interface Result {
  what: string;
  figures: Record<string, number>;
  /** True, false: the target was met or missed; absent: nothing was aimed at. */
  met?: boolean;
  target?: string;
}

/** Shows how far a part is; only where somebody looks. */
export function progress(label: string, done: number, of: number): void {
  if (!process.stderr.isTTY) return;
  const share = of === 0 ? 1 : done / of;
  const full = Math.round(share * 30);
  process.stderr.write(`\r${label.padEnd(44)} [${'#'.repeat(full)}${'.'.repeat(30 - full)}] ${Math.round(share * 100)}% ${share >= 1 ? '\n' : ''}`);
}

/** A context as a tick gets it. */
export const benchCtx = (db: Db): Ctx => ({
  db, clock: systemClock, random: systemRandom, log: pino({ level: 'silent' }), config: readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent' }), cause: 'bench', wake: () => {},
});

export const plain: Renderers = { note: async (_ctx, delivery) => ({ message: { text: `Nhắc việc số ${String(delivery.data['n'])}` }, secret: false }) };

/** Takes everything at once. */
export function noOpSender(): Sender {
  let n = 0;
  return { channel: 'telegram', truth: 'none', send: async () => ({ kind: 'accepted', providerId: String(++n) }) };
}

const free = { max: 10_000_000, windowMs: 1_000, urgentShare: 0 };

/** Nothing but the engine itself holds anything up: no limits, no quiet hours, wide batches. */
export const unlimited: Partial<DeliveryPolicy> = {
  quiet: null, batch: 1_000, parallel: 3_000, perPerson: { max: 1_000_000, windowMs: 1_000 },
  limits: Object.fromEntries(Object.keys(defaultPolicy.limits).map((channel) => [channel, free])) as unknown as DeliveryPolicy['limits'],
};

export const percentile = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
