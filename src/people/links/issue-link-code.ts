import { createHash } from 'node:crypto';
import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import { humanCode } from '../../kernel/ids.js';
import type { Actor } from '../actor.js';
import { mustBeAllowed } from '../policy.js';
import { personById } from '../receivers.js';

/** How long a link code is good for: ten minutes, in milliseconds. */
export const LINK_CODE_LIFE_MS = 10 * 60_000;

/** A week after its end a code helps nobody any more; the audit keeps who was linked. */
const KEEP_MS = 7 * 86_400_000;

/** How a code is kept: SHA-256 of it in capitals, without the spaces and hyphens people put in. */
export const hashLinkCode = (code: string): string =>
  createHash('sha256').update(code.toUpperCase().replace(/[\s-]/g, '')).digest('hex');

/**
 * A one-time code that ties a chat to this person; the only moment its letters are known. Older unused codes of the person
 * end here, so a repeated cause leaves one live code. Throws 'person-unknown' (also for people no longer active).
 */
export async function issueLinkCode(ctx: Ctx, actor: Actor, input: { personId: string }): Promise<{ code: string; expiresAt: Date }> {
  mustBeAllowed(actor, 'link-code.issue');
  const person = await personById(ctx, input.personId);
  if (!person?.active) throw new DomainError('person-unknown', { id: input.personId });
  const now = ctx.clock.now();
  const code = humanCode(ctx.random, 8);
  const expiresAt = new Date(now.getTime() + LINK_CODE_LIFE_MS);
  await ctx.db.LinkCode.deleteMany({ expiresAt: { $lt: new Date(now.getTime() - KEEP_MS) } });
  await ctx.db.LinkCode.updateMany({ personId: person._id, usedAt: null }, { $set: { usedAt: now } });
  await ctx.db.LinkCode.create({ codeHash: hashLinkCode(code), personId: person._id, createdAt: now, expiresAt, usedAt: null, usedBy: null });
  await recordAudit(ctx, actor, { action: 'link-code.issue', entity: 'person', entityKey: input.personId, after: { expiresAt } });
  return { code, expiresAt };
}
