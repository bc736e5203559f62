import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../index.js';
import { inspectDataFile } from '../store/data-file.js';
import { say, tool } from './common.js';

/** `npm run db:restore -- --from FOLDER --data DIR`: puts a backup into a new, empty folder and checks that it opens. */
tool(async () => {
  const { values } = parseArgs({ options: { data: { type: 'string', default: 'data/db' }, from: { type: 'string' } } });
  if (values.from === undefined) throw new Error('usage: db:restore -- --from FOLDER --data DIR');
  const [source, target] = [join(resolve(values.from), 'data.mdb'), resolve(values.data)];
  if (inspectDataFile(source) === undefined) throw new Error(`there is no backup in ${values.from}`);
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new Error(`${target} is not empty: move it away first, a restore never overwrites`);
  }
  mkdirSync(target, { recursive: true });
  copyFileSync(source, join(target, 'data.mdb'));
  const server = await startEmbedded({ dir: target, inProcess: true });
  await server.stop();
  say(`restored ${resolve(values.from)} to ${target}`);
});
