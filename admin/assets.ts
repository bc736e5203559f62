import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fontFaces, icon, styles } from './style.js';

const require = createRequire(import.meta.url);
/** gzip, off the main thread. */
export const zip = promisify(gzip);

export const acceptsGzip = (request: FastifyRequest): boolean => /\bgzip\b/.test(String(request.headers['accept-encoding']));

/** A file for the browser, kept in memory with its fingerprint. */
interface Asset {
  body: Buffer;
  type: string;
  version: string;
  gzipped?: Promise<Buffer>;
}

/** Where the packages keep what the page loads; always their production builds (8 MB smaller than the others). */
const adminjsScripts = join(dirname(require.resolve('adminjs')), 'lib/frontend/assets/scripts');
const designSystem = join(dirname(require.resolve('@adminjs/design-system')), '..');
const fontFiles = join(dirname(require.resolve('@fontsource/be-vietnam-pro/package.json')), 'files');

export interface Assets {
  /** Answers with the asset of that name, compressed, cacheable for ever under its version; 404 for other names. */
  send(name: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
  /** "?v=<fingerprint>" for the asset's address, or nothing for an unknown one. */
  version(name: string): string;
}

/** Scripts of AdminJS and ours, the style sheet, the fonts. Nothing comes from another host. */
export function createAssets(components: string): Assets {
  const made: Record<string, () => [body: string | Buffer, type: string]> = {
    'global.bundle.js': () => [readFileSync(join(adminjsScripts, 'global-bundle.production.js')), 'text/javascript'],
    'app.bundle.js': () => [readFileSync(join(adminjsScripts, 'app-bundle.production.js')), 'text/javascript'],
    'design-system.bundle.js': () => [readFileSync(join(designSystem, 'bundle.production.js')), 'text/javascript'],
    'components.bundle.js': () => [components, 'text/javascript'],
    'admin.css': () => [fontFaces() + styles, 'text/css'],
    'icon.svg': () => [icon, 'image/svg+xml'],
  };
  const loaded = new Map<string, Asset>();
  const find = (name: string): Asset | undefined => {
    const known = loaded.get(name);
    if (known) return known;
    const font = /^be-vietnam-pro-(?:latin|latin-ext|vietnamese)-[4-7]00-normal\.woff2$/.test(name);
    const make = font ? (): [Buffer, string] => [readFileSync(join(fontFiles, name)), 'font/woff2'] : Object.hasOwn(made, name) ? made[name] : undefined;
    if (!make) return undefined;
    const [content, type] = make();
    const body = Buffer.from(content);
    const asset = { body, type, version: createHash('sha256').update(body).digest('hex').slice(0, 12) };
    loaded.set(name, asset);
    return asset;
  };
  return {
    version: (name) => (find(name) ? `?v=${find(name)?.version}` : ''),
    send: async (name, request, reply) => {
      const asset = find(name);
      if (!asset) return reply.code(404).type('text/plain').send('');
      const tag = `"${asset.version}"`;
      const forEver = (request.query as { v?: unknown } | undefined)?.v === asset.version || asset.type === 'font/woff2';
      void reply.header('etag', tag).header('vary', 'accept-encoding').header('cache-control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache');
      if (request.headers['if-none-match'] === tag) return reply.code(304).send();
      void reply.type(asset.type === 'font/woff2' ? asset.type : `${asset.type}; charset=utf-8`);
      if (asset.type === 'font/woff2' || !acceptsGzip(request)) return reply.send(asset.body);
      asset.gzipped ??= zip(asset.body);
      return reply.header('content-encoding', 'gzip').send(await asset.gzipped);
    },
  };
}
