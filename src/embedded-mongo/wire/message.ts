/**
 * The framing of MongoDB's wire protocol: OP_MSG in full, OP_QUERY only for the first hello of a driver.
 * Everything here works on untrusted bytes: whatever does not add up throws a WireError and the connection is closed.
 */

export const OP_REPLY = 1;
export const OP_QUERY = 2004;
export const OP_MSG = 2013;

/** What a message, a document and a batch may be at most; hello tells the driver the same numbers. */
export const MAX_MESSAGE_BYTES = 48_000_000;
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
export const MAX_WRITE_BATCH = 100_000;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const EXHAUST_ALLOWED = 1 << 16;

/** Bytes that are no message: there is no sane reply, so the connection ends. */
export class WireError extends Error {}

/** One request as it came in; `sequences` are the kind 1 sections, still raw BSON. */
export interface WireRequest {
  requestId: number;
  opCode: number;
  body: Buffer;
  sequences: Map<string, Buffer[]>;
  /** The client wants no reply (w: 0). */
  moreToCome: boolean;
  /** OP_QUERY only: "db.$cmd". */
  namespace?: string;
}

/** The length a message claims, checked: a stream that lies about it cannot be followed any further. */
export function messageLength(head: Buffer): number {
  const length = head.readInt32LE(0);
  if (length < 16 + 5 || length > MAX_MESSAGE_BYTES) throw new WireError(`message length ${length} is out of bounds`);
  return length;
}

/** Takes one whole message apart. The buffers returned are views into `message`. */
export function parseMessage(message: Buffer): WireRequest {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  if (opCode === OP_MSG) return parseOpMsg(message, requestId);
  if (opCode === OP_QUERY) return parseOpQuery(message, requestId);
  throw new WireError(`opcode ${opCode} is not supported`);
}

function parseOpMsg(message: Buffer, requestId: number): WireRequest {
  if (message.length < 26) throw new WireError('OP_MSG is too short');
  const flags = message.readUInt32LE(16);
  const unknownRequired = flags & 0xffff & ~(CHECKSUM_PRESENT | MORE_TO_COME);
  if (unknownRequired !== 0) throw new WireError(`unknown OP_MSG flag bits ${unknownRequired}`);
  // The checksum is skipped, not verified: TCP on loopback has one of its own.
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  const request: WireRequest = {
    requestId, opCode: OP_MSG, body: Buffer.alloc(0), sequences: new Map(),
    moreToCome: (flags & MORE_TO_COME) !== 0 && (flags & EXHAUST_ALLOWED) === 0,
  };
  let offset = 20;
  while (offset < end) offset = readSection(message, offset, end, request);
  if (request.body.length === 0) throw new WireError('OP_MSG without a body section');
  return request;
}

function readSection(message: Buffer, offset: number, end: number, request: WireRequest): number {
  const kind = message[offset];
  if (kind === 0) {
    if (request.body.length > 0) throw new WireError('OP_MSG with two body sections');
    request.body = documentAt(message, offset + 1, end);
    return offset + 1 + request.body.length;
  }
  if (kind !== 1 || offset + 5 > end) throw new WireError(`unknown OP_MSG section kind ${kind}`);
  const sectionEnd = offset + 1 + message.readInt32LE(offset + 1);
  const nameEnd = message.indexOf(0, offset + 5);
  if (sectionEnd > end || nameEnd < 0 || nameEnd >= sectionEnd) throw new WireError('document sequence is malformed');
  const name = message.toString('utf8', offset + 5, nameEnd);
  if (request.sequences.has(name)) throw new WireError(`two document sequences named ${name}`);
  const documents: Buffer[] = [];
  for (let at = nameEnd + 1; at < sectionEnd; ) {
    const document = documentAt(message, at, sectionEnd);
    documents.push(document);
    at += document.length;
  }
  request.sequences.set(name, documents);
  return sectionEnd;
}

function parseOpQuery(message: Buffer, requestId: number): WireRequest {
  const nameEnd = message.indexOf(0, 20);
  if (nameEnd < 0 || nameEnd + 9 > message.length) throw new WireError('OP_QUERY is malformed');
  return {
    requestId, opCode: OP_QUERY, body: documentAt(message, nameEnd + 9, message.length), sequences: new Map(),
    moreToCome: false, namespace: message.toString('utf8', 20, nameEnd),
  };
}

function documentAt(message: Buffer, offset: number, end: number): Buffer {
  if (offset + 5 > end) throw new WireError('a document is cut off');
  const length = message.readInt32LE(offset);
  if (length < 5 || offset + length > end || message[offset + length - 1] !== 0) {
    throw new WireError('a document does not fit its message');
  }
  return message.subarray(offset, offset + length);
}

/** The reply to a request, framed as that kind of request expects it. */
export function frameReply(request: WireRequest, replyId: number, body: Buffer): Buffer {
  const legacy = request.opCode === OP_QUERY;
  const headLength = legacy ? 36 : 21;
  const head = Buffer.alloc(headLength);
  head.writeInt32LE(headLength + body.length, 0);
  head.writeInt32LE(replyId, 4);
  head.writeInt32LE(request.requestId, 8);
  head.writeInt32LE(legacy ? OP_REPLY : OP_MSG, 12);
  if (legacy) {
    head.writeInt32LE(8, 16); // AwaitCapable, as every server says
    head.writeInt32LE(1, 32); // one document
  }
  return Buffer.concat([head, body]);
}
