import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { readConfig, type Config } from '../../src/config.js';
import type { Ctx } from '../../src/context.js';
import { openDb } from '../../src/models.js';
import { chanceOfTest } from './chance.js';
import { TestClock } from './test-clock.js';

/** The database server of this test run (see global-setup.ts). */
export const testUri = (): string => {
  const uri = process.env['NV_TEST_DB'];
  if (!uri) throw new Error('NV_TEST_DB is not set: run through vitest with test/support/global-setup.ts');
  return uri;
};

/** A context on a database of its own, with a clock the test moves; for stories below the level of the whole app. */
export async function testCtx(start = '2026-11-20T01:00:00Z', env: Record<string, string> = {}): Promise<{ ctx: Ctx; clock: TestClock; close(): Promise<void> }> {
  const clock = new TestClock(start);
  const db = await openDb(testUri(), `nv_${randomUUID().slice(0, 8)}`);
  const config: Config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...env });
  const ctx: Ctx = { db, clock, random: chanceOfTest(), log: pino({ level: config.LOG_LEVEL }), config, cause: 'test', wake: () => {} };
  return {
    ctx,
    clock,
    close: async () => {
      await db.conn.dropDatabase();
      await db.conn.close();
    },
  };
}
