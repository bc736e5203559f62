import type { AnswerChannel } from '../kernel/channels.js';
import type { AccountRole } from './accounts/account.model.js';
import type { PersonRole } from './person.model.js';

/** The number an SMS came from (84…); `shared`: several people of the register have it, so nobody knows who wrote. */
export interface FromPhone {
  phone: string;
  shared?: true;
}

/** Who acts. Every use case takes one; the policy table decides what each may do. */
export type Actor =
  /** `presides`: a leader of the province itself (presiding.ts). */
  | { kind: 'person'; personId: string; name: string; agencyCode: string; roles: PersonRole[]; channel: AnswerChannel; from?: FromPhone; presides?: true }
  /** `via`: an agency's mailbox, which may do what a login of that agency may. */
  | { kind: 'account'; accountId: string; name: string; role: AccountRole; agencyCode: string | null; personId: string | null; via?: 'email' }
  | { kind: 'api'; name: string }
  | { kind: 'system'; name: string };

/** What the record shows as "by" and "through". */
export interface By {
  name: string;
  personId?: string;
  channel: AnswerChannel | 'web' | 'api' | 'system' | 'phone';
  /** Where it came by SMS. */
  from?: FromPhone;
}

export const byOf = (actor: Actor): By => {
  if (actor.kind === 'person') return { name: actor.name, personId: actor.personId, channel: actor.channel, ...(actor.from ? { from: actor.from } : {}) };
  if (actor.kind === 'account') return { name: actor.name, channel: actor.via ?? 'web', ...(actor.personId ? { personId: actor.personId } : {}) };
  return { name: actor.name, channel: actor.kind };
};
