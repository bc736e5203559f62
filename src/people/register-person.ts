import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import { isDuplicateKey } from '../db/counters.js';
import { DomainError } from '../kernel/errors.js';
import { fold } from '../kernel/fold.js';
import type { Actor } from './actor.js';
import type { Agency } from './agency.model.js';
import { factId } from './fact-id.js';
import type { Person, PersonRole } from './person.model.js';
import { normalisePhone } from './phone.js';
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

/** Enters a person. Throws 'agency-unknown', 'agency-inactive', 'input-invalid' (phone). */
export async function registerPerson(ctx: Ctx, actor: Actor, input: PersonInput): Promise<Person> {
  mustBeAllowed(actor, 'person.write');
  const { agencyCode, roles, email } = input;
  const agency = await ctx.db.Agency.findOne({ code: agencyCode }).lean<Agency>();
  if (!agency) throw new DomainError('agency-unknown', { code: agencyCode, path: 'agencyCode' });
  if (!agency.active) throw new DomainError('agency-inactive', { code: agencyCode, path: 'agencyCode' });
  const name = input.name.normalize('NFC').trim();
  const position = input.position.normalize('NFC').trim();
  const _id = factId(ctx.cause, 'person', agencyCode, fold(name), fold(position));
  const phone = input.phone ? phoneOf(input.phone) : undefined;
  const record = { _id, name, nameFold: fold(name), position, agencyCode, roles: [...new Set(roles)], channelOrder: [], active: true };
  try {
    await ctx.db.Person.create({ ...record, ...(phone ? { phone } : {}), ...(email ? { email } : {}), createdAt: ctx.clock.now() });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  await recordAudit(ctx, actor, { action: 'person.register', entity: 'person', entityKey: _id, after: { name, position, agencyCode, roles } });
  return (await ctx.db.Person.findById(_id).orFail().lean<Person>());
}

function phoneOf(text: string): string {
  const phone = normalisePhone(text);
  if (!phone) throw new DomainError('input-invalid', { path: 'phone', expected: 'số điện thoại Việt Nam, ví dụ 0912345678' });
  return phone;
}
