import { DomainError } from '../kernel/errors.js';
import type { Actor } from './actor.js';
import type { PersonRole } from './person.model.js';
import { answersFor } from './receivers.js';

export const actions = [
  'agency.write', 'person.write', 'link-code.issue', 'directive.write', 'task.assign', 'task.read', 'task.report', 'task.remind',
  'task.move-deadline', 'task.confirm', 'task.return', 'meeting.write', 'meeting.read', 'meeting.answer', 'delivery.read',
  'account.write', 'password.change', 'calendar.write', 'channel.read', 'channel.write', 'audit.read',
  'hold.read', 'hold.decide', 'inbox.retry',
] as const;
export type Action = (typeof actions)[number];

type Ref = { toString(): string } | null | undefined;

/** Somebody away now, as far as the rules need to know. */
export interface Absent {
  _id: { toString(): string };
  name: string;
  agencyCode: string;
  roles: readonly PersonRole[];
}

/** What the rules need to know of a task or a meeting; the documents themselves fit. */
export interface Row {
  leadAgencyCode?: string;
  coordinatingAgencyCodes?: readonly string[];
  officerId?: Ref;
  /** Of a task: who answers in the named officer's stead by now (receivers.ts). */
  officerNow?: string | null;
  monitorId?: Ref;
  leaderId?: Ref;
  attendees?: readonly { personId: Ref }[];
  /** Of a login: its own id. */
  accountId?: string;
  /** Who is away now and has this actor in their place; whoever asks looks it up for the moment (acts-for.ts). */
  actsFor?: readonly Absent[];
}

/** Actors of the policy table; a person in chat has one rank per role and may do what any of them may. */
export type Rank = 'admin' | 'office' | 'leader' | 'agency' | 'api' | 'system' | 'chat-leader' | 'chat-officer' | 'chat-office' | 'chat-admin' | 'chat-presiding' | 'chat-acting';

/** `all`: every row. `own`: rows the actor's agency leads or takes part in, or that name the actor. `lead`: rows the agency leads. */
type Reach = 'all' | 'own' | 'lead';

const office = {
  'agency.write': 'all', 'person.write': 'all', 'link-code.issue': 'all', 'directive.write': 'all', 'task.assign': 'all', 'task.read': 'all',
  'task.remind': 'all', 'task.move-deadline': 'all', 'task.confirm': 'all', 'task.return': 'all', 'meeting.write': 'all', 'meeting.read': 'all',
  'delivery.read': 'all',
} as const;

/** Whoever has a login changes its password, and nobody else's. */
const ownLogin = { 'password.change': 'own' } as const;

/** A person answers in chat for the agency that leads, reads what concerns the agency or names them, and answers own invitations. */
const inChat = { 'task.read': 'own', 'task.report': 'lead', 'meeting.read': 'own', 'meeting.answer': 'own' } as const;

/** Whoever acts for somebody away answers the tasks that one would be told of, and reads what that one's agency helps with. */
const inTheirPlace = { 'task.read': 'own', 'task.report': 'lead' } as const;

/**
 * Who may do what: the one table. What is not in it is denied. Source: the office confirms, returns and urges; agencies see
 * their own and report where they lead; leaders see all and change nothing here (their staff enters for them).
 * The administrator also has the office's rights, because the first account of a new house has to be able to run it.
 */
export const policy: Readonly<Record<Rank, Partial<Record<Action, Reach>>>> = {
  admin: { ...office, ...ownLogin, 'account.write': 'all', 'calendar.write': 'all', 'channel.read': 'all', 'channel.write': 'all', 'audit.read': 'all', 'hold.read': 'all', 'hold.decide': 'all', 'inbox.retry': 'all' },
  office: { ...office, ...ownLogin, 'calendar.write': 'all', 'channel.read': 'all', 'hold.read': 'all', 'hold.decide': 'all' },
  leader: { ...ownLogin, 'task.read': 'all', 'meeting.read': 'all', 'delivery.read': 'all', 'audit.read': 'all' },
  agency: { ...ownLogin, 'task.read': 'own', 'task.report': 'lead', 'meeting.read': 'own' },
  api: office,
  system: Object.fromEntries(actions.map((action) => [action, 'all'])),
  'chat-leader': inChat,
  'chat-officer': inChat,
  'chat-office': { ...inChat, 'task.read': 'all', 'meeting.read': 'all', 'task.remind': 'all', 'delivery.read': 'all' },
  'chat-admin': { 'meeting.read': 'own', 'meeting.answer': 'own' },
  // What their logins may read; secret matters are not spoken of in chats (content-policy.ts).
  'chat-presiding': { 'task.read': 'all', 'meeting.read': 'all' },
  'chat-acting': inTheirPlace,
};

/** May this actor do this, to this row? Without a row only actors who may do it to every row get a yes. */
export const can = (actor: Actor, action: Action, row?: Row): boolean =>
  ranksOf(actor).some((rank) => reaches(policy[rank][action], actor, row)) || canForAbsent(actor, action, row);

/** Throws DomainError('forbidden') unless `can`. */
export function mustBeAllowed(actor: Actor, action: Action, row?: Row): void {
  if (!can(actor, action, row)) throw new DomainError('forbidden', { action });
}

/**
 * The same rule for lists: a filter on tasks that this actor may read; `{}` for all, null for none.
 * Combine it with other filters by `$and` only.
 */
export function taskScope(actor: Actor): Record<string, unknown> | null {
  const reach = ranksOf(actor).map((rank) => policy[rank]['task.read']);
  if (reach.includes('all')) return {};
  if (!reach.includes('own')) return null;
  const { agencyCode, personId } = whereabouts(actor);
  const either = [
    ...(agencyCode ? [{ leadAgencyCode: agencyCode }, { coordinatingAgencyCodes: agencyCode }] : []),
    ...(personId ? [{ officerId: personId }, { monitorId: personId }, { leaderId: personId }] : []),
  ];
  return either.length > 0 ? { $or: either } : null;
}

function ranksOf(actor: Actor): Rank[] {
  if (actor.kind === 'person') return [...actor.roles.map((role) => `chat-${role}` as const), ...(actor.presides && actor.roles.includes('leader') ? ['chat-presiding' as const] : [])];
  return actor.kind === 'account' ? [actor.role] : [actor.kind];
}

/** In the place of somebody away; a person's right only, never a login's. */
const canForAbsent = (actor: Actor, action: Action, row: Row | undefined): boolean =>
  actor.kind === 'person' && (row?.actsFor ?? []).some((absent) => concerns(policy['chat-acting'][action], absent, row ?? {}));

function concerns(reach: Reach | undefined, absent: Absent, { leadAgencyCode, coordinatingAgencyCodes, officerId, officerNow }: Row): boolean {
  if (!reach || leadAgencyCode === undefined) return false;
  if (leadAgencyCode === absent.agencyCode) return answersFor({ leadAgencyCode, officerId: officerId ?? null, ...(officerNow === undefined ? {} : { officerNow }) }, absent);
  const told = absent.roles.includes('leader') || absent.roles.includes('officer');
  return reach === 'own' && told && (coordinatingAgencyCodes ?? []).includes(absent.agencyCode);
}

function whereabouts(actor: Actor): { agencyCode: string | null; personId: string | null } {
  if (actor.kind === 'person' || actor.kind === 'account') return { agencyCode: actor.agencyCode, personId: actor.personId };
  return { agencyCode: null, personId: null };
}

function reaches(reach: Reach | undefined, actor: Actor, row: Row | undefined): boolean {
  if (reach === 'all') return true;
  if (!reach || !row) return false;
  if (row.accountId !== undefined) return actor.kind === 'account' && actor.accountId === row.accountId;
  const { agencyCode, personId } = whereabouts(actor);
  if (agencyCode && row.leadAgencyCode === agencyCode) return true;
  if (reach === 'lead') return false;
  if (agencyCode && row.coordinatingAgencyCodes?.includes(agencyCode)) return true;
  const named = [row.officerId, row.monitorId, row.leaderId, ...(row.attendees ?? []).map((a) => a.personId)];
  return personId !== null && named.some((id) => id?.toString() === personId);
}
