// Compiles to dist/ and copies what the compiler leaves behind: data, page assets, and the back office's screens as sources
// (AdminJS bundles them itself).
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

rmSync('dist', { recursive: true, force: true });
const run = (command, args) => {
  const { status } = spawnSync(process.execPath, [command, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};
run('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.build.json']);

const copied = /\.(json|html|css|js|mjs|svg|png|woff2)$/;
for (const top of ['src', 'bots', 'admin']) {
  for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isScreen = path.startsWith(join('admin', 'components')) && /\.(tsx?|jsx?)$/.test(entry.name);
    if (entry.isFile() && (copied.test(entry.name) || isScreen)) cpSync(path, join('dist', path));
  }
}
if (existsSync('scripts/bundle-admin.mjs')) run('scripts/bundle-admin.mjs', []);
