import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import type { Person } from '../people/person.model.js';
import { personById } from '../people/receivers.js';
import type { TaskInput } from './task-input.js';

/** Throws agency-unknown or agency-inactive, with the field's path. */
export async function mustBeActiveAgency(ctx: Ctx, code: string, path: string): Promise<void> {
  const agency = await ctx.db.Agency.findOne({ code }).lean();
  if (!agency) throw new DomainError('agency-unknown', { code, path });
  if (!agency.active) throw new DomainError('agency-inactive', { code, path });
}

/**
 * The agencies and people of one task: all known and active, the lead not among the coordinating, the officer one of the
 * lead agency's own people. Throws agency-…, person-…, input-invalid with the field's path under `path`.
 */
export async function checkPeople(ctx: Ctx, task: TaskInput, path: string): Promise<void> {
  await mustBeActiveAgency(ctx, task.leadAgencyCode, `${path}leadAgencyCode`);
  for (const [i, code] of (task.coordinatingAgencyCodes ?? []).entries()) {
    const at = `${path}coordinatingAgencyCodes.${i}`;
    if (code === task.leadAgencyCode) throw new DomainError('input-invalid', { path: at, expected: 'cơ quan phối hợp phải khác cơ quan chủ trì' });
    await mustBeActiveAgency(ctx, code, at);
  }
  const officer = await activePerson(ctx, task.officerId, `${path}officerId`);
  if (officer && officer.agencyCode !== task.leadAgencyCode) throw new DomainError('input-invalid', { path: `${path}officerId`, expected: 'phải là cán bộ của cơ quan chủ trì' });
  await activePerson(ctx, task.monitorId, `${path}monitorId`);
  await activePerson(ctx, task.leaderId, `${path}leaderId`);
}

async function activePerson(ctx: Ctx, id: string | undefined, path: string): Promise<Person | undefined> {
  if (!id) return undefined;
  const person = await personById(ctx, id);
  if (!person) throw new DomainError('person-unknown', { id, path });
  if (!person.active) throw new DomainError('person-inactive', { id, path });
  return person;
}
