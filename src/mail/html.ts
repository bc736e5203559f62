import { pageOf, type Item, type Part, type Tone } from './html-parts.js';

/** A button that opens something: a page, or an answer begun in the reader's mail program. */
export interface Link {
  label: string;
  href: string;
}

/** What the page shows; all plain text, escaped here. */
export interface HtmlMail {
  subject: string;
  /** First is the heading. */
  lines: readonly string[];
  links: readonly Link[];
  footer: readonly string[];
}

const colours = { ink: '#1b2733', muted: '#5b6b7a', line: '#dde3ea', ground: '#f6f8fa', card: '#ffffff', accent: '#0b5cad' } as const;
const tones: Readonly<Record<Tone, string>> = { plain: colours.accent, good: '#1a7f4b', warning: '#b26a00', late: '#c8102e' };
/** Amber as small words is too pale on white (4.2 : 1); a shade darker it can be read. */
const inks: Readonly<Record<Tone, string>> = { ...tones, warning: '#8f5500' };
const FONT = "'Be Vietnam Pro',-apple-system,'Segoe UI',Roboto,Arial,sans-serif";

/** Programs that turn pages dark get our dark, not theirs; all others never see these rules, and the page needs none of them. */
const DARK = [
  '.g{background-color:#12171c!important}', '.c{background-color:#1c232a!important}', '.l{background-color:#26303a!important}',
  '.i{color:#e6ebf0!important}', '.m{color:#a9b6c3!important}', '.b{border-color:#36414c!important}', '.a{color:#8fc0f0!important;border-color:#8fc0f0!important}',
  '.warning{color:#f0b35a!important}', '.late{color:#ff8a96!important}', '.plain{color:#8fc0f0!important}',
].join('');

/** For text and for attribute values in double quotes; characters that no mail may carry are left out. */
export const escapeHtml = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- exactly those are meant
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;');

/** Official codes are not broken at their hyphens. */
const shown = (text: string): string => escapeHtml(text).replace(/\b[A-Z]{1,4}-\d{4}-\d{5,7}\b/g, '<span style="white-space:nowrap">$&</span>');

const TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';
/** A size in words of a cell, since programs forget what a table was told. */
const words = (size: number, colour: string, more = ''): string => `font-family:${FONT};font-size:${size}px;line-height:1.5;color:${colour};${more}`;

/**
 * The page: tables, inline styles and attributes only, as Outlook draws with Word; one column of at most 600 pixels that gets
 * narrower on a phone; no image, no script, nothing fetched from anywhere.
 */
export function htmlOf({ subject, lines, links, footer }: HtmlMail): string {
  const { tone, heading, parts } = pageOf(subject, lines);
  return [
    `<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escapeHtml(subject)}</title>`,
    `<style>@media (prefers-color-scheme:dark){${DARK}}</style></head>`,
    `<body class="g" bgcolor="${colours.ground}" style="margin:0;padding:0;background-color:${colours.ground}">`,
    preheader(parts),
    `<table ${TABLE} width="100%" class="g" bgcolor="${colours.ground}"><tr><td align="center" style="padding:16px 8px">`,
    `<!--[if mso]><table ${TABLE} width="600" align="center"><tr><td><![endif]-->`,
    `<table ${TABLE} width="100%" align="center" class="c b" bgcolor="${colours.card}" style="max-width:600px;background-color:${colours.card};border:1px solid ${colours.line}">`,
    `<tr><td bgcolor="${tones[tone]}" style="padding:14px 24px;background-color:${tones[tone]};${words(19, '#ffffff', 'line-height:1.35;font-weight:600;overflow-wrap:anywhere')}">${shown(heading)}</td></tr>`,
    ...parts.map((part, i) => row(part, i, tone)),
    `<tr><td style="padding:${links.length > 0 ? '6px 24px 14px' : '4px 24px'};font-size:1px;line-height:1px">${links.map(button).join('') || '&nbsp;'}</td></tr>`,
    `<tr><td class="m b" style="padding:12px 24px 16px;border-top:1px solid ${colours.line};${words(13, colours.muted)}">${footer.map(escapeHtml).join('<br>')}</td></tr>`,
    '</table>',
    '<!--[if mso]></td></tr></table><![endif]-->',
    '</td></tr></table></body></html>',
  ].join('\n');
}

/** What lists show behind the subject; the fill keeps them from going on with the page. */
function preheader(parts: readonly Part[]): string {
  const [first] = parts;
  const text = first?.kind === 'group' ? first.title : (first?.text ?? '');
  return `<div style="display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;color:${colours.ground}">${escapeHtml(text)}${'&#847;&zwnj;&nbsp;'.repeat(30)}</div>`;
}

function row(part: Part, index: number, tone: Tone): string {
  const top = index === 0 ? 16 : 0;
  if (part.kind === 'group') return group(part, index === 0 ? 16 : 8);
  const text = part.kind === 'address' ? escapeHtml(part.text) : shown(part.text);
  if (part.kind === 'lead') {
    const cell = `<td width="4" bgcolor="${tones[tone]}" style="width:4px;background-color:${tones[tone]};font-size:1px;line-height:1px">&nbsp;</td><td class="l i" bgcolor="${colours.ground}" style="padding:9px 14px;background-color:${colours.ground};${words(16, colours.ink, 'font-weight:600;overflow-wrap:anywhere')}">${text}</td>`;
    return `<tr><td style="padding:16px 24px 12px"><table ${TABLE} width="100%"><tr>${cell}</tr></table></td></tr>`;
  }
  if (part.kind === 'address') return `<tr><td style="padding:${top}px 24px 10px;${words(15, colours.accent)}"><a href="${text}" class="a" style="color:${colours.accent};overflow-wrap:anywhere">${text}</a></td></tr>`;
  const indent = part.kind === 'point' ? 'padding-left:12px;text-indent:-12px;' : '';
  return `<tr><td class="i" style="padding:${top}px 24px 10px;${words(15, colours.ink, 'overflow-wrap:anywhere')}">${indent ? `<div style="${indent}">${text}</div>` : text}</td></tr>`;
}

function group({ title, tone, items }: Extract<Part, { kind: 'group' }>, top: number): string {
  const head = `<tr><td class="${tone}" style="padding:${top}px 24px 4px;${words(13, inks[tone], 'font-weight:600')}">${escapeHtml(title)}</td></tr>`;
  const inside = items.map((item) => `<tr><td width="4" bgcolor="${tones[tone]}" style="width:4px;background-color:${tones[tone]};font-size:1px;line-height:1px">&nbsp;</td>${itemCell(item)}</tr>`).join('');
  return `${head}<tr><td style="padding:0 24px 12px"><table ${TABLE} width="100%">${inside}</table></td></tr>`;
}

const itemCell = ({ code, text, due }: Item): string =>
  `<td class="i b" style="padding:7px 0 7px 12px;border-bottom:1px solid ${colours.line};${words(15, colours.ink, 'overflow-wrap:anywhere')}">${code ? `<b style="font-weight:600">${escapeHtml(code)}</b> · ` : ''}${shown(text)}${due ? `<br><span class="m" style="font-size:13px;color:${colours.muted}">${escapeHtml(due)}</span>` : ''}</td>`;

/** A table of its own: Outlook gives padding and ground to cells, not to links. Several stand one under the other where they do not fit. */
const button = ({ label, href }: Link, index: number): string => {
  const [ground, ink] = index === 0 ? [colours.accent, colours.card] : [colours.card, colours.accent];
  const kind = index === 0 ? '' : ' class="c a"';
  return `<table ${TABLE} align="left" style="margin:4px 8px 4px 0"><tr><td${kind} bgcolor="${ground}" style="border:1px solid ${colours.accent};border-radius:4px;background-color:${ground}"><a href="${escapeHtml(href)}"${index === 0 ? '' : ' class="a"'} style="display:inline-block;padding:10px 18px;font-family:${FONT};font-size:15px;line-height:1.4;color:${ink};text-decoration:none">${escapeHtml(label)}</a></td></tr></table>`;
};
