/** The only source of the present moment. Everything else asks `ctx.clock.now()`. */
export interface Clock {
  /** The present instant (UTC inside the Date, as always in JavaScript). */
  now(): Date;
  /** Of a clock that follows another one: looks at it again if the last look was long ago. */
  sync?(): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** Monotonic milliseconds for measuring spans; never for dates. */
export const monotonicMs = (): number => performance.now();
