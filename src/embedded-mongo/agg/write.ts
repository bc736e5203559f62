import { isDocument, typeName, type Document } from '../bson/index.js';
import { fail } from '../errors.js';

/** `$out` or `$merge` at the end of a pipeline, for the caller to carry out on the resulting documents. */
export type PipelineWrite =
  | { kind: 'out'; db?: string; collection: string }
  | {
      kind: 'merge';
      db?: string;
      collection: string;
      on: string[];
      whenMatched: 'replace' | 'keepExisting' | 'merge' | 'fail';
      whenNotMatched: 'insert' | 'discard' | 'fail';
    };

const MATCHED = ['replace', 'keepExisting', 'merge', 'fail'] as const;
const NOT_MATCHED = ['insert', 'discard', 'fail'] as const;

/** Parses a `$out` or `$merge` stage; undefined for any other stage. */
export function parseWrite(name: string, operand: unknown): PipelineWrite | undefined {
  if (name === '$out') return { kind: 'out', ...target(name, operand) };
  return name === '$merge' ? parseMerge(operand) : undefined;
}

function target(name: string, value: unknown, coll = 'coll'): { db?: string; collection: string } {
  if (typeof value === 'string' && value !== '') return { collection: value };
  if (!isDocument(value)) return fail(16990, `${name} only supports a string or object argument, but found ${typeName(value)}`);
  const { db, [coll]: collection } = value;
  for (const key of Object.keys(value)) if (key !== 'db' && key !== coll) fail(40415, `BSON field '${name}.${key}' is an unknown field.`);
  if (typeof collection !== 'string' || (db !== undefined && typeof db !== 'string')) return fail(16994, `${name} needs 'db' and 'coll' to be strings`);
  return { db, collection };
}

function parseMerge(operand: unknown): PipelineWrite {
  const spec: Document = typeof operand === 'string' ? { into: operand } : isDocument(operand) ? operand : fail(51182, `$merge only supports a string or object argument, but found ${typeName(operand)}`);
  for (const key of Object.keys(spec)) if (!['into', 'on', 'whenMatched', 'whenNotMatched', 'let'].includes(key)) fail(40415, `BSON field '$merge.${key}' is an unknown field.`);
  const { into, on = '_id', whenMatched = 'merge', whenNotMatched = 'insert' } = spec;
  const fields: unknown[] = Array.isArray(on) ? on : [on];
  if (fields.length === 0 || !fields.every((field) => typeof field === 'string')) return fail(51186, "$merge 'on' must be a string or an array of strings");
  if (Array.isArray(whenMatched)) return fail(238, "a pipeline in $merge 'whenMatched' is not supported by this server");
  const matched = MATCHED.find((mode) => mode === whenMatched) ?? fail(51191, `Enumeration value '${String(whenMatched)}' for field 'whenMatched' is not a valid value.`);
  const notMatched = NOT_MATCHED.find((mode) => mode === whenNotMatched) ?? fail(51190, `Enumeration value '${String(whenNotMatched)}' for field 'whenNotMatched' is not a valid value.`);
  return { kind: 'merge', ...target('$merge', into), on: fields as string[], whenMatched: matched, whenNotMatched: notMatched };
}
