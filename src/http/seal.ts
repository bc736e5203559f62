import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import type { Ctx } from '../context.js';

/**
 * Answers are kept for replay but may hold what is kept nowhere else (a link code's letters), so they are sealed with
 * AES-256-GCM; the key comes from the API token and the caller's Idempotency-Key, neither of which is in the database.
 */
export function seal(ctx: Ctx, idempotencyKey: string, text: string): string {
  const iv = ctx.random.bytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyFor(ctx, idempotencyKey), iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
}

/** The sealed text; undefined where the token was changed since. */
export function unseal(ctx: Ctx, idempotencyKey: string, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyFor(ctx, idempotencyKey), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

const keyFor = (ctx: Ctx, idempotencyKey: string): Buffer =>
  Buffer.from(hkdfSync('sha256', ctx.config.API_TOKEN?.reveal() ?? '', digest(idempotencyKey), 'nhac-viec answered request', 32));

/** SHA-256 in hexadecimal. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
