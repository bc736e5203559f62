import { parseArgs } from 'node:util';
import { startEmbedded } from '../index.js';
import { say, tool } from './common.js';

/** `npm run db:serve -- --port N --data DIR`: runs the database alone and prints its connection string. */
tool(async () => {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '27018' }, data: { type: 'string', default: 'data/db' }, 'no-sync': { type: 'boolean' } },
  });
  if (process.env.NODE_ENV === 'production' && process.env.EMBEDDED_MONGO_ALLOW_PRODUCTION !== '1') {
    throw new Error('this server is for demos, tests and first tries; set EMBEDDED_MONGO_ALLOW_PRODUCTION=1 to run it under NODE_ENV=production all the same');
  }
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const server = await startEmbedded({ dir: values.data, port: Number(values.port), sync: values['no-sync'] !== true, inProcess: true, log });
  say(server.uri);
  log(`embedded database in ${values.data}: loopback only, no login, for demos and tests (src/embedded-mongo/README.md)`);
  const stop = (): void => void server.stop().then(() => process.exit(0));
  process.on('SIGINT', stop).on('SIGTERM', stop);
});
