import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Actor } from '../actor.js';
import { readPersonFields, type PersonFields } from './person-fields.js';
import type { Person } from '../person.model.js';
import { mustBeAllowed } from '../policy.js';
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
    return readPersonFields(ctx, input.changes, current);
  });
  const names = shownNames.filter((name) => name in input.changes && (!before || differs(before[name], person[name])));
  if (names.length > 0) {
    const after = { ...shown(person, names), name: person.name };
    await recordAudit(ctx, actor, { action: 'person.change', entity: 'person', entityKey: input.id, before: before ? shown(before, names) : null, after });
  }
  return person;
}

const shownNames = ['name', 'position', 'agencyCode', 'roles', 'phone', 'email', 'deputyId', 'leave', 'digestAt', 'quiet', 'channelOrder'] as const satisfies readonly (keyof PersonFields)[];

const plain = (value: unknown): string => JSON.stringify(value ?? null);
const differs = (a: unknown, b: unknown): boolean => plain(a) !== plain(b);

const shown = (person: Person, names: readonly (typeof shownNames)[number][]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, person[name] ?? null]));
