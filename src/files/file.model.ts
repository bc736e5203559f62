import { Schema, type Types } from 'mongoose';

/** What a file belongs to: a report on a task (by its cause), a document, a meeting. */
export type FileOwner = { kind: 'progress'; code: string; cause: string } | { kind: 'directive'; code: string } | { kind: 'meeting'; code: string };

/** A file kept in the database, so that every instance has it and a backup takes it along. Written after its pieces. */
export interface StoredFile {
  _id: Types.ObjectId;
  /** Names the fact it came with; unique, so that a repeat keeps one file. */
  key: string;
  /** Cleaned; what people see and save. */
  name: string;
  /** From the bytes themselves, never from the sender's word. */
  contentType: string;
  size: number;
  sha256: string;
  /** How many pieces. */
  pieces: number;
  owner: FileOwner;
  by: string;
  at: Date;
}

/** At most PIECE_BYTES of a file; `_id` is "<key>:<number from 0>". */
export interface FilePiece {
  _id: string;
  bytes: Uint8Array;
}

export const storedFileSchema = new Schema<StoredFile>(
  {
    key: { type: String, required: true, unique: true },
    name: { type: String, required: true },
    contentType: { type: String, required: true },
    size: { type: Number, required: true },
    sha256: { type: String, required: true },
    pieces: { type: Number, required: true },
    owner: { type: Schema.Types.Mixed, required: true } as never,
    by: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'files' },
);
storedFileSchema.index({ 'owner.code': 1, at: 1 });

export const filePieceSchema = new Schema<FilePiece>({ _id: { type: String, required: true }, bytes: { type: Buffer, required: true } as never }, { collection: 'filePieces', versionKey: false });
