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
const FONT = "'Be Vietnam Pro',-apple-system,'Segoe UI',Roboto,Arial,sans-serif";

/** The leading mark of the first line decides the band on top; red only for hỏa tốc and quá hạn. */
const bands: readonly [mark: string, colour: string][] = [['🔴', '#c8102e'], ['⚠️', '#c8102e'], ['🟠', '#b26a00'], ['✅', '#1a7f4b']];

/** For text and for attribute values in double quotes; characters that no mail may carry are left out. */
export const escapeHtml = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- exactly those are meant
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;');

/**
 * The page: tables and inline styles only, as Outlook draws with Word; one column that gets narrower on a phone; no image, no
 * script, nothing fetched from anywhere.
 */
export function htmlOf({ subject, lines, links, footer }: HtmlMail): string {
  const [heading = '', ...rest] = lines;
  const band = bands.find(([mark]) => heading.startsWith(mark))?.[1] ?? colours.accent;
  return [
    `<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(subject)}</title></head>`,
    `<body style="margin:0;padding:0;background:${colours.ground}">`,
    `<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(rest[0] ?? '')}</div>`,
    `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${colours.ground}"><tr><td align="center" style="padding:16px 8px">`,
    `<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" bgcolor="${colours.card}" style="width:100%;max-width:600px;border:1px solid ${colours.line};border-top:4px solid ${band}">`,
    `<tr><td style="padding:20px 24px 4px;font-family:${FONT};font-size:17px;line-height:1.4;font-weight:600;color:${colours.ink}">${escapeHtml(heading)}</td></tr>`,
    `<tr><td style="padding:4px 24px 12px;font-family:${FONT};font-size:15px;line-height:1.5;color:${colours.ink}">${rest.map(paragraph).join('')}</td></tr>`,
    ...(links.length > 0 ? [`<tr><td style="padding:4px 24px 16px">${links.map(button).join('')}</td></tr>`] : []),
    `<tr><td style="padding:12px 24px 16px;border-top:1px solid ${colours.line};font-family:${FONT};font-size:13px;line-height:1.5;color:${colours.muted}">${footer.map(escapeHtml).join('<br>')}</td></tr>`,
    '</table></td></tr></table></body></html>',
  ].join('\n');
}

const paragraph = (line: string): string =>
  line.trim() === '' ? '<p style="margin:0 0 8px">&nbsp;</p>' : `<p style="margin:0 0 8px;${line.startsWith('- ') ? 'padding-left:12px;' : ''}overflow-wrap:anywhere">${escapeHtml(line)}</p>`;

/** A table of its own: Outlook gives padding and ground to cells, not to links. Several stand one under the other where they do not fit. */
const button = ({ label, href }: Link, index: number): string => {
  const [ground, ink] = index === 0 ? [colours.accent, colours.card] : [colours.card, colours.accent];
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" align="left" style="margin:4px 8px 4px 0"><tr><td bgcolor="${ground}" style="border:1px solid ${colours.accent};border-radius:4px"><a href="${escapeHtml(href)}" style="display:inline-block;padding:9px 16px;font-family:${FONT};font-size:15px;line-height:1.3;color:${ink};text-decoration:none">${escapeHtml(label)}</a></td></tr></table>`;
};
