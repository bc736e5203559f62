// `npm start` from a fresh clone builds first; afterwards it starts at once. `npm run build` after an update.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('dist/src/main.js')) {
  process.stdout.write('First start: building (about a minute)…\n');
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  process.exit(status ?? 1);
}
