import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import { isDuplicateKey } from '../db/counters.js';
import { fold } from '../kernel/fold.js';
import type { Actor } from './actor.js';
import { factId } from './fact-id.js';
import { readPersonFields } from './persons/person-fields.js';
import type { Person, PersonRole } from './person.model.js';
import { mustBeAllowed } from './policy.js';

export interface PersonInput {
  name: string;
  position: string;
  agencyCode: string;
  roles: PersonRole[];
  /** As people write it; stored as 84… */
  phone?: string;
  email?: string;
}

/** Enters a person. Throws 'agency-unknown', 'agency-inactive', 'input-invalid'. */
export async function registerPerson(ctx: Ctx, actor: Actor, input: PersonInput): Promise<Person> {
  mustBeAllowed(actor, 'person.write');
  const { name, position, agencyCode, roles, phone, email } = input;
  const stored = await readPersonFields(ctx, { name, position, agencyCode, roles, ...(phone ? { phone } : {}), ...(email ? { email } : {}) }, null);
  const _id = factId(ctx.cause, 'person', agencyCode, fold(name), fold(position));
  try {
    await ctx.db.Person.create({ ...(stored as Partial<Person>), _id, channelOrder: [], active: true, createdAt: ctx.clock.now() });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const person = await ctx.db.Person.findById(_id).orFail().lean<Person>();
  await recordAudit(ctx, actor, { action: 'person.register', entity: 'person', entityKey: _id, after: { name: person.name, position: person.position, agencyCode, roles } });
  return person;
}
