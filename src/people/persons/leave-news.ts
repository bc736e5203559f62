import type { LeaveNews, Person } from '../person.model.js';

type Leave = Pick<Person, 'leave'>['leave'];

/** Who is away and who stands in, as a change leaves it. */
interface After {
  leave?: unknown;
  deputyId?: unknown;
}

/**
 * What the person and whoever stands in have to be told of a change to them: a leave entered, moved or taken back, or another
 * deputy for one that is not over. Undefined: nothing. `mark` names the change.
 */
export function leaveNewsOf(before: Person, patch: After, now: Date, mark: string): LeaveNews | undefined {
  const leave = ('leave' in patch ? patch.leave : before.leave) as Leave;
  const [former, deputy] = [idOf(before.deputyId), idOf('deputyId' in patch ? patch.deputyId : before.deputyId)];
  const ahead = (one: Leave): boolean => Boolean(one && new Date(one.until) > now);
  const moved = spanOf(leave) !== spanOf(before.leave) && (ahead(leave) || ahead(before.leave));
  return moved || (ahead(leave) && former !== deputy) ? { mark, formerDeputyId: before.leaveNews?.formerDeputyId ?? former } : undefined;
}

/** A leave as a word that changes with it; '' without one. */
export const spanOf = (leave: Leave): string => (leave ? `${new Date(leave.from).toISOString()}/${new Date(leave.until).toISOString()}` : '');

const idOf = (id: unknown): string | null => (id ? String(id) : null);
