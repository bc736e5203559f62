import { missingForChannel } from '../config.js';
import type { Ctx } from '../context.js';
import { liveAddress, type DeadMailbox } from './mailbox.js';

/**
 * Which of these agencies (all where none are named) somebody hears of a task in: an active leader or officer, or a living
 * mailbox while mail is configured. A task of any other agency is told to nobody.
 */
export async function reachedAgencies(ctx: Ctx, codes?: readonly string[]): Promise<Set<string>> {
  const of = (field: string) => (codes ? { [field]: { $in: [...codes] } } : {});
  const staffed = await ctx.db.Person.distinct('agencyCode', { ...of('agencyCode'), roles: { $in: ['leader', 'officer'] }, active: true }).exec();
  if (missingForChannel(ctx.config, 'email').length > 0) return new Set(staffed);
  const written = await ctx.db.Agency.find({ ...of('code'), active: true }, { code: 1, email: 1, emailDead: 1 }).lean<{ code: string; email?: string; emailDead?: DeadMailbox | null }[]>();
  return new Set([...staffed, ...written.flatMap((agency) => (liveAddress(agency) ? [agency.code] : []))]);
}
