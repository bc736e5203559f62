import type { Ctx } from '../context.js';

/**
 * A mailbox the provider says is gone, kept beside the address it was: another address is a fresh start, whoever edits it.
 */
export interface DeadMailbox {
  address: string;
  at: Date;
  /** The provider's code, e.g. "5.1.1". */
  code: string;
}

interface HasMailbox {
  email?: string | undefined;
  emailDead?: DeadMailbox | null;
}

/** The address mail may go to; null where there is none or the provider said that it is gone. */
export const liveAddress = ({ email, emailDead }: HasMailbox): string | null => (email && emailDead?.address !== email ? email : null);

/** Who has this mailbox was heard of by mail: it lives. */
export async function reviveMailbox(ctx: Ctx, owner: { personId?: string; agencyCode?: string }): Promise<void> {
  if (owner.personId) await ctx.db.Person.updateOne({ _id: owner.personId, emailDead: { $ne: null } }, { $set: { emailDead: null } });
  if (owner.agencyCode) await ctx.db.Agency.updateOne({ code: owner.agencyCode, emailDead: { $ne: null } }, { $set: { emailDead: null } });
}

/** The agency's mailbox as somebody to tell; nobody where there is none. */
export const mailboxOf = (agency: (HasMailbox & { code: string; active: boolean }) | null | undefined): { agencyCode: string }[] =>
  agency?.active && liveAddress(agency) ? [{ agencyCode: agency.code }] : [];

/** An agency as the reader of a mail to its mailbox; it has no post, which is how texts know it. */
export interface AgencyReader {
  name: string;
  position: '';
  agencyCode: string;
  person: null;
}

/** The agency whose mailbox a delivery goes to; null where it goes to somebody else, or the agency is no longer active. */
export async function agencyReader(ctx: Ctx, data: Readonly<Record<string, unknown>>): Promise<AgencyReader | null> {
  const code = data['agencyCode'];
  const agency = typeof code === 'string' ? await ctx.db.Agency.findOne({ code, active: true }, { name: 1 }).lean<{ name: string }>() : null;
  return agency && typeof code === 'string' ? { name: agency.name, position: '', agencyCode: code, person: null } : null;
}
