import { MAX_INCOMING_BYTES } from '../src/files/keep-file.js';

/** Reads a stream up to the size people may send in; null where there is more. */
export async function readLimited(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    // Leaving the loop ends the stream: nothing more is fetched.
    if (size > MAX_INCOMING_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
