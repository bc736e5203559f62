import mongoose from 'mongoose';

const { MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError, MongoTopologyClosedError, MongoOperationTimeoutError } = mongoose.mongo;
const kinds = [MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError, MongoTopologyClosedError, MongoOperationTimeoutError];

/** True where the database could not be asked, or broke off: no bug of ours, and worth asking again later. */
export const isDatabaseGone = (error: unknown): boolean =>
  kinds.some((kind) => error instanceof kind) || (error instanceof mongoose.Error && /buffering timed out/.test(error.message));
