import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';

const FONT = '@fontsource/be-vietnam-pro/files/be-vietnam-pro';
const subsets = ['vietnamese', 'latin-ext', 'latin'] as const;
const weights = [400, 600] as const;

/** The page, its script, style and font, all from this machine, read once. */
export function registerAssets(http: FastifyInstance): void {
  const own = (name: string): Buffer => readFileSync(new URL(`page/${name}`, import.meta.url));
  const serve = (path: string, type: string, body: Buffer): void => void http.get(path, async (_request, reply) => reply.type(type).header('cache-control', 'no-cache').send(body));
  serve('/simulator', 'text/html; charset=utf-8', own('index.html'));
  serve('/simulator/mail', 'text/html; charset=utf-8', own('mail.html'));
  serve('/simulator/mail.css', 'text/css; charset=utf-8', own('mail.css'));
  for (const name of ['dom.js', 'phone.js', 'simulator.js', 'mailbox.js', 'letter.js']) serve(`/simulator/${name}`, 'text/javascript; charset=utf-8', own(name));
  serve('/simulator/simulator.css', 'text/css; charset=utf-8', Buffer.concat([Buffer.from(fontFaces()), own('simulator.css')]));
  const find = createRequire(import.meta.url);
  for (const file of fontFiles()) serve(`/simulator/font/${file}`, 'font/woff2', readFileSync(find.resolve(`${FONT}-${file}`)));
}

const fontFiles = (): string[] => subsets.flatMap((subset) => weights.map((weight) => `${subset}-${weight}-normal.woff2`));

/** Unicode ranges as the font's own style sheet gives them. */
const ranges: Record<(typeof subsets)[number], string> = {
  vietnamese: 'U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB',
  'latin-ext': 'U+0100-02BA,U+1E00-1E9F,U+20A0-20AA,U+20AC-20C0,U+2C60-2C7F,U+A720-A7FF',
  latin: 'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+FEFF,U+FFFD',
};

const fontFaces = (): string =>
  subsets
    .flatMap((subset) => weights.map((weight) => `@font-face{font-family:'Be Vietnam Pro';font-weight:${weight};font-display:swap;src:url(font/${subset}-${weight}-normal.woff2) format('woff2');unicode-range:${ranges[subset]}}`))
    .join('\n')
    .replaceAll('url(font/', 'url(/simulator/font/');
