import { describe, expect, test } from 'vitest';
import { composed, letters } from '../support/mail-samples.js';

/** What mail programs do not draw, do not load, or take away: Outlook draws with Word, Gmail cuts at 102 kB and drops style blocks. */
const MAX_BYTES = 100_000;
const FORBIDDEN_TAGS = /<(?:script|iframe|form|input|button|video|audio|object|embed|link|base|img|svg|picture|font|center)\b/i;
const LAYOUT = /(?:display\s*:\s*(?!none|inline-block)|float\s*:|position\s*:|flex|grid|calc\(|var\(|url\(|@import|expression\(|behavior\s*:)/i;

interface Tag {
  name: string;
  attributes: Readonly<Record<string, string>>;
}

const tagsIn = (html: string): Tag[] => [...html.matchAll(/<([a-z][a-z0-9]*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>/gi)].map(([, name = '', list = '']) => tag(name, list));
const tag = (name: string, list: string): Tag => ({ name: name.toLowerCase(), attributes: Object.fromEntries([...list.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])) });
const styleOf = ({ attributes }: Tag, property: string): string | undefined => new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*([^;]+)`).exec(attributes['style'] ?? '')?.[1]?.trim();
const withoutComments = (html: string): string => html.replace(/<!--\[if mso\]>.*?<!\[endif\]-->/gs, '');
const decoded = (text: string): string => text.replace(/&#847;|&zwnj;|&nbsp;/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');

/** Letters and figures in order, without marks and signs. */
const wordsIn = (text: string): string[] => text.normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? [];

function readable(html: string): string {
  const body = withoutComments(html).replace(/^.*?<body[^>]*>/s, '').replace(/<div style="display:none.*?<\/div>/s, '');
  return decoded(body.replace(/<\/?(?:span|b)\b[^>]*>/g, '').replace(/<[^>]*>/g, ' '));
}

const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

interface Seen {
  text: string;
  ratio: number;
  needed: number;
}

/** Every piece of text with the contrast it stands in, walking down the tags; `dark`: with the rules for dark programs. */
function textsIn(html: string, dark: boolean): Seen[] {
  const rules = new Map([...(/<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '').matchAll(/\.([\w-]+)\{([^}]*)\}/g)].map(([, name = '', body = '']) => [name, body.replace(/!important/g, '')]));
  const stack: { name: string; ink: string; ground: string; size: number; bold: boolean }[] = [];
  const seen: Seen[] = [];
  const page = withoutComments(html).replace(/^.*?(?=<body)/s, '').replace(/<div style="display:none.*?<\/div>/s, '');
  for (const [, end, name = '', list = '', text = ''] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)([^>]*)>([^<]*)/gi)) {
    if (end) stack.splice(stack.findLastIndex((one) => one.name === name));
    else if (name !== 'br') {
      const here = tag(name, list);
      const ours = dark ? (here.attributes['class'] ?? '').split(' ').map((one) => rules.get(one) ?? '').join(';') : '';
      const value = (property: string): string | undefined => [...ours.matchAll(new RegExp(`(?:^|;)${property}:([^;]+)`, 'g'))].at(-1)?.[1] ?? styleOf(here, property);
      const last = stack.at(-1) ?? { name: '', ink: '#000000', ground: '#ffffff', size: 16, bold: false };
      stack.push({ name, ink: value('color') ?? last.ink, ground: value('background-color') ?? last.ground, size: Number.parseFloat(value('font-size') ?? String(last.size)), bold: Number(value('font-weight') ?? (last.bold ? 600 : 400)) >= 600 });
    }
    const top = stack.at(-1);
    if (top && decoded(text).trim() !== '') seen.push({ text: text.trim(), ratio: contrast(top.ink, top.ground), needed: top.bold && top.size >= 18.66 ? 3 : 4.5 });
  }
  return seen;
}

describe.each(Object.entries(letters))('a letter: %s', (_what, message) => {
  const { html, text, subject } = composed(message);
  const tags = tagsIn(html);

  test('is a small Vietnamese page of tables that fetches and runs nothing', () => {
    expect(html).toMatch(/^<!doctype html><html lang="vi">/);
    expect(Buffer.byteLength(html)).toBeLessThan(MAX_BYTES);
    expect(html).not.toMatch(FORBIDDEN_TAGS);
    for (const { attributes } of tags) expect(Object.keys(attributes).filter((name) => /^on|^src$|^background$|^id$/i.test(name))).toEqual([]);
    expect(subject).not.toMatch(/\p{Extended_Pictographic}|[\r\n]|\s:/u);
  });

  test('needs no style block: inside it only colours for dark programs, inline nothing Outlook does not draw', () => {
    for (const [, block = ''] of html.matchAll(/<style>(.*?)<\/style>/gs)) {
      expect(block).toMatch(/^@media \(prefers-color-scheme:dark\)\{(?:\.[a-z]+\{[^{}]*\})+\}$/);
      for (const [, property = ''] of block.matchAll(/[{;]([\w-]+):/g)) expect(['color', 'background-color', 'border-color']).toContain(property);
    }
    for (const { attributes } of tags) expect(attributes['style'] ?? '').not.toMatch(LAYOUT);
  });

  test('tables say what they are and how wide; grounds and fonts are told where Outlook looks for them', () => {
    for (const one of tags.filter(({ name }) => name === 'table')) {
      expect(one.attributes).toMatchObject({ role: 'presentation', cellpadding: '0', cellspacing: '0', border: '0' });
      expect(one.attributes['width'] ?? one.attributes['align']).toBeDefined();
    }
    for (const one of tags) {
      const ground = styleOf(one, 'background-color');
      if (ground) expect(one.attributes['bgcolor']).toBe(ground);
    }
    for (const [, cell = ''] of withoutComments(html).matchAll(/<td([^>]*)>(?=[^<\s&])/g)) expect(cell).toContain('font-family');
  });

  test('its tags are closed in order, and its links are whole addresses with a colour of their own', () => {
    const open: string[] = [];
    for (const [, end, name = ''] of withoutComments(html).matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/gi)) {
      if (['meta', 'br'].includes(name)) continue;
      if (end) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
    for (const link of tags.filter(({ name }) => name === 'a')) {
      expect(decoded(link.attributes['href'] ?? '')).toMatch(/^(?:https?:\/\/[^/\s]+|mailto:[^@\s]+@)/);
      expect(styleOf(link, 'color')).toMatch(/^#[0-9a-f]{6}$/);
    }
  });

  test.each([false, true])('can be read by everybody (dark: %s)', (dark) => {
    expect(textsIn(html, dark).filter(({ ratio, needed }) => ratio < needed)).toEqual([]);
  });

  test('says the same as its text, and shows in lists what it is about', () => {
    const labels = (message.buttons ?? []).map(({ label }) => label);
    const footer = text.split('\n-- \n')[1] ?? '';
    const said = wordsIn([message.text, ...labels, footer].join('\n'));
    const shown = wordsIn(readable(html));
    // A heading of its own where the first line is too long for one.
    expect(shown.slice(shown.length - said.length)).toEqual(said);
    expect(shown.length - said.length).toBeLessThanOrEqual(6);
    const preheader = decoded(/<div style="display:none[^>]*>(.*?)<\/div>/s.exec(html)?.[1] ?? '').trim();
    expect(preheader).not.toBe('');
    expect(text).toContain(preheader);
  });
});
