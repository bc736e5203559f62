import { verifyLedger } from '../../src/delivery/ledger/verify-ledger.js';
import type { Steps } from './fake-model.js';
import type { Store } from './store.js';
import type { Watch } from './watch.js';

/** The store without a network: every call takes effect at once. */
export const straight = async <T>(call: unknown, steps: (call: never) => Steps<T>): Promise<T> => {
  const work = steps(call as never);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
};

/** The ledger's chain is whole, and holds the last word on every message. */
export async function judgeChain(store: Store, watch: Watch): Promise<void> {
  const { breaches, waiting } = await verifyLedger({ db: store.through(straight as never) });
  for (const { place, what } of breaches.slice(0, 5)) watch.broke('chain-broken', `${place}: ${what}`);
  const seen = new Set<string>();
  for (const { key, rev } of store.collections.LedgerEntry.find({})) {
    const step = `${String(key)} ${String(rev)}`;
    if (seen.has(step)) watch.broke('chain-broken', `${step}: chained twice`);
    seen.add(step);
  }
  if (waiting > 0) watch.broke('not-sealed', `${waiting} rows wait for the chain although everything has come to rest`);
}
