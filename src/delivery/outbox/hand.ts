/** The work a run has under way. */
export class Hand {
  readonly #open = new Set<Promise<void>>();
  /** Pieces of work that ended since somebody last looked. */
  landed = 0;
  #tell: (() => void) | null = null;

  get size(): number {
    return this.#open.size;
  }

  take(work: Promise<void>): void {
    const piece = work.finally(() => {
      this.#open.delete(piece);
      this.landed++;
      this.#tell?.();
    });
    this.#open.add(piece);
  }

  /** Resolves when `enough` holds after a piece ended, when nothing is under way any more, or with `news`. */
  async until(enough: () => boolean, news: readonly Promise<void>[]): Promise<void> {
    if (this.size === 0 || enough()) return;
    const landing = new Promise<void>((resolve) => {
      this.#tell = () => {
        if (this.size === 0 || enough()) resolve();
      };
    });
    await Promise.race([landing, ...news]);
    this.#tell = null;
  }

  /** Resolves when nothing is under way. */
  async empty(): Promise<void> {
    await Promise.all(this.#open);
  }
}
