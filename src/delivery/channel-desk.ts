import type { Ctx } from '../context.js';
import type { Channel } from '../kernel/channels.js';
import type { Actor } from '../people/actor.js';
import type { ChannelHealth } from './channel-module.js';

/** What is left of something a provider counts. */
export interface Quota {
  /** What is counted, e.g. "Tin trong tháng 11/2026". */
  label: string;
  left: number;
  /** Null where only the rest is told. */
  total: number | null;
  /** Counted in; absent: messages. */
  unit?: string;
}

/** The Official Account's permission as the office sees it; never a token. */
export interface GrantView {
  state: 'granted' | 'lost' | 'not-yet';
  /** When the refresh token ends; null where its age is unknown. */
  endsAt: Date | null;
  /** Why it was lost, as the provider's code. */
  code: string | null;
}

/** Who asks for the permission: the consent is bound to this account in this session. */
export interface ConsentAsker {
  actor: Actor;
  accountId: string;
  sessionId: string;
}

export type ConsentOutcome =
  /** `otherOa`: another Official Account than the one before. */
  | { kind: 'granted'; oaId: string | null; otherOa: boolean }
  /** Unknown, used, older than ten minutes, or begun by somebody else. */
  | { kind: 'stale' }
  /** The administrator of the OA did not agree, or the provider refused the code. */
  | { kind: 'refused'; code: string }
  /** Nobody knows: the provider was not reached or its answer was lost. */
  | { kind: 'unreachable'; code: string };

/** What the back office may know and do about channels; app.ts fills it, since rooms of one floor do not know each other. */
export interface ChannelDesk {
  health(): Record<string, ChannelHealth>;
  quotas(ctx: Ctx): Promise<Partial<Record<Channel, Quota[]>>>;
  grant(ctx: Ctx): Promise<GrantView | null>;
  consent: {
    /** Settings without which it cannot begin. */
    missing: string[];
    /** Registered at the provider, byte for byte. */
    redirectUri: string;
    /** Address of the provider's permission page. Throws forbidden, consent-not-possible. */
    start(ctx: Ctx, asker: ConsentAsker): Promise<string>;
    finish(ctx: Ctx, asker: ConsentAsker, answer: { state: string; code: string; oaId: string }): Promise<ConsentOutcome>;
  };
}
