/** The only source of the present moment. Everything else asks `ctx.clock.now()`. */
export interface Clock {
  /** The present instant (UTC inside the Date, as always in JavaScript). */
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** Monotonic milliseconds for measuring spans; never for dates. */
export const monotonicMs = (): number => performance.now();
