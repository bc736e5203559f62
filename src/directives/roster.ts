import type { Ctx } from '../context.js';
import type { Agency } from '../people/agency.model.js';
import type { Person } from '../people/person.model.js';
import { receiversAmong, staffOf } from '../people/receivers.js';
import type { TaskInput } from './task-input.js';

/** Everybody a request speaks of, read once for all its tasks: a document may hold five hundred. */
export interface Roster {
  agency(code: string): Agency | undefined;
  person(id: string): Person | undefined;
  /** Who hears of a task of this agency: its leaders, and the officer named or all its officers. */
  receiversOf(agencyCode: string, officerId?: string | null): string[];
}

const HEX = /^[0-9a-f]{24}$/i;

/** Three questions to the database, however many tasks there are. */
export async function loadRoster(ctx: Ctx, tasks: readonly TaskInput[], issuer?: string): Promise<Roster> {
  const codes = [...new Set([...tasks.flatMap((task) => [task.leadAgencyCode, ...(task.coordinatingAgencyCodes ?? [])]), ...(issuer ? [issuer] : [])])];
  const ids = [...new Set(tasks.flatMap((task) => [task.officerId, task.monitorId, task.leaderId]).filter((id): id is string => id !== undefined && HEX.test(id)))];
  const [agencies, named, staff] = await Promise.all([
    ctx.db.Agency.find({ code: { $in: codes } }).lean<Agency[]>(),
    ctx.db.Person.find({ _id: { $in: ids } }).lean<Person[]>(),
    staffOf(ctx, codes),
  ]);
  const byCode = new Map(agencies.map((agency) => [agency.code, agency]));
  const byId = new Map(named.map((person) => [person._id.toString(), person]));
  return {
    agency: (code) => byCode.get(code),
    person: (id) => byId.get(id.toLowerCase()),
    receiversOf: (agencyCode, officerId) => receiversAmong(staff.filter((person) => person.agencyCode === agencyCode), officerId ? (byId.get(officerId.toLowerCase()) ?? null) : null),
  };
}
