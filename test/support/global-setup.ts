import { startTestServer } from './db.js';

/** One database server for the whole run; every test file opens databases of its own on it. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startTestServer();
  process.env['NV_TEST_DB'] = server.uri;
  process.stdout.write(`Database for this run: ${server.kind}\n`);
  return () => server.stop();
}
