import {
  Binary, BSONRegExp, BSONSymbol, Code, DBRef, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID,
} from 'bson';

/** MongoDB's order of types; missing counts as 0 so that it sorts before null. */
export const RANK = {
  minKey: 1,
  missing: 2,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binData: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  javascript: 60,
  javascriptWithScope: 65,
  maxKey: 127,
} as const;

const RANK_BY_CLASS = new Map<unknown, number>([
  [Int32, RANK.number],
  [Double, RANK.number],
  [Long, RANK.number],
  [Decimal128, RANK.number],
  [BSONSymbol, RANK.string],
  [Array, RANK.array],
  [Binary, RANK.binData],
  [UUID, RANK.binData],
  [Buffer, RANK.binData],
  [Uint8Array, RANK.binData],
  [ObjectId, RANK.objectId],
  [Date, RANK.date],
  [Timestamp, RANK.timestamp],
  [RegExp, RANK.regex],
  [BSONRegExp, RANK.regex],
  [Code, RANK.javascript],
  [MinKey, RANK.minKey],
  [MaxKey, RANK.maxKey],
  [DBRef, RANK.object],
]);

/** Position of a value's type in MongoDB's order of types. */
export function typeRank(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return RANK.string;
    case 'number':
    case 'bigint':
      return RANK.number;
    case 'boolean':
      return RANK.bool;
    case 'undefined':
      return RANK.missing;
    default:
  }
  if (value === null) return RANK.null;
  const rank = RANK_BY_CLASS.get((value as object).constructor) ?? RANK.object;
  return rank === RANK.javascript && hasScope(value) ? RANK.javascriptWithScope : rank;
}

function hasScope(value: unknown): boolean {
  return value instanceof Code && value.scope !== null && value.scope !== undefined;
}

const NAME_BY_CLASS = new Map<unknown, string>([
  [Int32, 'int'],
  [Double, 'double'],
  [Long, 'long'],
  [Decimal128, 'decimal'],
  [BSONSymbol, 'symbol'],
  [Array, 'array'],
  [Binary, 'binData'],
  [UUID, 'binData'],
  [Buffer, 'binData'],
  [Uint8Array, 'binData'],
  [ObjectId, 'objectId'],
  [Date, 'date'],
  [Timestamp, 'timestamp'],
  [RegExp, 'regex'],
  [BSONRegExp, 'regex'],
  [MinKey, 'minKey'],
  [MaxKey, 'maxKey'],
]);

/** True for an integer that fits into 32 bits (negative zero does not: it is a double). */
export function isInt32(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}

/** MongoDB's name of a value's type as `$type` of the aggregation language gives it ('missing' for undefined). */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return isInt32(value) ? 'int' : 'double';
    case 'bigint':
      return 'long';
    case 'boolean':
      return 'bool';
    case 'undefined':
      return 'missing';
    default:
  }
  if (value === null) return 'null';
  if (value instanceof Code) return hasScope(value) ? 'javascriptWithScope' : 'javascript';
  return NAME_BY_CLASS.get((value as object).constructor) ?? 'object';
}

/** BSON type numbers by name, for `$type` in queries. */
export const TYPE_CODES: Readonly<Record<string, number>> = {
  double: 1, string: 2, object: 3, array: 4, binData: 5, undefined: 6, objectId: 7, bool: 8, date: 9, null: 10, regex: 11,
  dbPointer: 12, javascript: 13, symbol: 14, javascriptWithScope: 15, int: 16, timestamp: 17, long: 18, decimal: 19,
  minKey: -1, maxKey: 127,
};
