import { BSONRegExp, BSONSymbol } from 'bson';
import { regexParts, valuesEqual } from '../bson/index.js';
import { fail } from '../errors.js';

/** True for a regular expression of either class. */
export function isRegex(value: unknown): boolean {
  return value instanceof RegExp || value instanceof BSONRegExp;
}

/** A compiled pattern: JavaScript's engine behind PCRE's meaning. */
export interface CompiledRegex {
  test(text: string): boolean;
  /** The first match at or behind a position (in UTF-16 units). */
  execFrom(text: string, from: number): RegExpExecArray | null;
  /** Text every match must start with, if the pattern is anchored, case-sensitive and starts with plain characters. */
  prefix?: string;
}

/** A test of values for a regular expression: matches texts, and the very same expression stored as a value. */
export function regexTest(pattern: string, options: string): (value: unknown) => boolean {
  const compiled = compileRegex(pattern, options);
  const itself = new BSONRegExp(pattern, [...options].sort().join(''));
  return (value) => {
    if (typeof value === 'string') return compiled.test(value);
    if (value instanceof BSONSymbol) return compiled.test(value.value);
    return isRegex(value) && valuesEqual(value, itself);
  };
}

/** Pattern and options of a value given for `$regex`, with `$options` overriding. */
export function regexOperand(value: unknown, options: unknown): { pattern: string; options: string } {
  if (options !== undefined && typeof options !== 'string') return fail(2, '$options has to be a string');
  if (typeof value === 'string') return { pattern: value, options: options ?? '' };
  if (!isRegex(value)) return fail(2, '$regex has to be a string');
  const own = regexParts(value);
  if (options !== undefined && own.options !== '') return fail(51075, 'options set in both $regex and $options');
  return { pattern: own.pattern, options: options ?? own.options };
}

/** Compiles a PCRE pattern; what JavaScript cannot express is refused with 51091, never matched otherwise. */
export function compileRegex(pattern: string, options: string): CompiledRegex {
  const bad = /[^imsxu]/.exec(options);
  if (bad !== null) return fail(51108, `invalid flag in regex options: ${bad[0]}`);
  if (pattern.includes('\0')) return fail(2, 'Regular expression cannot contain an embedded null byte');
  const flags = new Set(options);
  const inline = /^\(\?([imsx]+)\)/.exec(pattern);
  for (const flag of inline?.[1] ?? '') flags.add(flag);
  const body = inline === null ? pattern : pattern.slice(inline[0].length);
  const source = translate(body, flags);
  const regex = construct(source, (flags.has('i') ? 'i' : '') + (flags.has('m') ? 'm' : ''), pattern);
  const anchored = flags.has('i') || flags.has('m') || flags.has('x') ? undefined : literalPrefix(body);
  let searching: RegExp | undefined;
  return {
    test: (text) => regex.test(text),
    execFrom(text, from) {
      searching ??= new RegExp(regex.source, `${regex.flags}g`);
      searching.lastIndex = from;
      return searching.exec(text);
    },
    prefix: anchored,
  };
}

function construct(source: string, flags: string, pattern: string): RegExp {
  // The u flag makes `.` and classes work on code points, but refuses harmless escapes such as `\-`.
  for (const all of [`${flags}u`, flags]) {
    try {
      return new RegExp(source, all);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return fail(51091, `Regular expression is invalid: ${pattern}`);
}

/** Escapes of PCRE that JavaScript would silently read as letters. */
const UNSUPPORTED_ESCAPES = new Set('GKRXHhVNpPCg');
const ESCAPES: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
  s: '[\\t\\n\\v\\f\\r ]',
  S: '[^\\t\\n\\v\\f\\r ]',
  e: '\\x1b',
  a: '\\x07',
};

/** Rewrites the parts of PCRE that mean something else in JavaScript. */
function translate(pattern: string, flags: ReadonlySet<string>): string {
  let out = '';
  let inClass = false;
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern[i] as string;
    if (char === '\\') {
      const [text, skip] = translateEscape(pattern, i, inClass);
      out += text;
      i += skip;
    } else if (inClass) {
      if (char === '[' && pattern[i + 1] === ':') fail(51091, 'POSIX character classes in regular expressions are not supported');
      if (char === ']') inClass = false;
      out += char === '[' ? '\\[' : char;
    } else if (char === '[') {
      const [opening] = /^\[\^?\]?/.exec(pattern.slice(i)) ?? ['['];
      out += opening.replace(']', '\\]');
      i += opening.length - 1;
      inClass = true;
    } else if (flags.has('x') && /\s/.test(char)) continue;
    else if (flags.has('x') && char === '#') i = endOfLine(pattern, i);
    else out += translateSyntax(pattern, i, char, flags);
  }
  return out;
}

function endOfLine(pattern: string, from: number): number {
  const end = pattern.indexOf('\n', from);
  return end < 0 ? pattern.length : end;
}

function translateSyntax(pattern: string, at: number, char: string, flags: ReadonlySet<string>): string {
  if (char === '.') return flags.has('s') ? '[\\s\\S]' : '[^\\n]';
  // PCRE's $ also stands before a newline at the very end; in multiline mode only \n ends a line.
  if (char === '$') return flags.has('m') ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))';
  if (char === '^' && flags.has('m')) return '(?<![^\\n])';
  if (char === '(' && /^\(\?(P|[a-z]*-?[a-z]*[):]|>|#|\||R|\d|&|\()/.test(pattern.slice(at)) && !pattern.startsWith('(?:', at)) {
    return fail(51091, `Regular expression syntax ${pattern.slice(at, at + 4)} is not supported`);
  }
  return char;
}

/** The translation of the escape at a position, and how many characters after the backslash it takes. */
function translateEscape(pattern: string, at: number, inClass: boolean): [string, number] {
  const next = pattern[at + 1];
  if (next === undefined) return fail(51091, 'Regular expression is invalid: \\ at end of pattern');
  if (next === 'Q') {
    const end = pattern.indexOf('\\E', at);
    const literal = pattern.slice(at + 2, end < 0 ? undefined : end);
    return [literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), literal.length + (end < 0 ? 1 : 3)];
  }
  if (next === 'E') return ['', 1];
  if (UNSUPPORTED_ESCAPES.has(next)) return fail(51091, `Regular expression escape \\${next} is not supported`);
  if (inClass && next === 's') return ['\\t\\n\\v\\f\\r ', 1];
  if (!inClass || next === 'a' || next === 'e') return [ESCAPES[next] ?? `\\${next}`, 1];
  return [`\\${next}`, 1];
}

/** The plain text after `^`; undefined if there is none or an alternative could begin differently. */
function literalPrefix(pattern: string): string | undefined {
  if (!pattern.startsWith('^') || pattern.includes('|')) return undefined;
  let prefix = '';
  for (let i = 1; i < pattern.length; i += 1) {
    let char = pattern[i] as string;
    if (char === '\\' && /[^\p{L}\p{N}]/u.test(pattern[i + 1] ?? 'x')) char = pattern[(i += 1)] as string;
    else if (/[\\^$.*+?()[\]{}|]/.test(char)) break;
    // A quantifier may drop the character; a surrogate pair must not be cut in half.
    if (/[*?{]/.test(pattern[i + 1] ?? '')) break;
    prefix += char;
  }
  return prefix === '' || /[\ud800-\udfff]/.test(prefix.at(-1) ?? '') ? undefined : prefix;
}
