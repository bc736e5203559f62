import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import { adminsEndingWith, mustLeaveAnAdmin } from '../accounts/last-admin.js';
import type { Actor } from '../actor.js';
import { mustBeActiveAgency, readPersonFields } from './person-fields.js';
import type { Person } from '../person.model.js';
import { mustBeAllowed } from '../policy.js';
import { writePerson } from './write-person.js';

export interface LeaveService {
  id: string;
  /** Who takes the work over; null: nobody. Absent: whoever stands in now stays. */
  successorId?: string | null;
}

/**
 * "Nghỉ việc, chuyển công tác": nothing more is sent to this person, their chats and logins stop, and the successor stands
 * in for them. The record of what they did stays. Throws forbidden, person-unknown, account-own, account-last-admin, and for the successor
 * person-unknown, person-inactive, input-invalid.
 */
export async function deactivatePerson(ctx: Ctx, actor: Actor, input: LeaveService): Promise<Person> {
  mustBeAllowed(actor, 'person.write');
  const { person, before } = await writePerson(ctx, 'deactivate', input.id, async (current) => {
    if (actor.kind === 'account' && actor.personId === input.id) throw new DomainError('account-own');
    if (current.active) await mustNotLockOut(ctx, actor, current);
    const successor = input.successorId === undefined ? {} : await readPersonFields(ctx, { deputyId: input.successorId }, current);
    return { ...successor, active: false, leave: null, ...(current.active ? { leftAt: ctx.clock.now() } : {}) };
  });
  await recordAudit(ctx, actor, {
    action: 'person.deactivate', entity: 'person', entityKey: input.id,
    before: before ? { active: before.active, deputyId: before.deputyId ?? null } : null,
    after: { name: person.name, active: false, deputyId: person.deputyId ?? null },
  });
  return person;
}

/** A login of an administrator ends with its person: only an administrator may end it, and another one must be left. */
async function mustNotLockOut(ctx: Ctx, actor: Actor, person: Person): Promise<void> {
  const ending = await adminsEndingWith(ctx, person);
  if (ending.length === 0) return;
  mustBeAllowed(actor, 'account.write');
  await mustLeaveAnAdmin(ctx, ending);
}

/** "Cho công tác lại": messages, chats and logins work again. Throws forbidden, person-unknown, agency-inactive. */
export async function reactivatePerson(ctx: Ctx, actor: Actor, input: { id: string }): Promise<Person> {
  mustBeAllowed(actor, 'person.write');
  const { person, before } = await writePerson(ctx, 'reactivate', input.id, async (current) => {
    await mustBeActiveAgency(ctx, current.agencyCode);
    return { active: true, leftAt: null };
  });
  await recordAudit(ctx, actor, {
    action: 'person.reactivate', entity: 'person', entityKey: input.id,
    before: before ? { active: before.active } : null,
    after: { name: person.name, active: true },
  });
  return person;
}
