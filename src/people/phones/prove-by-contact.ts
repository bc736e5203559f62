import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import type { ChatChannel } from '../../kernel/channels.js';
import type { Person } from '../person.model.js';
import { normalisePhone } from '../phone.js';
import { personActor } from '../receivers.js';

/** A shared contact; `isOwn` only where the provider vouches that it is the sender's own. */
export interface SharedContact {
  channel: ChatChannel;
  phone: string;
  isOwn: boolean;
}

/** An own contact with the person's number proves it as a code would. True where the number is proven now. */
export async function proveByContact(ctx: Ctx, person: Person, { channel, phone, isOwn }: SharedContact): Promise<boolean> {
  const number = normalisePhone(phone);
  if (!isOwn || !number || number !== person.phone) return false;
  const written = await ctx.db.Person.updateOne({ _id: person._id, phone: number, phoneVerifiedAt: null }, { $set: { phoneVerifiedAt: ctx.clock.now() } });
  if (written.modifiedCount > 0) await recordAudit(ctx, personActor(person, channel), { action: 'phone.verify', entity: 'person', entityKey: person._id.toString(), after: { by: 'contact' } });
  return true;
}
