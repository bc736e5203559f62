import { drainOutbox } from '../../../src/delivery/outbox/drain-outbox.js';
import { FastStore } from './fast-store.js';
import { benchCtx, noOpSender, plain, progress, unlimited, type Result } from './shared.js';

interface Measured {
  perSecond: number;
  trips: number;
  micros: number;
  cpuMicros: number;
  heapMb: number;
}

/** The engine against a provider that takes everything and a store that answers after one millisecond. */
export async function overhead(sizes: readonly number[] = [10_000, 100_000, 1_000_000]): Promise<Result[]> {
  // The first run warms the compiler up and is not counted.
  await measure(20_000);
  const results: Result[] = [];
  let first = 0;
  for (const rows of sizes) {
    const { perSecond, trips, micros, cpuMicros, heapMb } = await measure(rows);
    first ||= micros;
    const growth = (micros / first - 1) * 100;
    results.push({
      what: `engine, no-op provider, 1 ms store, ${rows} due`, figures: { perSecond, trips, micros, cpuMicros, growthPercent: growth, heapMb },
      met: perSecond >= 20_000 && trips <= 0.05 && growth < 20, target: '>= 20000/s, <= 0.05 trips, growth < 20 %',
    });
  }
  return results;
}

async function measure(rows: number): Promise<Measured> {
  const store = new FastStore(rows, new Date());
  const ctx = benchCtx(store.db());
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let most = before;
  const look = setInterval(() => {
    most = Math.max(most, process.memoryUsage().heapUsed);
    progress(`engine, ${rows} due`, store.finished, rows);
  }, 100);
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  await drainOutbox(ctx, { senders: [noOpSender()], renderers: plain, instance: 'bench', policy: unlimited });
  const [ms, used] = [performance.now() - start, process.cpuUsage(cpu)];
  clearInterval(look);
  progress(`engine, ${rows} due`, rows, rows);
  if (store.finished !== rows) throw new Error(`${store.finished} of ${rows} were sent`);
  return { perSecond: (rows / ms) * 1_000, trips: store.trips / rows, micros: (ms * 1_000) / rows, cpuMicros: (used.user + used.system) / rows, heapMb: (most - before) / 1_048_576 };
}
