import type { Ctx } from '../context.js';
import { isDuplicateKey } from '../db/counters.js';
import { byOf, type Actor } from '../people/actor.js';

/** What happened to which record; `entityKey` is the code people use, or the id. Keep secrets out of before and after. */
export interface AuditInput {
  action: string;
  entity: string;
  entityKey: string;
  before?: Record<string, unknown> | null;
  after?: Record<string, unknown> | null;
}

/** Adds one line to the book nobody edits. Repeating the same cause, action and record adds nothing. */
export async function recordAudit(ctx: Ctx, actor: Actor, input: AuditInput): Promise<void> {
  const { action, entity, entityKey, before = null, after = null } = input;
  try {
    await ctx.db.AuditEntry.create({ at: ctx.clock.now(), cause: ctx.cause, by: byOf(actor), action, entity, entityKey, before, after });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
