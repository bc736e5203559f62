import { Types } from 'mongoose';
import { isDocument, type Document } from '../../src/embedded-mongo/bson/index.js';
import { compileMatch } from '../../src/embedded-mongo/query/index.js';

/** What a look at one plain value says; null: it takes MongoDB's whole language to tell. */
type Look = (value: unknown) => boolean | null;

/**
 * The same answer as `compileMatch`, sooner: most filters of the engine ask plain fields for plain values, which is decided
 * here by hand. Whatever is not plain, in the filter or in a row, is left to the real matcher.
 */
export function quickMatch(filter: Document): (doc: Document) => boolean {
  const looks: [string, Look][] = [];
  let partial = false;
  for (const [field, condition] of Object.entries(filter)) {
    if (asksWithin(field, condition)) looks.push([field.slice(0, field.indexOf('.')), nothingWithin]);
    const found = field.startsWith('$') || field.includes('.') ? null : looksOf(condition);
    if (found) for (const look of found) looks.push([field, look]);
    else partial = true;
  }
  let whole: ((doc: Document) => boolean) | null = null;
  const slowly = (doc: Document): boolean => (whole ??= compileMatch(filter).matches)(doc);
  // A filter that MongoDB refuses is refused even where no row would come so far.
  if (partial) whole = compileMatch(filter).matches;
  return (doc) => {
    let sure = !partial;
    for (const [field, look] of looks) {
      const answer = look(doc[field]);
      if (answer === false) return false;
      if (answer === null) sure = false;
    }
    return sure || slowly(doc);
  };
}

/** Earlier, later, before or behind a value: what nothing answers where the list is empty. */
const asksWithin = (field: string, condition: unknown): boolean =>
  !field.startsWith('$') && field.includes('.') && isDocument(condition) && Object.keys(condition).some((name) => ORDER.has(name) && (typeof condition[name] === 'string' || condition[name] instanceof Date));
const ORDER = new Set(['$gt', '$gte', '$lt', '$lte']);
const nothingWithin: Look = (value) => (Array.isArray(value) && value.length === 0 ? false : null);

/** All the looks a condition asks for; null where one of them is not plain. */
function looksOf(condition: unknown): Look[] | null {
  if (!isDocument(condition)) {
    const only = equal(condition);
    return only && [only];
  }
  const names = Object.keys(condition);
  if (names.length === 0 || !names.every((name) => name.startsWith('$'))) return null;
  const looks = names.map((name) => lookOf(name, condition[name]));
  return looks.every((look) => look !== null) ? looks : null;
}

function lookOf(operator: string, operand: unknown): Look | null {
  switch (operator) {
    case '$eq':
      return equal(operand);
    case '$ne':
      return negated(equal(operand));
    case '$in':
      return among(operand);
    case '$nin':
      return negated(among(operand));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return ordered(operator, operand);
    default:
      return null;
  }
}

/** A few plain values, by kind. Null stands for missing too. */
class Values {
  readonly #plain = new Set<unknown>();
  readonly #dates = new Set<number>();
  readonly #ids = new Set<string>();

  /** False: not a plain value. */
  add(value: unknown): boolean {
    if (value === undefined || Number.isNaN(value)) return false;
    if (value instanceof Date) this.#dates.add(value.getTime());
    else if (value instanceof Types.ObjectId) this.#ids.add(value.toHexString());
    else if (typeof value === 'object' && value !== null) return false;
    else this.#plain.add(value);
    return true;
  }

  has(value: unknown): boolean | null {
    if (value === undefined || value === null) return this.#plain.has(null);
    if (typeof value !== 'object') return Number.isNaN(value) ? null : this.#plain.has(value);
    if (value instanceof Date) return this.#dates.size > 0 && this.#dates.has(value.getTime());
    if (value instanceof Types.ObjectId) return this.#ids.size > 0 && this.#ids.has(value.toHexString());
    return Array.isArray(value) ? this.#hasOneOf(value as unknown[]) : null;
  }

  /** Of a list each value counts; a list in a list is left to the real matcher. */
  #hasOneOf(values: readonly unknown[]): boolean | null {
    let found = false;
    for (const value of values) {
      const one = value === undefined || Array.isArray(value) ? null : this.has(value);
      if (one === null) return null;
      found ||= one;
    }
    return found;
  }
}

const equal = (operand: unknown): Look | null => among([operand]);

function among(operand: unknown): Look | null {
  if (!Array.isArray(operand)) return null;
  const wanted = new Values();
  return operand.every((item: unknown) => wanted.add(item)) ? (value) => wanted.has(value) : null;
}

/** Values that no date or number compares with, and those that only the real matcher knows. */
const notPlain = (value: object): false | null => (value instanceof Types.ObjectId ? false : null);

const negated = (look: Look | null): Look | null =>
  look && ((value) => {
    const answer = look(value);
    return answer === null ? null : !answer;
  });

/** Of dates and numbers; only values of the operand's own kind are compared. */
function ordered(operator: string, operand: unknown): Look | null {
  const dates = operand instanceof Date;
  if (!dates && (typeof operand !== 'number' || Number.isNaN(operand))) return null;
  const edge = Number(operand);
  const [up, inclusive] = [operator.startsWith('$gt'), operator.endsWith('e')];
  return (value) => {
    if (typeof value === 'object' && value !== null && !(value instanceof Date)) return notPlain(value);
    if (dates ? !(value instanceof Date) : typeof value !== 'number') return false;
    const order = Number(value) - edge;
    if (Number.isNaN(order)) return null;
    return order === 0 ? inclusive : order > 0 === up;
  };
}
