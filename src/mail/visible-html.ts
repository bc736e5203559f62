/** Never shown, or never a parent of anything. */
const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source', 'track', 'wbr']);
/** May be left open: the next of its kind, or the end of what holds it, ends it. */
const OPTIONAL = new Set(['p', 'li', 'dt', 'dd', 'td', 'th', 'tr', 'option']);
const STRUCK = new Set(['s', 'strike', 'del']);
const HIDES = /(?:^|;)(?:display:none|visibility:hidden|mso-hide:all|opacity:0(?:\.0+)?(?=;|!|$)|font-size:0(?:px|pt|em|%)?(?=;|!|$))/;
const STRIKES = /(?:^|;)text-decoration(?:-line)?:[^;]*line-through/;

interface Tag {
  name: string;
  end: boolean;
  /** Where it stands, and where the text behind it begins. */
  from: number;
  to: number;
  attributes: string;
}

/** Is something struck out in this page? Its plain twin, written by a program, shows such words like all others. */
export const hasStruck = (html: string): boolean => tagsOf(html).some((tag) => !tag.end && isStruck(tag));

/**
 * The page without what its reader does not see as said: hidden elements and struck-out words. One pass, linear in its length;
 * styles by class are not looked up. An element left open hides what follows, as a mail program shows it.
 */
export function visibleHtml(html: string): string {
  const kept: string[] = [];
  const open: string[] = [];
  let from = 0;
  /** How deep the hidden element stands; null: shown. */
  let hidden: number | null = null;
  for (const tag of tagsOf(html)) {
    const depth = tag.end ? open.lastIndexOf(tag.name) : open.length;
    if (tag.end) {
      if (depth < 0) continue;
      open.length = depth;
      if (hidden === null || depth > hidden) continue;
      // Its own end, or the end of what holds it.
      from = depth === hidden ? tag.to : tag.from;
      hidden = null;
      continue;
    }
    if (VOID.has(tag.name)) continue;
    if (OPTIONAL.has(tag.name) && open.at(-1) === tag.name) {
      open.pop();
      if (hidden === open.length) {
        from = tag.from;
        hidden = null;
      }
    }
    if (hidden === null && (isHidden(tag) || isStruck(tag))) {
      kept.push(html.slice(from, tag.from), ' ');
      hidden = open.length;
    }
    open.push(tag.name);
  }
  return hidden === null ? kept.join('') + html.slice(from) : kept.join('');
}

const styleOf = ({ attributes }: Tag): string => (/\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(attributes)?.slice(1).find((one) => one !== undefined) ?? '').slice(0, 4_000).replace(/\/\*.*?\*\/|\s/g, '').toLowerCase();
const isHidden = (tag: Tag): boolean => HIDES.test(styleOf(tag)) || /\shidden(?=[\s=/]|$)/i.test(tag.attributes.replace(/"[^"]*"|'[^']*'/g, '""'));
const isStruck = (tag: Tag): boolean => STRUCK.has(tag.name) || STRIKES.test(styleOf(tag));

const NAME = /[a-z][a-z0-9:-]{0,20}/iy;

/** The tags of a page in their order, comments left out; what is not closed before the end is text. */
function tagsOf(html: string): Tag[] {
  const tags: Tag[] = [];
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
    if (html.startsWith('<!--', at)) {
      const close = html.indexOf('-->', at + 4);
      if (close < 0) break;
      at = close + 3;
      continue;
    }
    const end = html[at + 1] === '/';
    NAME.lastIndex = at + (end ? 2 : 1);
    const name = NAME.exec(html)?.[0].toLowerCase();
    if (!name) {
      at += 1;
      continue;
    }
    const to = endOfTag(html, NAME.lastIndex);
    if (to < 0) break;
    tags.push({ name, end, from: at, to, attributes: html.slice(NAME.lastIndex, to - 1) });
    at = to;
  }
  return tags;
}

/** Behind the ">" that ends a tag; one inside quotes does not. -1: none does. */
function endOfTag(html: string, from: number): number {
  let quote = '';
  for (let i = from; i < html.length; i++) {
    const char = html.charAt(i);
    if (quote) quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return i + 1;
  }
  return -1;
}
