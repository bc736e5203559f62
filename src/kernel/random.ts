import { randomBytes, randomInt } from 'node:crypto';

/** Chance, injected so that a story or a simulated run can be repeated from its seed. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, below). */
  int(below: number): number;
  /** `n` unpredictable bytes (tokens, codes). */
  bytes(n: number): Uint8Array;
}

/** The operating system's randomness. */
export const systemRandom: Random = {
  next: () => randomInt(2 ** 32) / 2 ** 32,
  int: (below) => randomInt(below),
  bytes: (n) => randomBytes(n),
};
