import type { Ctx } from '../context.js';
import type { Actor } from './actor.js';

/** Leads the province itself: the Chủ tịch and Phó Chủ tịch of its Ủy ban nhân dân. */
export async function leadsProvince(ctx: Ctx, { roles, agencyCode }: { roles: readonly string[]; agencyCode: string }): Promise<boolean> {
  if (!roles.includes('leader')) return false;
  const agency = await ctx.db.Agency.findOne({ code: agencyCode }, { type: 1 }).lean();
  return agency?.type === 'province';
}

/** The person in a chat with what the place they lead allows: leaders of the province may read everything there, as their logins may. */
export async function withPresiding(ctx: Ctx, actor: Actor): Promise<Actor> {
  return actor.kind === 'person' && (await leadsProvince(ctx, actor)) ? { ...actor, presides: true } : actor;
}
