import { parentPort, workerData } from 'node:worker_threads';
import { runServer, type ServerOptions } from './server.js';

/** What the main thread asks of the worker. */
export type WorkerRequest = { id: number; kind: 'stop' } | { id: number; kind: 'backup'; path: string };

/** What the worker tells the main thread. */
export type WorkerMessage =
  | { kind: 'ready'; port: number }
  | { kind: 'failed'; name: string; message: string }
  | { kind: 'log'; line: string }
  | { kind: 'done'; id: number; error?: string };

const port = parentPort;
if (port === null) throw new Error('worker.ts runs in a worker thread only');

const say = (message: WorkerMessage): void => port.postMessage(message);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

try {
  const server = await runServer({ ...(workerData as Omit<ServerOptions, 'log'>), log: (line) => say({ kind: 'log', line }) });
  port.on('message', (request: WorkerRequest) => {
    const work = request.kind === 'stop' ? server.stop() : server.backup(request.path);
    work.then(
      () => {
        say({ kind: 'done', id: request.id });
        if (request.kind === 'stop') port.close();
      },
      (error: unknown) => say({ kind: 'done', id: request.id, error: messageOf(error) }),
    );
  });
  say({ kind: 'ready', port: server.port });
} catch (error) {
  say({ kind: 'failed', name: error instanceof Error ? error.name : 'Error', message: messageOf(error) });
  port.close();
}
