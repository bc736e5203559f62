// `npm start` from a fresh clone or after an update builds first; otherwise it starts at once.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const built = 'dist/src/main.js';
const newest = (folder) => Math.max(...readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
const sources = ['src', 'bots', 'admin'].filter((folder) => existsSync(folder));
const stale = !existsSync(built) || [...sources.map(newest), statSync('package.json').mtimeMs].some((time) => time > statSync(built).mtimeMs);

if (stale && sources.length > 0) {
  process.stdout.write('Building (about half a minute)…\n');
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  process.exit(status ?? 1);
}
