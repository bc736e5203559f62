import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { restoreDatabase } from '../index.js';
import { say, tool } from './common.js';

/** Puts a backup into a new, empty folder and checks that it opens; the house's own command (src/cli/restore.ts) also holds sending. */
tool(async () => {
  const { values } = parseArgs({ options: { data: { type: 'string', default: 'data/db' }, from: { type: 'string' } } });
  if (values.from === undefined) throw new Error('usage: restore --from FOLDER --data DIR');
  const target = resolve(values.data);
  await restoreDatabase(resolve(values.from), target);
  say(`restored ${resolve(values.from)} to ${target}`);
});
