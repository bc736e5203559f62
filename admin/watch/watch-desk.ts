import type { HoldHands } from '../../src/delivery/hold/decide-hold.js';
import type { Problem } from '../../src/watch/find-problems.js';

/** What the back office may know and do about the house's own standing; app.ts fills it. */
export interface WatchDesk {
  /** What has stood still for long enough to tell people. */
  standing(): Promise<Problem[]>;
  hands: HoldHands;
}

/** For a back office alone, without the house around it (tests). */
export const noWatch: WatchDesk = {
  standing: async () => [],
  hands: { dir: null, planAll: async () => {} },
};
