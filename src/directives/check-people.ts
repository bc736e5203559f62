import { DomainError } from '../kernel/errors.js';
import type { Person } from '../people/person.model.js';
import type { Roster } from './roster.js';
import type { TaskInput } from './task-input.js';

/** Throws agency-unknown or agency-inactive, with the field's path. */
export function mustBeActiveAgency(roster: Roster, code: string, path: string): void {
  const agency = roster.agency(code);
  if (!agency) throw new DomainError('agency-unknown', { code, path });
  if (!agency.active) throw new DomainError('agency-inactive', { code, path });
}

/**
 * The agencies and people of one task: all known and active, the lead not among the coordinating, the officer one of the
 * lead agency's own people. Throws agency-…, person-…, input-invalid with the field's path under `path`.
 */
export function checkPeople(roster: Roster, task: TaskInput, path: string): void {
  mustBeActiveAgency(roster, task.leadAgencyCode, `${path}leadAgencyCode`);
  for (const [i, code] of (task.coordinatingAgencyCodes ?? []).entries()) {
    const at = `${path}coordinatingAgencyCodes.${i}`;
    if (code === task.leadAgencyCode) throw new DomainError('input-invalid', { path: at, expected: 'cơ quan phối hợp phải khác cơ quan chủ trì' });
    mustBeActiveAgency(roster, code, at);
  }
  const officer = activePerson(roster, task.officerId, `${path}officerId`);
  if (officer && officer.agencyCode !== task.leadAgencyCode) throw new DomainError('input-invalid', { path: `${path}officerId`, expected: 'phải là cán bộ của cơ quan chủ trì' });
  activePerson(roster, task.monitorId, `${path}monitorId`);
  activePerson(roster, task.leaderId, `${path}leaderId`);
}

function activePerson(roster: Roster, id: string | undefined, path: string): Person | undefined {
  if (!id) return undefined;
  const person = roster.person(id);
  if (!person) throw new DomainError('person-unknown', { id, path });
  if (!person.active) throw new DomainError('person-inactive', { id, path });
  return person;
}
