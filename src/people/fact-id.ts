import { createHash } from 'node:crypto';

/**
 * The id of the record that a cause creates, always the same for the same cause and parts: a repeated cause finds the record
 * it made before instead of making a second one. 24 hexadecimal digits, as ObjectId wants them.
 */
export const factId = (cause: string, ...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify([cause, ...parts])).digest('hex').slice(0, 24);
