import type { AnswerChannel } from '../kernel/channels.js';
import type { AccountRole } from './accounts/account.model.js';
import type { PersonRole } from './person.model.js';

/** Who acts. Every use case takes one; the policy table decides what each may do. */
export type Actor =
  | { kind: 'person'; personId: string; name: string; agencyCode: string; roles: PersonRole[]; channel: AnswerChannel }
  /** `via`: an agency's mailbox, which may do what a login of that agency may. */
  | { kind: 'account'; accountId: string; name: string; role: AccountRole; agencyCode: string | null; personId: string | null; via?: 'email' }
  | { kind: 'api'; name: string }
  | { kind: 'system'; name: string };

/** What the record shows as "by" and "through". */
export interface By {
  name: string;
  personId?: string;
  channel: AnswerChannel | 'web' | 'api' | 'system' | 'phone';
}

export const byOf = (actor: Actor): By => {
  if (actor.kind === 'person') return { name: actor.name, personId: actor.personId, channel: actor.channel };
  if (actor.kind === 'account') return { name: actor.name, channel: actor.via ?? 'web', ...(actor.personId ? { personId: actor.personId } : {}) };
  return { name: actor.name, channel: actor.kind };
};
