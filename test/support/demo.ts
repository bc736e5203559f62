import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo, type Demo } from '../../src/demo/start-demo.js';
import { testUri } from './test-ctx.js';

/** The whole demo, as `npm run demo` starts it, on a database of its own; everything in it runs by itself. */
export async function openDemo(): Promise<Demo & { close(): Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'nhac-viec-demo-'));
  const demo = await startDemo({ host: '127.0.0.1', port: 0, dir, logLevel: 'silent', say: () => {}, db: { uri: testUri(), name: `demo_${randomUUID().slice(0, 8)}` } });
  return {
    ...demo,
    close: async () => {
      await demo.app.ctx.db.conn.dropDatabase();
      await demo.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
