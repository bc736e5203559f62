import type { Ctx } from '../context.js';
import type { Actor } from './actor.js';
import type { Agency } from './agency.model.js';
import type { Person } from './person.model.js';
import { personActor, personById } from './receivers.js';

/** Whom a signed reply address names, and the one address their answers are taken from and go to. */
export interface MailWriter {
  actor: Actor;
  /** Lower case. */
  address: string;
  personId?: string;
  person?: Person;
  agencyCode?: string;
}

/** `who` is "p:<person id>" or "a:<agency id>". Null for people and agencies no longer active or without an address. */
export async function findMailWriter(ctx: Ctx, who: string): Promise<MailWriter | null> {
  const [kind, id = ''] = who.split(':');
  return kind === 'a' ? agencyWriter(ctx, id) : personWriter(ctx, id);
}

async function personWriter(ctx: Ctx, id: string): Promise<MailWriter | null> {
  const person = await personById(ctx, id);
  if (!person?.active || !person.email) return null;
  return { actor: personActor(person, 'email'), address: person.email.toLowerCase(), personId: person._id.toString(), person };
}

/** A mailbox acts as a login of its agency; the record shows that it came through the mailbox. */
async function agencyWriter(ctx: Ctx, id: string): Promise<MailWriter | null> {
  const agency = /^[0-9a-f]{24}$/.test(id) ? await ctx.db.Agency.findOne({ _id: id, active: true }).lean<Agency>() : null;
  if (!agency?.email) return null;
  const actor: Actor = { kind: 'account', accountId: `mailbox:${agency.code}`, name: agency.name, role: 'agency', agencyCode: agency.code, personId: null, via: 'email' };
  return { actor, address: agency.email.toLowerCase(), agencyCode: agency.code };
}
