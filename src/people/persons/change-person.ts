import { changedValues } from '../../audit/changed-values.js';
import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Actor } from '../actor.js';
import { readPersonFields, type PersonFields } from './person-fields.js';
import type { Person } from '../person.model.js';
import { mustBeAllowed } from '../policy.js';
import { leaveNewsOf } from './leave-news.js';
import { writePerson } from './write-person.js';

export interface PersonChange {
  id: string;
  /** The revision the form showed: somebody else's change in between is then not overwritten. Absent: whatever it is now. */
  rev?: number;
  /** Only what is named changes; null takes a value away. */
  changes: Partial<PersonFields>;
}

/**
 * Changes what is known of a person: post, agency (a transfer), roles, addresses, deputy, leave, own hours, order of channels.
 * The record keeps the old and the new values of what changed. Throws forbidden, person-unknown, person-has-left,
 * changed-meanwhile and what readPersonFields throws.
 */
export async function changePerson(ctx: Ctx, actor: Actor, input: PersonChange): Promise<Person> {
  mustBeAllowed(actor, 'person.write');
  const { person, before } = await writePerson(ctx, 'change', input.id, async (current) => {
    if (!current.active) throw new DomainError('person-has-left', { name: current.name });
    if (input.rev !== undefined && input.rev !== (current.rev ?? 0)) throw new DomainError('changed-meanwhile', { id: input.id });
    const patch = await readPersonFields(ctx, input.changes, current);
    const leaveNews = leaveNewsOf(current, patch, ctx.clock.now(), String((current.rev ?? 0) + 1));
    return leaveNews ? { ...patch, leaveNews } : patch;
  });
  if (person.leaveNews) ctx.wake('intents');
  const changed = changedValues({ names: shownNames, asked: input.changes }, before, person);
  if (changed) await recordAudit(ctx, actor, { action: 'person.change', entity: 'person', entityKey: input.id, before: changed.before, after: { ...changed.after, name: person.name } });
  return person;
}

const shownNames = ['name', 'position', 'agencyCode', 'roles', 'phone', 'email', 'deputyId', 'leave', 'digestAt', 'quiet', 'channelOrder'] as const satisfies readonly (keyof PersonFields)[];
