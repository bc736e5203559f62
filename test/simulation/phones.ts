import { recordReceipt, type Receipt } from '../../src/delivery/receipts/record-receipt.js';
import type { Channel } from '../../src/kernel/channels.js';
import type { Copy } from './provider.js';
import type { SeededRandom } from './seeded-random.js';
import type { Workload } from './workload.js';

/** Channels whose provider tells what became of a message. */
export const tellingChannels: readonly Channel[] = ['zalo', 'zbs', 'sms'];

/** What providers tell afterwards: that a message arrived, was seen or could not be delivered; early, late, twice, or never. */
export class Phones {
  /** Messages whose failing the house was told, by the provider's id. */
  readonly failures = new Map<string, { key: string; channel: Channel; told: boolean }>();
  readonly #random: SeededRandom;
  readonly #ask: Workload['ask'];
  readonly #now: () => number;

  constructor(spec: { random: SeededRandom; ask: Workload['ask']; now: () => number }) {
    this.#random = spec.random;
    this.#ask = spec.ask;
    this.#now = spec.now;
  }

  arrived({ channel, providerId }: Copy): void {
    const random = this.#random;
    if (!tellingChannels.includes(channel) || !random.chance(0.6)) return;
    // Early: before the answer to our own call; late: long after everybody has given up hope.
    const wait = () => random.skewed(1, random.chance(0.1) ? 20 * 60_000 : 60_000);
    for (const what of random.chance(0.5) ? (['delivered', 'seen'] as const) : (['delivered'] as const)) {
      for (let n = random.chance(0.2) ? 2 : 1; n > 0; n--) this.#tell({ channel, providerId, what }, wait());
    }
  }

  failed({ channel, providerId, key }: Pick<Copy, 'channel' | 'providerId' | 'key'>): void {
    const failure = { key, channel, told: false };
    this.failures.set(providerId, failure);
    if (!tellingChannels.includes(channel)) return;
    const times = this.#random.chance(0.2) ? 2 : 1;
    for (let n = 0; n < times; n++) this.#tell({ channel, providerId, what: 'failed', code: '118' }, this.#random.skewed(1, 5 * 60_000), () => void (failure.told = true));
  }

  /** The database was put back: nobody knows which failures it was told. */
  forget(): void {
    for (const failure of this.failures.values()) failure.told = false;
  }

  #tell(receipt: Omit<Receipt, 'at'>, wait: number, heard: () => void = () => {}): void {
    const at = this.#now() + wait;
    this.#ask('receipt', at, (ctx) => recordReceipt(ctx, { ...receipt, at: new Date(Math.floor(at)) }), ['followups'], heard);
  }
}
