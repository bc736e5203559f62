interface Span {
  from: number;
  to: number;
}

/** A process that ran for less than this between two moments decided on what it saw before the first. */
const RAN_MS = 2_000;
/** Nothing that is asked for lies further back. */
const KEPT_MS = 30 * 60_000;

/** When processes stood still: what one of them does right after may follow from what it saw long before. */
export class Stills {
  readonly #spans = new Map<string, Span[]>();

  /** This process stands still from now on until then. */
  stands(name: string, from: number, to: number): void {
    const spans = (this.#spans.get(name) ?? []).filter((span) => span.to > from - KEPT_MS);
    this.#spans.set(name, [...spans, { from, to }]);
  }

  /** Did some process stand still nearly all the while? `ranMs`: so long it may have run in between. */
  anyAllOf(from: number, to: number, ranMs = RAN_MS): boolean {
    for (const spans of this.#spans.values()) {
      const still = spans.reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0);
      if (still >= to - from - ranMs) return true;
    }
    return false;
  }
}
