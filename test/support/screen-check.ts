import type { Page } from 'playwright-core';

/**
 * What somebody with poor eyes, a keyboard or a small phone would stumble over on the screen now shown, one line each:
 * controls without a name, labels without a control, ids used twice, text below 4.5:1 (WCAG AA), anything cut off or wider
 * than the screen, a page whose encoding the browser had to guess.
 */
export const stumblingBlocks = (page: Page): Promise<string[]> => page.evaluate(CHECK) as Promise<string[]>;

/** Buttons, links and fields in sight with something lying over their middle, one line each. */
export const coveredControls = (page: Page): Promise<string[]> => page.evaluate(COVERED) as Promise<string[]>;

const COVERED = `[...document.querySelectorAll('button,a[href],input,select,textarea')].flatMap((e) => {
  const r = e.getBoundingClientRect();
  const [x, y] = [r.left + r.width / 2, r.top + r.height / 2];
  if (r.width < 2 || r.height < 2 || x < 0 || y < 0 || x >= innerWidth || y >= innerHeight || getComputedStyle(e).visibility === 'hidden') return [];
  const top = document.elementFromPoint(x, y);
  // What has scrolled below the bars at the top is out of sight.
  const box = e.closest('[data-css=app-content]')?.parentElement?.getBoundingClientRect();
  const content = document.querySelector('.nv-page')?.parentElement?.getBoundingClientRect();
  if (e.closest('.nv-page') && content && y < Math.max(content.top, box?.top ?? 0)) return [];
  return !top || e.contains(top) || top.contains(e) || (e.labels && [...e.labels].some((l) => l.contains(top))) ? [] : [e.outerHTML.slice(0, 80) + ' under ' + top.outerHTML.slice(0, 80)];
})`;

/** Runs in the page, as text: the test's own compiler must not touch it. */
const CHECK = `(() => {
  const found = new Set();
  const shown = (e) => { const r = e.getBoundingClientRect(); const s = getComputedStyle(e); return r.width > 1 && r.height > 1 && s.visibility !== 'hidden' && s.display !== 'none' && s.opacity !== '0'; };
  const short = (e) => e.outerHTML.slice(0, 110);
  if (document.characterSet !== 'UTF-8') found.add('encoding ' + document.characterSet);
  for (const e of document.querySelectorAll('input:not([type=hidden]),select,textarea')) {
    const named = [...(e.labels ?? [])].some((l) => l.textContent.trim()) || e.getAttribute('aria-label');
    if (shown(e) && !named) found.add('no name: ' + short(e));
  }
  for (const e of document.querySelectorAll('button,a[href]')) {
    if (shown(e) && !e.textContent.trim() && !e.getAttribute('aria-label')) found.add('no name: ' + short(e));
  }
  for (const e of document.querySelectorAll('label')) if (shown(e) && !e.control) found.add('label of nothing: ' + e.textContent);
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.add('id twice: ' + id);
  const rgb = (s) => (/rgba?\\(([^)]+)\\)/.exec(s)?.[1] ?? '0,0,0').split(',').map(Number);
  const light = (c) => { const f = (x) => { x /= 255; return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; }; return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
  const ground = (e) => { for (let x = e; x; x = x.parentElement) { const c = rgb(getComputedStyle(x).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    const words = walk.currentNode.textContent.trim();
    if (!words || !e || !shown(e) || e.closest('script,style,svg,option,:disabled')) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(rgb(style.color)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.add('contrast ' + ratio.toFixed(2) + ': ' + words.slice(0, 40) + ' ' + style.color);
    if (parseFloat(style.fontSize) < 13 && !e.closest('[aria-hidden=true]')) found.add('small print ' + style.fontSize + ': ' + words.slice(0, 40));
  }
  if (document.documentElement.scrollWidth > window.innerWidth) found.add('the page scrolls sideways');
  const box = document.querySelector('[data-css=app-content]');
  if (box && box.scrollWidth > box.clientWidth + 1) found.add('the content scrolls sideways');
  for (const e of document.querySelectorAll('.nv-frame')) if (e.scrollWidth > e.clientWidth + 1) found.add('a table is wider than its card by ' + (e.scrollWidth - e.clientWidth));
  for (const e of document.querySelectorAll('.nv-card,.nv-head,.nv-filters,.nv-topbar,.nv-button,td,dd,h1,h2,li')) {
    const { overflowX, display } = getComputedStyle(e);
    if (shown(e) && e.scrollWidth > e.clientWidth + 2 && overflowX !== 'auto' && display !== 'inline') found.add('cut off: ' + e.tagName + ' ' + e.textContent.slice(0, 60));
  }
  return [...found];
})()`;
