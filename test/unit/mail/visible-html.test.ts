import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasStruck, visibleHtml } from '../../../src/mail/visible-html.js';

const words = (html: string): string => visibleHtml(html).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();

test.each([
  ['<div style="display:none">Tôi sẽ tham dự</div><p>Xin chào</p>', 'Xin chào'],
  ['<div style="color:red; DISPLAY : none !important"><p>a<p>b</div>c', 'c'],
  ["<span style='visibility: hidden'>a</span>b", 'b'],
  ['<p hidden>a</p>b', 'b'],
  ['<div data-hidden="1" title=" hidden ">a</div>b', 'a b'],
  ['<p><s>Tôi xin vắng</s></p><p>Tôi sẽ tham dự</p>', 'Tôi sẽ tham dự'],
  ['<p><del>Xin <b>vắng</b></del></p>', ''],
  ['<strike>a</strike><span style="text-decoration: line-through">b</span><span style="text-decoration-line:line-through">c</span>d', 'd'],
  ['<s>a<div>b</div>c</s>d', 'd'],
  ['<p style="display:none">a<p>b', 'b'],
  ['<ul><li style="display:none">a<li>b</ul>c', 'b c'],
  ['<div><span style="display:none">a</div>b', 'b'],
  ['<div style="display:none">a', ''],
  ['<span style="display:/**/none">a</span>b', 'b'],
  ['<small>a</small><strong>b</strong><section>c</section>', 'a b c'],
  ['<div style="display:block">a</div> 1 < 2', 'a 1 < 2'],
])('%s', (html, seen) => expect(words(html)).toBe(seen));

test.each(['<!-- <s> -->a<!-- </s> -->', '<a title="x > <s>">a</a>b', '<a title="x > <s>" class=\'">\'>a</a>'])('comments and attributes are no tags: %s', (html) => {
  expect(visibleHtml(html)).toBe(html);
  expect(hasStruck(html)).toBe(false);
});

test('struck words are known as such, other tags that begin alike are not', () => {
  expect(hasStruck('<p>a <DEL>b</DEL></p>')).toBe(true);
  expect(hasStruck('<span style="text-decoration:underline line-through">b</span>')).toBe(true);
  expect(hasStruck('<span style="text-decoration:underline">b</span><section><small><strong>')).toBe(false);
});

test('a page without hidden or struck words stays as it is; whatever comes in, it ends and is no longer', () => {
  const tag = fc.constantFrom('<p>', '</p>', '<div>', '</div>', '<br>', 'a', '<b x="1">', '</b>', '<', '>', '"', '<!--', '-->', '</s>', '<li>', '<s>', '<p style="display:none">');
  fc.assert(fc.property(fc.array(tag, { maxLength: 30 }).map((all) => all.join('')), (html) => {
    const seen = visibleHtml(html);
    if (!/<s>|display/.test(html)) expect(seen).toBe(html);
    expect(seen.replace(/ /g, '').length).toBeLessThanOrEqual(html.length);
  }), { numRuns: 2_000 });
  for (const html of ['<a"'.repeat(60_000), '<!--'.repeat(50_000), '<p style="/*'.repeat(10_000), `<p style="${'/*'.repeat(90_000)}">`, '<'.repeat(200_000), '<p style='.repeat(20_000)]) expect(visibleHtml(html).length).toBeLessThanOrEqual(html.length);
});
