import { createHash } from 'node:crypto';
import type { Ctx } from '../context.js';
import { isDuplicateKey } from '../db/counters.js';
import { DomainError } from '../kernel/errors.js';
import type { FileOwner, StoredFile } from './file.model.js';
import { cleanName, isHandout, sniff } from './sniff.js';

/** Half a megabyte: far below what a document of the database may hold, so that no write is a large one. */
export const PIECE_BYTES = 512 * 1024;
/** What the Office hands out: Zalo takes no larger file. */
export const MAX_HANDOUT_BYTES = 5_000_000;
/** What people send in. */
export const MAX_INCOMING_BYTES = 10_000_000;

export interface NewFile {
  /** Names the fact it comes with. */
  key: string;
  name: string;
  bytes: Uint8Array;
  owner: FileOwner;
  by: string;
  /** "handout": PDF, JPEG or PNG up to 5 MB; "incoming": office documents and voice too, up to 10 MB. */
  rule: 'handout' | 'incoming';
}

/**
 * Keeps a file: the pieces first, then the line that makes them a file, so that a crash leaves no half file. The same key
 * again keeps what is there. Throws file-empty, file-too-large, file-type-unsupported.
 */
export async function keepFile(ctx: Ctx, { key, name, bytes, owner, by, rule }: NewFile): Promise<StoredFile> {
  const type = check(name, bytes, rule);
  const known = await ctx.db.StoredFile.findOne({ key }).lean<StoredFile>();
  if (known) return known;
  const pieces = Math.ceil(bytes.byteLength / PIECE_BYTES);
  for (let n = 0; n < pieces; n++) {
    const piece = Buffer.from(bytes.subarray(n * PIECE_BYTES, (n + 1) * PIECE_BYTES));
    await ctx.db.FilePiece.updateOne({ _id: pieceId(key, n) }, { $set: { bytes: piece } }, { upsert: true });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const facts = { key, name: cleanName(name, type), contentType: type.contentType, size: bytes.byteLength, sha256, pieces, owner, by, at: ctx.clock.now() };
  try {
    return (await ctx.db.StoredFile.create(facts)).toObject<StoredFile>();
  } catch (error) {
    const first = isDuplicateKey(error) ? await ctx.db.StoredFile.findOne({ key }).lean<StoredFile>() : null;
    if (!first) throw error;
    return first;
  }
}

function check(name: string, bytes: Uint8Array, rule: NewFile['rule']) {
  const max = rule === 'handout' ? MAX_HANDOUT_BYTES : MAX_INCOMING_BYTES;
  if (bytes.byteLength === 0) throw new DomainError('file-empty');
  if (bytes.byteLength > max) throw new DomainError('file-too-large', { max: max / 1_000_000 });
  const type = sniff(bytes, name);
  if (!type || (rule === 'handout' && !isHandout(type))) throw new DomainError('file-type-unsupported', { allowed: rule === 'handout' ? 'PDF, JPG, PNG' : 'PDF, ảnh, Word, Excel, PowerPoint, ghi âm' });
  return type;
}

export const pieceId = (key: string, n: number): string => `${key}:${n}`;
