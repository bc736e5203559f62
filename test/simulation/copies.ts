import type { Channel } from '../../src/kernel/channels.js';
import type { Copy } from './provider.js';
import type { Sight } from './sight.js';

/** What reached phones, and that it is not too much. */
export class Copies {
  /** Messages of which a provider could not say whether it had taken them. */
  readonly unsaid = new Set<string>();
  readonly #sight: Sight;
  readonly #findable: ReadonlySet<Channel>;
  readonly #all = new Map<string, Copy[]>();
  readonly #of = new Map<Copy, string | null>();
  /** Spans of which the database was made to forget everything. */
  readonly #forgotten: { from: number; to: number }[] = [];

  constructor(sight: Sight, findable: ReadonlySet<Channel>) {
    this.#sight = sight;
    this.#findable = findable;
  }

  /** `meeting`: of this one only. */
  all(key: string, meeting: string | null): readonly Copy[] {
    const copies = this.#all.get(key) ?? [];
    return this.#forgotten.length === 0 ? copies : copies.filter((copy) => this.#of.get(copy) === meeting);
  }

  /** Those of which the database can know. */
  known(key: string): readonly Copy[] {
    const copies = this.#all.get(key) ?? [];
    return this.#forgotten.length === 0 ? copies : copies.filter(({ at }) => !this.#forgotten.some(({ from, to }) => at > from && at <= to));
  }

  /** `meeting`: what it is about, where it tells of one. */
  add(copy: Copy, meeting: string | null): void {
    const { key } = copy;
    this.#of.set(copy, meeting);
    const known = this.#all.get(key);
    if (known) known.push(copy);
    else this.#all.set(key, [copy]);
    const copies = this.known(key);
    if (copies.length === 1) return;
    const { broke } = this.#sight;
    if (copies.length > 2) broke('duplicated', `${key}: ${copies.length} copies`);
    // Asked about the first copy, its provider would have said that it has it.
    const findable = copies.slice(0, -1).every((one) => this.#findable.has(one.channel));
    if (findable && !this.unsaid.has(key)) broke('truth-ignored', `${key}: a second copy (${copies.map((one) => one.channel).join(', ')})`);
    if (copies.length === 2 && !copies.some((one) => one.marked)) broke('duplicated', `${key}: a second copy that does not say so`);
  }

  /** The database was put back to how it was then. Answers what people got since, by the keys of all that was said (`linesOf` a message), and when first. */
  forget(since: number, linesOf: (key: string) => readonly string[]): Map<string, number> {
    this.#forgotten.push({ from: since, to: this.#sight.scheduler.now });
    const left = new Map<string, number>();
    for (const [key, copies] of this.#all) {
      const first = copies.find(({ at }) => at > since);
      if (first) for (const told of [key, ...linesOf(key)]) left.set(told, Math.min(first.at, left.get(told) ?? Infinity));
    }
    return left;
  }
}
