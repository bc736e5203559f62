/** The server's only clock: $$NOW, $currentDate, TTL and lifetimes read it, so that tests can move it. */
export const clock = {
  /** Milliseconds since 1970. */
  now(): number {
    return Date.now();
  },
  /** The current instant as a date. */
  date(): Date {
    return new Date(clock.now());
  },
};
