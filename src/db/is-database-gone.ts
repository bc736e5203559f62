import mongoose from 'mongoose';

const { MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError, MongoTopologyClosedError, MongoOperationTimeoutError } = mongoose.mongo;
const kinds = [MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError, MongoTopologyClosedError, MongoOperationTimeoutError];

/**
 * A server that answers, but is no primary any more or is going down: NotWritablePrimary, NotPrimaryNoSecondaryOk,
 * NotPrimaryOrSecondary, InterruptedDueToReplStateChange, InterruptedAtShutdown, ShutdownInProgress, PrimarySteppedDown.
 */
const STEPPED_DOWN: readonly unknown[] = [10107, 13435, 13436, 11602, 11600, 91, 189];

/** True where the database could not be asked, or broke off: no bug of ours, and worth asking again later. */
export const isDatabaseGone = (error: unknown): boolean =>
  inBulk(error) ||
  (error instanceof mongoose.mongo.MongoServerError && STEPPED_DOWN.includes(error.code)) ||
  kinds.some((kind) => error instanceof kind) || (error instanceof mongoose.Error && /buffering timed out/.test(error.message));

/** A connection that breaks under insertMany or bulkWrite comes as a bulk error with the driver's own error inside. */
const inBulk = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoBulkWriteError && (error as { errorResponse?: unknown }).errorResponse instanceof Error && isDatabaseGone((error as { errorResponse?: unknown }).errorResponse);
