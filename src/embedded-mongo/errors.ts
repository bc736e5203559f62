import type { Document } from './bson/document.js';

/** MongoDB's names for the error codes that this server answers with. */
const CODE_NAMES: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  4: 'NoSuchKey',
  5: 'GraphContainsCycle',
  6: 'HostUnreachable',
  8: 'UnknownError',
  9: 'FailedToParse',
  11: 'UserNotFound',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  17: 'ProtocolError',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  55: 'InvalidDBRef',
  56: 'EmptyFieldName',
  57: 'DottedFieldName',
  59: 'CommandNotFound',
  61: 'ShardKeyNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  68: 'IndexAlreadyExists',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  96: 'OperationFailed',
  112: 'WriteConflict',
  115: 'CommandNotSupported',
  121: 'DocumentValidationFailure',
  146: 'ExceededMemoryLimit',
  165: 'ViewDepthLimitExceeded',
  166: 'CommandNotSupportedOnView',
  167: 'OptionNotSupportedOnView',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  175: 'QueryPlanKilled',
  197: 'InvalidIndexSpecificationOption',
  206: 'NoSuchSession',
  224: 'QueryFeatureNotAllowed',
  231: 'OperationNotSupportedInTransaction',
  238: 'NotImplemented',
  241: 'ConversionFailure',
  251: 'NoSuchTransaction',
  263: 'OperationNotSupportedInTransaction',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  11600: 'InterruptedAtShutdown',
  11601: 'Interrupted',
  13388: 'StaleConfig',
  13435: 'NotPrimaryNoSecondaryOk',
  14031: 'OutOfDiskSpace',
};

/** The name MongoDB gives an error code: `Location<code>` for those without a name of their own. */
export function codeNameOf(code: number): string {
  return CODE_NAMES[code] ?? `Location${code}`;
}

/** An error as it goes to the client: number, name, text and further fields of the reply (e.g. `keyValue`). */
export class MongoServerError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly extra?: Document;

  constructor(code: number, message: string, extra?: Document) {
    super(message);
    this.name = 'MongoServerError';
    this.code = code;
    this.codeName = codeNameOf(code);
    if (extra !== undefined) this.extra = extra;
  }
}

/** Throws a {@link MongoServerError}; an expression of type `never`, so it can stand wherever a value is wanted. */
export function fail(code: number, message: string, extra?: Document): never {
  throw new MongoServerError(code, message, extra);
}
