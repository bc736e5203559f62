import { isDocument, typeName, type Document } from '../bson/index.js';
import { fail } from '../errors.js';
import { compileAddFields, compileProject } from '../project/projection.js';
import { compileExpression, type ExpressionOptions } from './expression/index.js';

/** A stage that turns one document into one document. */
export type DocumentStage = (doc: Document) => Document;

/** Compiles a stage of the kind that update pipelines may use too; undefined if it is none of these. */
export function compileDocumentStage(name: string, operand: unknown, env: ExpressionOptions): DocumentStage | undefined {
  switch (name) {
    case '$set':
    case '$addFields':
      return compileAddFields(operand, env, name);
    case '$unset':
      return compileUnset(operand, env);
    case '$project':
      return compileProject(operand, env);
    case '$replaceWith':
      return compileReplace(operand, env);
    case '$replaceRoot':
      if (!isDocument(operand)) return fail(40229, `expected an object as specification for $replaceRoot stage, got ${typeName(operand)}`);
      for (const key of Object.keys(operand)) if (key !== 'newRoot') fail(40415, `BSON field '$replaceRoot.${key}' is an unknown field.`);
      if (!Object.hasOwn(operand, 'newRoot')) fail(40231, "no newRoot specified for the $replaceRoot stage");
      return compileReplace(operand.newRoot, env);
    default:
      return undefined;
  }
}

function compileUnset(operand: unknown, env: ExpressionOptions): DocumentStage {
  const paths: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (paths.length === 0) fail(31119, '$unset specification must be a string or an array with at least one field');
  if (!paths.every((path) => typeof path === 'string')) fail(31120, '$unset specification must be a string or an array containing only string values.');
  return compileProject(Object.fromEntries(paths.map((path) => [path, false])), env);
}

function compileReplace(expression: unknown, env: ExpressionOptions): DocumentStage {
  const evaluate = compileExpression(expression, env);
  return (doc) => {
    const root = evaluate(doc);
    return isDocument(root) ? root : fail(40228, `'newRoot' expression must evaluate to an object, but resulting value was of type: ${typeName(root)}`);
  };
}
