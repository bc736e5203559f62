import './logic.js';
import './arithmetic.js';
import './arrays.js';
import './objects.js';
import './strings.js';
import './convert.js';
import './dates.js';

export { compileExpression, contextOf, nullish, truthy, valueAt, type ExpressionOptions } from './core.js';
