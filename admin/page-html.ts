import type { Random } from '../src/kernel/random.js';
import type { Assets } from './assets.js';

/** No other host, no inline script without the page's own nonce. Inline styles are how AdminJS paints. */
export const contentPolicy = (nonce?: string): string =>
  [
    "default-src 'self'",
    nonce ? `script-src 'self' 'nonce-${nonce}'` : "script-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * AdminJS's page made ours: fonts from here instead of Google, fingerprinted assets, the state escaped (it is inlined
 * as bare JSON, so a name with `</script>` would run), and a nonce on each script the template wrote itself.
 */
export function dressPage(html: string, { assets, random, demo }: { assets: Assets; random: Random; demo: boolean }): { html: string; nonce: string } {
  const nonce = Buffer.from(random.bytes(16)).toString('base64');
  const banner = demo ? '<div class="nv-demo" role="note">DỮ LIỆU MINH HỌA</div>' : '';
  const dressed = escapeState(html)
    .replace(/<link rel="stylesheet" href="https:\/\/fonts\.googleapis\.com[^>]*>/g, '<link rel="icon" href="/admin/static/icon.svg" type="image/svg+xml">')
    .replace(/(src="\/admin\/frontend\/assets\/)([\w.-]+)"/g, (_all, start: string, name: string) => `${start}${name}${assets.version(name)}"`)
    .replace(/<script>/g, `<script nonce="${nonce}">`)
    // Last in the head, after AdminJS's own reset.
    .replace('</head>', `<link rel="stylesheet" href="/admin/static/admin.css${assets.version('admin.css')}"></head>`)
    .replace('<body>', `<body class="${demo ? 'nv-app nv-with-banner' : 'nv-app'}">${banner}`);
  return { html: dressed, nonce };
}

/** The state ends at the first real line break before `window.THEME`: JSON text itself holds none. */
function escapeState(html: string): string {
  const parts = /^([^]*?window\.REDUX_STATE = )([^\n]*)(;\n[^]*)$/.exec(html);
  // Rather no page than one whose state could run as a script.
  if (!parts) throw new Error('AdminJS changed its page: the state was not found');
  return `${parts[1]}${(parts[2] ?? '').replace(/</g, '\\u003c')}${parts[3]}`;
}
