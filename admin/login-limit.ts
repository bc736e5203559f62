import type { Clock } from '../src/kernel/clock.js';

const WINDOW_MS = 15 * 60_000;
const MOST_KEYS = 10_000;

/**
 * Counts failed logins per key (address + e-mail: an office shares one address behind its router) within 15 minutes.
 * In memory, per process; the lock of the account itself is in the database.
 */
export function createLoginLimit(clock: Clock, most = 10): { blocked(key: string): boolean; failed(key: string): void; passed(key: string): void } {
  const failures = new Map<string, { count: number; since: number }>();
  const live = (key: string) => {
    const entry = failures.get(key);
    return entry && clock.now().getTime() - entry.since < WINDOW_MS ? entry : undefined;
  };
  return {
    blocked: (key) => (live(key)?.count ?? 0) >= most,
    failed: (key) => {
      const entry = live(key) ?? { count: 0, since: clock.now().getTime() };
      failures.delete(key);
      failures.set(key, { ...entry, count: entry.count + 1 });
      const oldest = failures.keys().next().value;
      if (failures.size > MOST_KEYS && oldest !== undefined) failures.delete(oldest);
    },
    passed: (key) => void failures.delete(key),
  };
}
