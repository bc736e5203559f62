import { setTimeout as timer } from 'node:timers/promises';

/** Waits in real time; ends early and quietly when the signal aborts. A seam: tests pass one that does not wait. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export const wait: Wait = (ms, signal) => timer(ms, undefined, { signal, ref: false }).catch(() => {});

const LONGEST_MS = 60_000;

/** 1, 2, 4 … seconds after the `failures`-th failure in a row (from 1), at most a minute; `chance` in [0, 1) spreads instances. */
export const growingPause = (failures: number, chance: number): number => Math.min(LONGEST_MS, 1000 * 2 ** Math.min(failures - 1, 6)) * (0.75 + chance / 4);
