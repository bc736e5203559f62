import type { HoldHands } from '../../src/delivery/hold/decide-hold.js';
import type { Findings } from '../../src/watch/find-problems.js';

/** What the back office may know and do about the house's own standing; app.ts fills it. */
export interface WatchDesk {
  findings(): Promise<Findings>;
  hands: HoldHands;
}

/** For a back office alone, without the house around it (tests). */
export const noWatch: WatchDesk = {
  findings: async () => ({ problems: [], audit: null, head: { seq: 0, hash: '', at: null }, tickAges: {} }),
  hands: { dir: null, planAll: async () => {} },
};
