import { deserialize } from 'bson';
import { opMsg, RawConnection } from '../contract/embedded-mongo/raw.js';

/** What a fuzz run did. */
export interface FuzzResult {
  sent: number;
  replies: number;
  closed: number;
  hangs: number;
}

/** Small deterministic random numbers (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const SEEDS = [
  { ping: 1, $db: 'emb_fuzz' },
  { insert: 'f', documents: [{ _id: 1, a: 'text', b: [1, 2, { c: 3 }] }], $db: 'emb_fuzz' },
  { find: 'f', filter: { a: { $gt: 1 }, $or: [{ b: 1 }, { c: { $in: [1, 2] } }] }, sort: { a: 1 }, limit: 5, $db: 'emb_fuzz' },
  { update: 'f', updates: [{ q: { _id: 1 }, u: { $set: { a: 1 }, $push: { b: { $each: [1], $slice: 2 } } }, upsert: true }], $db: 'emb_fuzz' },
  { aggregate: 'f', pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a', n: { $sum: 1 } } }], cursor: {}, $db: 'emb_fuzz' },
  { createIndexes: 'f', indexes: [{ key: { a: 1 }, name: 'a_1', unique: true }], $db: 'emb_fuzz' },
  { getMore: 12345, collection: 'f', $db: 'emb_fuzz' },
  { listCollections: 1, filter: { name: 'x' }, cursor: { batchSize: 1 }, $db: 'emb_fuzz' },
];

/** Sends mutated messages for a while; every connection must be answered or closed, and the server must stay alive. */
export async function fuzzWire(port: number, milliseconds: number, seed: number): Promise<FuzzResult> {
  const random = randomOf(seed);
  const result: FuzzResult = { sent: 0, replies: 0, closed: 0, hangs: 0 };
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const connection = await RawConnection.open(port);
    for (let round = 0; round < 20 && !connection.closed; round += 1) {
      const { bytes, whole } = mutated(random);
      connection.socket.write(bytes);
      result.sent += 1;
      if (!whole) break; // the server rightly waits for the rest
      const reply = await connection.read(3000);
      if (reply === undefined) break;
      deserialize(reply.subarray(reply.readInt32LE(12) === 1 ? 36 : 21));
      result.replies += 1;
    }
    if (connection.closed) result.closed += 1;
    connection.close();
  }
  const control = await RawConnection.open(port);
  if ((await control.command({ ping: 1, $db: 'emb_fuzz' }))?.ok !== 1) result.hangs += 1;
  control.close();
  return result;
}

function mutated(random: () => number): { bytes: Buffer; whole: boolean } {
  const pick = (limit: number): number => Math.floor(random() * limit);
  if (random() < 0.1) {
    const bytes = Buffer.from(Array.from({ length: 16 + pick(200) }, () => pick(256)));
    if (random() < 0.7) bytes.writeInt32LE(bytes.length, 0);
    return { bytes, whole: bytes.readInt32LE(0) === bytes.length };
  }
  const bytes = opMsg([{ body: SEEDS[pick(SEEDS.length)] ?? {} }], random() < 0.1 ? pick(4) & 1 : 0);
  for (let count = pick(6); count > 0; count -= 1) {
    const at = random() < 0.2 ? pick(bytes.length) : 16 + pick(bytes.length - 16);
    bytes[at] = random() < 0.5 ? pick(256) : (bytes[at] ?? 0) ^ (1 << pick(8));
  }
  // A request that wants no reply would look like a hang.
  if (bytes.length > 20) bytes[16] = (bytes[16] ?? 0) & ~2;
  return { bytes, whole: bytes.readInt32LE(0) === bytes.length };
}

if (process.argv[1]?.endsWith('fuzz-wire.ts') === true) {
  const [port, seconds = '60', seed = '1'] = process.argv.slice(2);
  console.log(await fuzzWire(Number(port), Number(seconds) * 1000, Number(seed)));
}
