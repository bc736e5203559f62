const EMPTY = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source', 'track', 'wbr']);
/** May be left open: the next of its kind ends it. */
const OPTIONAL = new Set(['p', 'li', 'dt', 'dd', 'td', 'th', 'tr', 'option']);

/**
 * Whether tags stand deeper within one another than `limit`. One pass, without a parser: tags in comments and attributes
 * count too, so the answer is a guess, which is why the length of the page needs a limit of its own.
 */
export function isDeep(html: string, limit: number): boolean {
  const open: string[] = [];
  for (const [, end, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9:]{0,20})/gi)) {
    const tag = name.toLowerCase();
    if (EMPTY.has(tag)) continue;
    if (end) {
      const at = open.lastIndexOf(tag);
      if (at >= 0) open.length = at;
    } else if (!(OPTIONAL.has(tag) && open.at(-1) === tag) && open.push(tag) > limit) return true;
  }
  return false;
}
