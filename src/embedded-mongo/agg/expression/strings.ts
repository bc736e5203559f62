import { compareStrings, isNumber, textOf, toNumber, toSafeInteger, typeName } from '../../bson/index.js';
import { fail } from '../../errors.js';
import { compileRegex, isRegex, regexOperand, type CompiledRegex } from '../../query/regex.js';
import { toText } from './convert.js';
import { define, defineNamed, defineSequential, nullish } from './core.js';

function text(name: string, value: unknown, code: number): string {
  return typeName(value) === 'string' || typeName(value) === 'symbol' ? textOf(value) : fail(code, `${name} requires a string argument, found: ${typeName(value)}`);
}

/** Text of a value where numbers and dates are accepted too; null and missing give "". */
function loose(name: string, value: unknown): string {
  if (nullish(value)) return '';
  if (['string', 'symbol', 'date'].includes(typeName(value)) || isNumber(value)) return toText(value);
  return fail(16007, `can't convert from BSON type ${typeName(value)} to String`);
}

defineSequential('$concat', (args) => {
  let all = '';
  for (const value of args) {
    if (nullish(value)) return null;
    all += typeName(value) === 'string' ? (value as string) : fail(16702, `$concat only supports strings, not ${typeName(value)}`);
  }
  return all;
});

// Only ASCII letters change, as in MongoDB: $toUpper of "đỗ" is "đỗ".
define('$toLower', 1, ([value]) => loose('$toLower', value).replace(/[A-Z]/g, (char) => char.toLowerCase()));
define('$toUpper', 1, ([value]) => loose('$toUpper', value).replace(/[a-z]/g, (char) => char.toUpperCase()));
define('$strcasecmp', 2, ([a, b]) => {
  const [x, y] = [a, b].map((value) => loose('$strcasecmp', value).replace(/[a-z]/g, (char) => char.toUpperCase())) as [string, string];
  return Math.sign(compareStrings(x, y));
});
define('$strLenCP', 1, ([value]) => [...text('$strLenCP', value, 34471)].length);
define('$strLenBytes', 1, ([value]) => Buffer.byteLength(text('$strLenBytes', value, 34473)));

function substringBytes(value: unknown, start: unknown, length: unknown): string {
  const bytes = Buffer.from(loose('$substrBytes', value));
  const [from, count] = [toNumber(start), toNumber(length)];
  if (Number.isNaN(from) || Number.isNaN(count)) fail(16034, '$substrBytes: starting index and length must be numeric');
  if (from < 0) fail(50752, '$substrBytes: starting index must be non-negative');
  const end = count < 0 ? bytes.length : Math.min(bytes.length, from + count);
  const inside = (at: number): boolean => at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80;
  if (inside(from)) fail(28656, '$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.');
  if (inside(end)) fail(28657, '$substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.');
  return bytes.subarray(from, Math.max(from, end)).toString();
}
define('$substr', 3, ([value, start, length]) => substringBytes(value, start, length));
define('$substrBytes', 3, ([value, start, length]) => substringBytes(value, start, length));
define('$substrCP', 3, ([value, start, length]) => {
  const from = toSafeInteger(start) ?? fail(34450, '$substrCP: starting index must be a numeric type');
  const count = toSafeInteger(length) ?? fail(34452, '$substrCP: length must be a numeric type');
  if (from < 0 || count < 0) fail(34455, '$substrCP: starting index and length must be non-negative');
  return [...loose('$substrCP', value)].slice(from, from + count).join('');
});

define('$split', 2, ([value, separator]) => {
  if (nullish(value) || nullish(separator)) return null;
  const by = text('$split', separator, 40086);
  if (by === '') fail(40087, '$split requires a non-empty separator');
  return text('$split', value, 40085).split(by);
});

function positions(name: string, value: unknown, bounds: readonly unknown[], length: number): [number, number] {
  const [from = 0, to = length] = bounds.map((bound) => (bound === undefined ? undefined : (toSafeInteger(bound) ?? fail(40096, `${name} requires an integral index`))));
  if (from < 0 || to < 0) fail(40097, `${name} requires a nonnegative index`);
  return [from, Math.min(to, length)];
}

define('$indexOfCP', [2, 4], ([value, wanted, start, end]) => {
  if (nullish(value)) return null;
  const [chars, search] = [[...text('$indexOfCP', value, 40093)], [...text('$indexOfCP', wanted, 40094)]];
  const [from, to] = positions('$indexOfCP', value, [start, end], chars.length);
  for (let i = from; i + search.length <= to; i += 1) if (search.every((char, k) => chars[i + k] === char)) return i;
  return -1;
});
define('$indexOfBytes', [2, 4], ([value, wanted, start, end]) => {
  if (nullish(value)) return null;
  const bytes = Buffer.from(text('$indexOfBytes', value, 40091));
  const [from, to] = positions('$indexOfBytes', value, [start, end], bytes.length);
  const at = from > to ? -1 : bytes.subarray(from, to).indexOf(text('$indexOfBytes', wanted, 40092));
  return at < 0 ? -1 : at + from;
});

const SPACES = '\0\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';
function defineTrim(name: string, left: boolean, right: boolean): void {
  defineNamed(name, { required: ['input'], optional: ['chars'] }, ({ input, chars }, _context, given) => {
    if (nullish(input) || (given.has('chars') && nullish(chars))) return null;
    const set = new Set(given.has('chars') ? text(name, chars, 50700) : SPACES);
    const points = [...text(name, input, 50699)];
    let [from, to] = [0, points.length];
    while (left && from < to && set.has(points[from] as string)) from += 1;
    while (right && to > from && set.has(points[to - 1] as string)) to -= 1;
    return points.slice(from, to).join('');
  });
}
defineTrim('$trim', true, true);
defineTrim('$ltrim', true, false);
defineTrim('$rtrim', false, true);

function defineReplace(name: string, apply: (input: string, find: string, replacement: string) => string): void {
  defineNamed(name, { required: ['input', 'find', 'replacement'] }, ({ input, find, replacement }) => {
    if (nullish(input) || nullish(find) || nullish(replacement)) return null;
    return apply(text(name, input, 51746), text(name, find, 51745), text(name, replacement, 51744));
  });
}
defineReplace('$replaceOne', (input, find, replacement) => input.replace(find, () => replacement));
defineReplace('$replaceAll', (input, find, replacement) => input.replaceAll(find, () => replacement));

const regexCache = new Map<string, CompiledRegex>();

function regexOf(name: string, regex: unknown, options: unknown): CompiledRegex {
  if (typeof regex !== 'string' && !isRegex(regex)) return fail(51105, `${name} needs 'regex' to be of type string or regex`);
  const operand = regexOperand(regex, nullish(options) ? undefined : options);
  const key = `${operand.options}/${operand.pattern}`;
  const known = regexCache.get(key) ?? compileRegex(operand.pattern, operand.options);
  if (regexCache.size < 1000) regexCache.set(key, known);
  return known;
}

interface Found {
  match: string;
  idx: number;
  captures: (string | null)[];
  /** Where the next search begins, in UTF-16 units. */
  next: number;
}

function findAt(regex: CompiledRegex, input: string, from: number): Found | undefined {
  const found = regex.execFrom(input, from);
  if (found === null) return undefined;
  const end = found.index + found[0].length;
  const step = found[0].length > 0 ? 0 : (input.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return {
    match: found[0],
    idx: [...input.slice(0, found.index)].length,
    captures: found.slice(1).map((capture) => (capture as string | undefined) ?? null),
    next: end + step,
  };
}

function defineRegex(name: string, apply: (regex: CompiledRegex, input: string) => unknown, onNull: unknown): void {
  defineNamed(name, { required: ['input', 'regex'], optional: ['options'] }, ({ input, regex, options }) => {
    if (nullish(input) || nullish(regex)) return onNull;
    return apply(regexOf(name, regex, options), text(name, input, 51104));
  });
}

function withoutNext({ match, idx, captures }: Found): unknown {
  return { match, idx, captures };
}

defineRegex('$regexMatch', (regex, input) => regex.test(input), false);
defineRegex('$regexFind', (regex, input) => {
  const found = findAt(regex, input, 0);
  return found === undefined ? null : withoutNext(found);
}, null);
defineRegex('$regexFindAll', (regex, input) => {
  const all: unknown[] = [];
  for (let from = 0; from <= input.length; ) {
    const found = findAt(regex, input, from);
    if (found === undefined) break;
    all.push(withoutNext(found));
    from = found.next;
  }
  return all;
}, []);
