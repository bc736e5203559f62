const nameIn = (value: unknown): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : '');

/**
 * True where an answer names somebody, or some request, other than the one asked about: a cache or a connection that is off by
 * one has given us another's answer, and nobody knows what came of ours. An answer that names nothing says nothing.
 */
export const namesAnother = (said: unknown, ours: string): boolean => nameIn(said) !== '' && nameIn(said) !== ours;

/** Code of such an answer, and of one that was given before. */
export const ANOTHERS_ANSWER = 'anothers-answer';

/** Ids a channel remembers; a shared cache that gives out old answers does so within minutes. */
const REMEMBERED = 2_000;

/** The ids a provider gave to messages of this process: one that comes a second time, for another message, is an old answer given again. */
export class GivenIds {
  readonly #keys = new Map<string, string>();

  /** `key`: the delivery the answer is for; asking again for the same one is no repeat of an answer. */
  givenToAnother(id: string, key: string): boolean {
    const before = this.#keys.get(id);
    if (before !== undefined) return before !== key;
    this.#keys.set(id, key);
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= REMEMBERED) break;
      this.#keys.delete(oldest);
    }
    return false;
  }
}
