import type { FastifyRequest } from 'fastify';
import { because, type Ctx } from '../context.js';
import type { AnsweredRequest } from '../db/answered-request.model.js';
import { isDuplicateKey } from '../db/counters.js';
import { DomainError } from '../kernel/errors.js';
import { digest, seal, unseal } from './seal.js';

/** A use case's result on its way out. */
export interface Answer {
  status: number;
  body: unknown;
  /** True where an earlier answer is given again. */
  replayed?: boolean;
}

const KEEP_MS = 24 * 3_600_000;
/** Longer than any request takes; a process that died lets go after it. */
const CLAIM_MS = 120_000;

/**
 * Does the work once per Idempotency-Key: the same request gets the same answer for 24 hours. Only successes are kept; after an
 * error, or a crash, the work is done again with the same cause, so that what was already written is found and not doubled.
 * Throws 'idempotency-key-reused' (same key, other request), 'request-in-progress'.
 */
export async function answerOnce(ctx: Ctx, request: FastifyRequest, work: (ctx: Ctx) => Promise<Answer>): Promise<Answer> {
  const key = keyOf(request);
  if (key === undefined) return work(because(ctx, `api:${request.id}`));
  const fingerprint = digest(JSON.stringify([request.method, request.url, sorted(request.body)]));
  const claim = Buffer.from(ctx.random.bytes(12)).toString('base64url');
  const earlier = await take(ctx, { _id: digest(key), fingerprint, claim });
  const replay = earlier && read(ctx, key, earlier);
  if (replay) return replay;
  const mine = { _id: digest(key), claim };
  try {
    const answer = await work(because(ctx, `api:${key}:${fingerprint.slice(0, 8)}`));
    await ctx.db.AnsweredRequest.updateOne(mine, { $set: { status: answer.status, sealed: seal(ctx, key, JSON.stringify(answer.body)) } });
    return answer;
  } catch (error) {
    await ctx.db.AnsweredRequest.deleteOne(mine);
    throw error;
  }
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new DomainError('input-invalid', { path: 'Idempotency-Key', expected: 'cần 1 đến 200 ký tự ASCII, không có dấu cách' });
}

/** Makes the request ours, or returns the answered one. */
async function take(ctx: Ctx, mine: { _id: string; fingerprint: string; claim: string }): Promise<AnsweredRequest | null> {
  const now = ctx.clock.now();
  const claimedUntil = new Date(now.getTime() + CLAIM_MS);
  const fresh = { ...mine, claimedUntil, expiresAt: new Date(now.getTime() + KEEP_MS), status: null, sealed: null };
  // An old answer is as good as none; so is one whose worker died, if it is the same request that comes again.
  const free = { _id: mine._id, $or: [{ expiresAt: { $lte: now } }, { fingerprint: mine.fingerprint, sealed: null, claimedUntil: { $lte: now } }] };
  try {
    await ctx.db.AnsweredRequest.updateOne(free, { $set: fresh, $currentDate: { storedAt: true } }, { upsert: true });
    return null;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const other = await ctx.db.AnsweredRequest.findById(mine._id).lean<AnsweredRequest>();
  if (other && other.fingerprint !== mine.fingerprint) throw new DomainError('idempotency-key-reused');
  if (!other?.sealed) throw new DomainError('request-in-progress');
  return other;
}

function read(ctx: Ctx, key: string, { status, sealed }: AnsweredRequest): Answer {
  const text = sealed === null ? undefined : unseal(ctx, key, sealed);
  // Answered under another token: neither can it be read nor may the work be done again.
  if (text === undefined || status === null) throw new DomainError('idempotency-key-reused');
  return { status, body: JSON.parse(text) as unknown, replayed: true };
}

/** The same JSON whatever the order of its keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
