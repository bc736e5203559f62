import { Cursors } from './engine/cursors.js';
import { clock } from './engine/now.js';
import { hasExpiry, sweepExpired } from './engine/ttl.js';
import { Dispatcher } from './commands/dispatch.js';
import { Store } from './store/store.js';
import { Listener } from './wire/listener.js';

/** Options of a server in this thread. */
export interface ServerOptions {
  dir: string;
  port: number;
  sync: boolean;
  /** The folder's last owner did not stop cleanly. */
  crashed: boolean;
  ttlIntervalMs: number;
  log?: (line: string) => void;
}

/** A running server in this thread. The folder's lock is the caller's business. */
export interface RunningServer {
  port: number;
  backup(path: string): Promise<void>;
  stop(): Promise<void>;
}

/** Opens the folder and listens on loopback. */
export async function runServer(options: ServerOptions): Promise<RunningServer> {
  const store = await Store.open(options.dir, { sync: options.sync, crashed: options.crashed });
  const facts = { dir: options.dir, startedAt: clock.now(), connections: (): number => listener.connections };
  const dispatcher: Dispatcher = new Dispatcher(store, new Cursors(), facts, options.log);
  const listener: Listener = new Listener({
    port: options.port, log: options.log, handle: (request, connection) => dispatcher.handle(request, connection),
  });
  const sweeper = setInterval(() => {
    if (hasExpiry(store)) void dispatcher.background(() => void sweepExpired(store));
  }, options.ttlIntervalMs);
  try {
    const port = await listener.listen();
    return {
      port,
      backup: (path) => store.storage.backup(path),
      async stop() {
        clearInterval(sweeper);
        await listener.close();
        // What was accepted before is in the queue: let it commit.
        await dispatcher.background(() => undefined);
        await store.storage.close();
      },
    };
  } catch (error) {
    clearInterval(sweeper);
    await store.storage.close();
    throw error;
  }
}
