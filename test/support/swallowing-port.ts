import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

const LISTEN_AND_SLEEP = `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  require('fs').writeSync(1, String(s.address().port));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/**
 * A port of this machine that keeps silent to whoever connects, as a blocked line does: its process sleeps and its queue of
 * connections is full. Only Linux drops what comes then; others refuse it.
 */
export async function swallowingPort(): Promise<{ port: number; close(): void }> {
  const child = spawn(process.execPath, ['-e', LISTEN_AND_SLEEP], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(printed);
  const queue = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.race(queue.map((end) => once(end, 'connect')));
  return {
    port,
    close: () => {
      queue.forEach((end) => end.destroy());
      child.kill('SIGKILL');
    },
  };
}
