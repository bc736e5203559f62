import { createHash } from 'node:crypto';
import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import type { FilePiece, StoredFile } from './file.model.js';
import { pieceId } from './keep-file.js';

/** A file by its id. Throws file-unknown, also for malformed ids. */
export async function findFile(ctx: Ctx, id: string): Promise<StoredFile> {
  const file = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.StoredFile.findById(id).lean<StoredFile>() : null;
  if (!file) throw new DomainError('file-unknown');
  return file;
}

/** Files of these documents, meetings or tasks, oldest first. */
export const filesOf = (ctx: Ctx, kind: StoredFile['owner']['kind'], codes: readonly string[]): Promise<StoredFile[]> =>
  ctx.db.StoredFile.find({ 'owner.code': { $in: [...codes] }, 'owner.kind': kind }).sort({ at: 1, _id: 1 }).lean<StoredFile[]>().exec();

/** The bytes, exactly as they were kept. Throws an Error where pieces are missing or damaged. */
export async function readBytes(ctx: Ctx, file: StoredFile): Promise<Buffer> {
  const ids = Array.from({ length: file.pieces }, (_, n) => pieceId(file.key, n));
  const found = await ctx.db.FilePiece.find({ _id: { $in: ids } }).lean<FilePiece[]>();
  const byId = new Map(found.map((piece) => [piece._id, plain(piece.bytes)]));
  const bytes = Buffer.concat(ids.map((id) => byId.get(id) ?? Buffer.alloc(0)));
  if (bytes.byteLength !== file.size || createHash('sha256').update(bytes).digest('hex') !== file.sha256) throw new Error(`file ${file._id.toString()} is damaged`);
  return bytes;
}

/** The driver hands out its own Binary where documents are read as they are. */
const plain = (bytes: Uint8Array | { buffer: Uint8Array }): Uint8Array => (bytes instanceof Uint8Array ? bytes : bytes.buffer);
