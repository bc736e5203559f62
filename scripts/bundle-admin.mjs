// Bundles the back office's screens ahead of time, so that `npm start` finds them ready: run after tsc, from the project's folder.
// Both the built screens (dist/) and the sources are looked for; the file's name carries a hash of what it was made of.
import { existsSync } from 'node:fs';

const built = new URL('../dist/admin/bundle.js', import.meta.url);
if (!existsSync(built)) {
  console.error('dist/admin/bundle.js is missing: run tsc first.');
  process.exit(1);
}
const { componentsBundle } = await import(built);
const script = await componentsBundle('.adminjs');
console.log(`Back office screens bundled: ${Math.round(script.length / 1024)} KB in .adminjs/`);
