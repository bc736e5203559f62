import type { Ctx } from '../../context.js';
import type { Agency } from '../../people/agency.model.js';
import { mailboxAgency } from '../agency-copy.js';
import type { Delivery } from '../delivery.model.js';
import { quietApplies } from './quiet-hours.js';

export type MailboxHours = ReadonlyMap<string, Pick<Agency, 'quiet'>>;

/** Quiet hours of the agencies whose mailboxes these copies go to, by code. One question for a whole batch, none where there is no such copy. */
export async function mailboxHours(ctx: Ctx, batch: readonly Pick<Delivery, 'lane' | 'chat' | 'asked' | 'data' | 'kind'>[]): Promise<MailboxHours> {
  const codes = new Set(batch.flatMap((row) => (quietApplies(row) ? (mailboxAgency(row) ?? []) : [])));
  if (codes.size === 0) return new Map();
  const agencies = await ctx.db.Agency.find({ code: { $in: [...codes] }, quiet: { $ne: null } }, { code: 1, quiet: 1 }).lean<Pick<Agency, 'code' | 'quiet'>[]>();
  return new Map(agencies.map(({ code, quiet }) => [code, { quiet: quiet ?? null }]));
}
