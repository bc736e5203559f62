import { isDocument, typeName, walkPath, type Collation, type Document } from '../bson/index.js';
import { compileExpression, truthy } from '../agg/expression/index.js';
import { fail } from '../errors.js';
import {
  bitsTest, equalityTest, inTest, isDBRef, modTest, orderTest, patternTest, sizeTest, typeTest, type ValueTest,
} from './predicates.js';
import { isRegex } from './regex.js';

/** What a filter may refer to besides the document. */
export interface MatchOptions {
  collation?: Collation;
  /** Variables for `$expr` (already evaluated values). */
  let?: Document;
  /** `$$NOW`. */
  now?: Date;
}

/** A compiled filter. */
export interface Matcher {
  matches(doc: Document): boolean;
  /** Index of the array element that matched, for the positional `$`; undefined if no array took part or no match. */
  position(doc: Document): number | undefined;
}

/** Where a match notes the array position at which it was found. */
interface Hit {
  index?: number;
}

/** A compiled part of a filter; the value is a document at the top, anything within `$elemMatch` and `$pull`. */
type Node = (value: unknown, hit: Hit) => boolean;

/** Compiles a filter; anything unknown or malformed is refused with MongoDB's code. */
export function compileMatch(filter: unknown, options: MatchOptions = {}): Matcher {
  if (!isDocument(filter)) return fail(14, `Expected field filter to be of type object, but it is ${typeName(filter)}`);
  const node = compileFilter(filter, options);
  return {
    matches: (doc) => node(doc, {}),
    position(doc) {
      const hit: Hit = {};
      return node(doc, hit) ? hit.index : undefined;
    },
  };
}

/** Compiles operators such as `{$gte: 5}` to a test of one value, as `$pull` needs it: an array matches by its elements too. */
export function compileValueMatch(operators: Document, options: MatchOptions): (value: unknown) => boolean {
  const node = compileOperators([], operators, options, true);
  return (value) => node(value, {});
}

function compileFilter(filter: Document, options: MatchOptions): Node {
  const nodes = Object.entries(filter).map(([key, value]) => compileEntry(key, value, options));
  return all(nodes.filter((node) => node !== undefined));
}

function compileEntry(key: string, value: unknown, options: MatchOptions): Node | undefined {
  if (!key.startsWith('$')) return compileField(key.split('.'), value, options, true);
  switch (key) {
    case '$and':
      return all(compileList(key, value, options));
    case '$or':
      return any(compileList(key, value, options));
    case '$nor':
      return not(any(compileList(key, value, options)));
    case '$expr':
      return compileExprNode(value, options);
    case '$comment':
      return undefined;
    case '$where':
    case '$text':
    case '$jsonSchema':
    case '$sampleRate':
      return fail(238, `${key} is not supported by this server`);
    default:
      return fail(2, `unknown top level operator: ${key}. If you are trying to negate an entire expression, use $nor.`);
  }
}

function compileList(key: string, value: unknown, options: MatchOptions): Node[] {
  if (!Array.isArray(value)) return fail(2, `${key} must be an array`);
  if (value.length === 0) return fail(2, '$and/$or/$nor must be a nonempty array');
  return value.map((item: unknown) => (isDocument(item) ? compileFilter(item, options) : fail(2, '$or/$and/$nor entries need to be full objects')));
}

function compileExprNode(value: unknown, options: MatchOptions): Node {
  const evaluate = compileExpression(value, { now: options.now, collation: options.collation, let: options.let });
  return (doc) => truthy(evaluate(doc as Document));
}

function all(nodes: readonly Node[]): Node {
  if (nodes.length === 1 && nodes[0] !== undefined) return nodes[0];
  return (value, hit) => {
    const before = hit.index;
    const matched = nodes.every((node) => node(value, hit));
    if (!matched) hit.index = before;
    return matched;
  };
}

function any(nodes: readonly Node[]): Node {
  return (value, hit) => nodes.some((node) => node(value, hit));
}

function not(node: Node): Node {
  return (value) => !node(value, {});
}

function isOperatorDocument(value: unknown): value is Document {
  return isDocument(value) && (Object.keys(value)[0]?.startsWith('$') ?? false) && !isDBRef(value);
}

function compileField(path: readonly string[], condition: unknown, options: MatchOptions, expand: boolean): Node {
  if (isOperatorDocument(condition)) return compileOperators(path, condition, options, expand);
  return valueNode(path, literalTest(condition, options), expand);
}

function literalTest(value: unknown, options: MatchOptions): ValueTest {
  return isRegex(value) ? patternTest(value) : equalityTest(value, options.collation);
}

/** Tests the values at a path; with `expand` also the elements of an array there. */
function valueNode(path: readonly string[], test: ValueTest, expand: boolean): Node {
  return (doc, hit) =>
    walkPath(doc, path, (value, index, whole) => {
      if (expand && !whole && Array.isArray(value)) {
        const at = value.findIndex((item) => test(item));
        if (at >= 0) hit.index = index ?? at;
        if (at >= 0) return true;
      }
      const matched = test(value);
      if (matched && index !== undefined) hit.index = index;
      return matched;
    });
}

function compileOperators(path: readonly string[], operators: Document, options: MatchOptions, expand: boolean): Node {
  if (Object.hasOwn(operators, '$options') && !Object.hasOwn(operators, '$regex')) fail(2, '$options needs a $regex');
  const keys = Object.keys(operators).filter((key) => key !== '$options' && key !== '$comment');
  return all(keys.map((key) => compileOperator(path, key, operators, options, expand)));
}

function compileOperator(path: readonly string[], key: string, operators: Document, options: MatchOptions, expand: boolean): Node {
  const operand = operators[key];
  const { collation } = options;
  switch (key) {
    case '$eq':
      return valueNode(path, equalityTest(operand, collation), expand);
    case '$ne':
      if (isRegex(operand)) fail(2, "Can't have regex as arg to $ne.");
      return not(valueNode(path, equalityTest(operand, collation), expand));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return valueNode(path, orderTest(key, operand, collation), expand);
    case '$in':
      return valueNode(path, inTest(operand, collation), expand);
    case '$nin':
      if (!Array.isArray(operand)) fail(2, '$nin needs an array');
      return not(valueNode(path, inTest(operand, collation), expand));
    case '$regex':
      return valueNode(path, patternTest(operand, operators.$options), expand);
    case '$not':
      return not(compileNegated(path, operand, options, expand));
    default:
      return compileShapeOperator(path, key, operand, options, expand);
  }
}

function compileNegated(path: readonly string[], operand: unknown, options: MatchOptions, expand: boolean): Node {
  if (isRegex(operand)) return valueNode(path, patternTest(operand), expand);
  if (!isDocument(operand)) return fail(2, '$not needs a regex or a document');
  if (Object.keys(operand).length === 0) return fail(2, '$not cannot be empty');
  return compileOperators(path, operand, options, expand);
}

function compileShapeOperator(path: readonly string[], key: string, operand: unknown, options: MatchOptions, expand: boolean): Node {
  switch (key) {
    case '$exists': {
      const exists = valueNode(path, (value) => value !== undefined, false);
      return truthy(operand) ? exists : not(exists);
    }
    case '$type':
      return valueNode(path, typeTest(operand), expand);
    case '$mod':
      return valueNode(path, modTest(operand), expand);
    case '$size':
      return valueNode(path, sizeTest(operand), false);
    case '$all':
      return compileAll(path, operand, options, expand);
    case '$elemMatch':
      return compileElemMatch(path, operand, options);
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      return valueNode(path, bitsTest(key, operand), expand);
    case '$near':
    case '$nearSphere':
    case '$geoWithin':
    case '$geoIntersects':
    case '$within':
      return fail(238, `${key} is not supported by this server`);
    default:
      return fail(2, `unknown operator: ${key}`);
  }
}

function compileAll(path: readonly string[], operand: unknown, options: MatchOptions, expand: boolean): Node {
  if (!Array.isArray(operand)) return fail(2, '$all needs an array');
  if (operand.length === 0) return () => false;
  const withElemMatch = isDocument(operand[0]) && Object.keys(operand[0])[0] === '$elemMatch';
  return all(
    operand.map((item: unknown) => {
      const elemMatch = isDocument(item) && Object.keys(item)[0] === '$elemMatch';
      if (withElemMatch !== elemMatch) return fail(2, withElemMatch ? '$all/$elemMatch has to be consistent' : 'no $ expressions in $all');
      if (elemMatch) return compileElemMatch(path, (item as Document).$elemMatch, options);
      if (isOperatorDocument(item)) return fail(2, 'no $ expressions in $all');
      return valueNode(path, literalTest(item, options), expand);
    }),
  );
}

const LOGICAL = new Set(['$and', '$or', '$nor']);
/** Fields of a DBRef may be asked for below an array although they look like operators. */
const DBREF_FIELDS = new Set(['$ref', '$id', '$db']);

function compileElementFilter(filter: Document, options: MatchOptions): Node {
  const nodes = Object.entries(filter).map(([key, value]) =>
    DBREF_FIELDS.has(key) ? compileField([key], value, options, true) : compileEntry(key, value, options));
  return all(nodes.filter((node) => node !== undefined));
}

/** Compiles the operand of `$elemMatch` to a test of one array element. */
export function compileElementMatch(operand: Document, options: MatchOptions): (element: unknown) => boolean {
  const first = Object.keys(operand)[0] ?? '';
  if (first === '$expr') fail(2, '$expr can only be applied to the top-level document');
  const onValues = first.startsWith('$') && !LOGICAL.has(first) && !DBREF_FIELDS.has(first);
  const test = onValues ? compileOperators([], operand, options, false) : onDocuments(compileElementFilter(operand, options));
  return (element) => test(element, {});
}

function compileElemMatch(path: readonly string[], operand: unknown, options: MatchOptions): Node {
  if (!isDocument(operand)) return fail(2, '$elemMatch needs an Object');
  const test = compileElementMatch(operand, options);
  return (doc, hit) =>
    walkPath(doc, path, (value, index) => {
      if (!Array.isArray(value)) return false;
      const at = value.findIndex(test);
      if (at >= 0) hit.index = index ?? at;
      return at >= 0;
    });
}

/** Elements that are arrays are entered like documents with the fields "0", "1", ... */
function onDocuments(test: Node): Node {
  return (value, hit) => {
    if (isDocument(value)) return test(value, hit);
    return Array.isArray(value) && test(Object.fromEntries(value.map((item, i) => [String(i), item])), hit);
  };
}
