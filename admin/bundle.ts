import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** Packages the page already has as global variables: AdminJS loads them before our screens. */
const GLOBALS: Readonly<Record<string, string>> = {
  adminjs: 'AdminJS',
  react: 'React',
  'react-dom': 'ReactDOM',
  'react-redux': 'ReactRedux',
  'react-router': 'ReactRouter',
  'react-router-dom': 'ReactRouterDOM',
};

const here = import.meta.dirname;
/** Everything the screens are made of; the file names differ between sources (.tsx) and the build (.js). */
const SOURCES = ['components', 'locale', 'look.ts', 'look.js', '../src/kernel/fold.ts', '../src/kernel/fold.js'];

/**
 * The screens as one script for the browser. AdminJS's own bundler needs 7 to 13 seconds and serves errors meanwhile;
 * esbuild does it in well under one. Kept in `<dir>` under a hash of the sources: a build that ships the file
 * (`npm run build` writes it) never bundles again, and a read-only folder only means bundling at each start.
 */
export async function componentsBundle(dir = '.adminjs'): Promise<string> {
  const file = join(dir, `components-${sourcesHash()}.js`);
  if (existsSync(file)) return readFile(file, 'utf8');
  const script = await bundle();
  await keep(dir, file, script).catch(() => undefined);
  return script;
}

async function keep(dir: string, file: string, script: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  // Two processes may start at once: each writes its own file and the last rename wins, whole.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, script);
  await rename(draft, file);
}

/** Bundles the screens now. */
export async function bundle(): Promise<string> {
  const { build } = await import('esbuild');
  const entry = ['tsx', 'js'].map((ending) => join(here, 'components', `entry.${ending}`)).find(existsSync);
  if (!entry) throw new Error('admin/components/entry is missing');
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2020',
    jsx: 'automatic',
    charset: 'utf8',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [fromGlobals],
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}

const fromGlobals: Plugin = {
  name: 'from-globals',
  setup(build) {
    build.onResolve({ filter: /^[a-z-]+$/ }, ({ path }) => (GLOBALS[path] ? { path, namespace: 'global' } : undefined));
    build.onLoad({ filter: /.*/, namespace: 'global' }, ({ path }) => ({ contents: `module.exports = window.${GLOBALS[path]};` }));
  },
};

function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const name of SOURCES) {
    const path = join(here, name);
    if (!existsSync(path)) continue;
    const files = /\.[tj]s$/.test(name) ? [path] : readdirSync(path).filter((file) => /\.(tsx?|js)$/.test(file)).sort().map((file) => join(path, file));
    for (const file of files) hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}
