import type { Random } from '../../src/kernel/random.js';

/** Chance that can be repeated: the same seed and stream name give the same numbers on every machine. */
export class SeededRandom implements Random {
  #state: [number, number, number, number];

  constructor(seed: number, stream: string) {
    this.#state = [hash(`${seed}/${stream}`, 1), hash(`${stream}/${seed}`, 2), seed >>> 0, 1];
    for (let i = 0; i < 12; i++) this.#word();
  }

  /** sfc32, a small fast generator of good quality (public domain, PractRand). */
  #word(): number {
    const s = this.#state;
    const sum = (s[0] + s[1] + s[3]) | 0;
    s[3] = (s[3] + 1) | 0;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = (s[2] + (s[2] << 3)) | 0;
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + sum;
    s[2] |= 0;
    return sum >>> 0;
  }

  next(): number {
    return this.#word() / 2 ** 32;
  }

  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  bytes(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => this.int(256));
  }

  /** True in `share` of all cases (0 to 1). */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** Uniform in [from, to). */
  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  /** Many small values, few large ones, between the two. */
  skewed(from: number, to: number): number {
    return from * (to / from) ** this.next();
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}

function hash(text: string, salt: number): number {
  let h = 0x811c9dc5 ^ salt;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}
