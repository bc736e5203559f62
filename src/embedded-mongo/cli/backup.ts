import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Storage } from '../store/storage.js';
import { say, tool } from './common.js';

/** `npm run db:backup -- --data DIR --to FOLDER`: a consistent copy, also while the database is in use. */
tool(async () => {
  const { values } = parseArgs({ options: { data: { type: 'string', default: 'data/db' }, to: { type: 'string' } } });
  if (values.to === undefined) throw new Error('usage: db:backup -- --data DIR --to FOLDER');
  const target = resolve(values.to);
  if (existsSync(target) && readdirSync(target).length > 0) throw new Error(`${target} is not empty`);
  const storage = Storage.openReadOnly(resolve(values.data));
  try {
    await storage.backup(target);
  } finally {
    await storage.close();
  }
  say(`copied ${resolve(values.data)} to ${target}`);
});
