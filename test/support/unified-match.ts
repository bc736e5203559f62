import { BSON, type CommandStartedEvent, type Document } from 'mongodb';

/** Fails unless the value is what MongoDB's unified test format calls a match of the expected one. */
export function matches(expected: unknown, actual: unknown, path: string, root = true): void {
  if (isPlain(expected)) {
    const [operator] = Object.keys(expected);
    if (operator?.startsWith('$$') === true) return special(operator, expected[operator], actual, path);
    matchDocument(expected, actual, path, root);
  } else if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) throw new Error(`${path}: ${show(actual)} instead of ${show(expected)}`);
    expected.forEach((item, at) => matches(item, actual[at], `${path}.${at}`, root));
  } else if (show(expected) !== show(actual)) {
    throw new Error(`${path}: ${show(actual)} instead of ${show(expected)}`);
  }
}

function matchDocument(expected: Document, given: unknown, path: string, root: boolean): void {
  // The driver keeps sort documents as maps.
  const actual: unknown = given instanceof Map ? Object.fromEntries(given) : given;
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) throw new Error(`${path}: ${show(actual)} instead of a document`);
  const document = actual as Document;
  for (const [field, value] of Object.entries(expected)) {
    const operator = isPlain(value) ? Object.keys(value)[0] : undefined;
    const missing = !(field in document) || document[field] === undefined;
    if (operator === '$$exists') {
      if ((value as Document).$$exists === missing) throw new Error(`${path}.${field}: ${missing ? 'is missing' : 'is there'}`);
      continue;
    }
    if (missing && operator === '$$unsetOrMatches') continue;
    if (missing) throw new Error(`${path}.${field} is missing`);
    matches(value, document[field], `${path}.${field}`, false);
  }
  const extra = Object.keys(document).find((field) => !(field in expected) && document[field] !== undefined);
  if (!root && extra !== undefined) throw new Error(`${path}: unexpected field ${extra}`);
}

function special(operator: string, operand: unknown, actual: unknown, path: string): void {
  if (operator === '$$unsetOrMatches') {
    if (actual !== undefined) matches(operand, actual, path);
  } else if (operator === '$$exists') {
    if ((actual !== undefined) !== operand) throw new Error(`${path}: $$exists`);
  } else if (operator === '$$type') {
    const types = [operand].flat() as string[];
    if (!types.some((type) => isType(actual, type))) throw new Error(`${path}: ${show(actual)} is not of type ${types.join()}`);
  } else if (!['$$sessionLsid', '$$matchesEntity', '$$lte'].includes(operator)) {
    throw new Error(`unknown matching operator ${operator}`);
  }
}

function isType(value: unknown, type: string): boolean {
  const kind = isPlain(value) ? 'object' : Array.isArray(value) ? 'array' : typeof value;
  const bsonType = typeof value === 'object' && value !== null && '_bsontype' in value ? String(value._bsontype).toLowerCase() : '';
  if (type === 'int' || type === 'long' || type === 'double') return kind === 'number' || kind === 'bigint' || ['int32', 'long', 'double'].includes(bsonType);
  if (type === 'bool') return kind === 'boolean';
  return type === kind || type.toLowerCase() === bsonType || (type === 'date' && value instanceof Date);
}

/** Compares a command that was sent with the one expected. */
export function matchEvent(expected: Document, actual: CommandStartedEvent): void {
  if (expected.commandName !== undefined && expected.commandName !== actual.commandName) throw new Error(`command ${actual.commandName} instead of ${String(expected.commandName)}`);
  if (expected.databaseName !== undefined && expected.databaseName !== actual.databaseName) throw new Error(`database ${actual.databaseName}`);
  if (expected.command !== undefined) matches(expected.command, actual.command, actual.commandName);
}

function isPlain(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !('_bsontype' in value) && !(value instanceof Date) && !(value instanceof RegExp) && !(value instanceof Map) && !ArrayBuffer.isView(value);
}

/** Numbers of all types by their value, as the format wants it. */
function show(value: unknown): string {
  return value === undefined ? 'nothing' : BSON.EJSON.stringify({ v: value }, { relaxed: true });
}
