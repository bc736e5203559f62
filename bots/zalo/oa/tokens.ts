import type { Agent } from 'undici';
import type { Ctx } from '../../../src/context.js';
import { Secret } from '../../../src/kernel/secret.js';
import type { Grant, GrantStore, Pair } from './grant.js';
import { askJson } from '../../../src/ask/ask-json.js';

/** An access token, or why there is none now. */
export type TokenAnswer =
  | { kind: 'token'; token: Secret }
  /** Another instance is refreshing, or Zalo's login did not answer: ask again after `afterMs`. */
  | { kind: 'later'; code: string; afterMs: number }
  /** An administrator of the OA must grant access again. */
  | { kind: 'lost'; code: string };

export interface ZaloTokens {
  /** A token believed to be valid; renews it first when four fifths of its life are over (25 h -> at 20 h). */
  current(): Promise<TokenAnswer>;
  /** After -216 or -220 on `refused`: the pair another instance has fetched meanwhile, or a new one. */
  renew(refused: Secret): Promise<TokenAnswer>;
  /** For health: what is known without asking Zalo. */
  grant(): Promise<Grant>;
}

export interface TokenOptions {
  oauthRoot: string;
  appId: string;
  appSecret: Secret;
  agent: Agent;
  store: GrantStore;
  /** Tells instances apart in the lease. */
  instance: string;
}

const LEASE_MS = 30_000;
/** Shorter than the time a sender has for its whole call. */
const CALL_MS = 6_000;
const SPARE_MS = 60_000;

/** Keeps the OA's token pair alive; all instances and lanes together make one refresh call per pair. */
export function createTokens(ctx: Ctx, options: TokenOptions): ZaloTokens {
  let inHand: Promise<TokenAnswer> | null = null;
  const held: Held = { write: null };
  const refresh = (grant: Grant): Promise<TokenAnswer> => {
    // One call per process; the lease in the database does the same between processes.
    inHand ??= refreshOnce(ctx, options, { grant, held }).finally(() => (inHand = null));
    return inHand;
  };
  const load = async (): Promise<Grant> => {
    if (held.write) await held.write();
    held.write = null;
    return options.store.load();
  };
  return {
    grant: load,
    current: async () => {
      const grant = await load();
      if (grant.lost) return lostAnswer(grant.lost);
      const age = ageOf(grant, ctx.clock.now());
      if (age === 'fresh') return tokenOf(grant);
      const renewed = await refresh(grant);
      return renewed.kind !== 'token' && age === 'ageing' ? tokenOf(grant) : renewed;
    },
    renew: async (refused) => {
      const grant = await load();
      if (grant.lost) return lostAnswer(grant.lost);
      const replaced = grant.accessToken !== null && !refused.matches(grant.accessToken);
      return replaced && ageOf(grant, ctx.clock.now()) !== 'over' ? tokenOf(grant) : refresh(grant);
    },
  };
}

const tokenOf = (grant: Grant): TokenAnswer => ({ kind: 'token', token: new Secret(grant.accessToken ?? '') });
const lostAnswer = (lost: { code: string }): TokenAnswer => ({ kind: 'lost', code: `grant-lost:${lost.code}` });

function ageOf(grant: Grant, now: Date): 'fresh' | 'ageing' | 'over' {
  if (!grant.accessToken || !grant.expiresAt || !grant.obtainedAt) return 'over';
  const left = grant.expiresAt.getTime() - now.getTime();
  if (left <= SPARE_MS) return 'over';
  return left * 5 > grant.expiresAt.getTime() - grant.obtainedAt.getTime() ? 'fresh' : 'ageing';
}

/** A new pair that the database did not take: kept here until it does, for the old one is dead. */
interface Held {
  write: (() => Promise<unknown>) | null;
}

async function refreshOnce(ctx: Ctx, options: TokenOptions, { grant, held }: { grant: Grant; held: Held }): Promise<TokenAnswer> {
  const now = ctx.clock.now();
  const lease = { by: options.instance, until: new Date(now.getTime() + LEASE_MS) };
  const before = await options.store.change(grant.refreshToken, { lease, refreshingSince: now }, { unleasedAt: now });
  if (!before) return afterOther(ctx, options.store);
  const interrupted = before.refreshingSince !== null;
  // Somebody called and never told the result: the single-use token may be spent. Trying it is the only way to know.
  if (interrupted) ctx.log.warn({ event: 'zalo-token-interrupted', since: before.refreshingSince }, 'an earlier refresh was never finished');
  return settle(ctx, options.store, { before, interrupted, held, asked: await askNewPair(options, grant.refreshToken) });
}

/** Somebody else holds the lease or has just finished. */
async function afterOther(ctx: Ctx, store: GrantStore): Promise<TokenAnswer> {
  const grant = await store.load();
  if (grant.lost) return lostAnswer(grant.lost);
  if (ageOf(grant, ctx.clock.now()) === 'fresh') return tokenOf(grant);
  return { kind: 'later', code: 'token-being-refreshed', afterMs: 1_000 };
}

const askNewPair = (options: TokenOptions, refreshToken: string) =>
  askJson(options.agent, {
    method: 'POST',
    url: `${options.oauthRoot}/v4/oa/access_token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', secret_key: options.appSecret.reveal() },
    body: new URLSearchParams({ refresh_token: refreshToken, app_id: options.appId, grant_type: 'refresh_token' }).toString(),
    // Not the sender's signal: once asked, the answer must be stored whatever becomes of the message.
    signal: AbortSignal.timeout(CALL_MS),
  });

interface Refreshed {
  before: Grant;
  interrupted: boolean;
  held: Held;
  asked: Awaited<ReturnType<typeof askNewPair>>;
}

async function settle(ctx: Ctx, store: GrantStore, { before, interrupted, held, asked }: Refreshed): Promise<TokenAnswer> {
  const spent = before.refreshToken;
  if (asked.kind === 'not-sent') {
    await store.change(spent, { lease: null, refreshingSince: before.refreshingSince });
    return { kind: 'later', code: `oauth:${asked.code}`, afterMs: 15_000 };
  }
  // The lease is left to run out, as a pause before the next try; `refreshingSince` stays as the mark of doubt.
  if (asked.kind !== 'json') return { kind: 'later', code: `oauth:${asked.code}`, afterMs: LEASE_MS };
  const now = ctx.clock.now();
  const pair = readPair(asked.body, now);
  if (!pair) {
    const lost = { at: now, code: codeOf(asked.body), interrupted };
    ctx.log.error({ event: 'zalo-grant-lost', code: lost.code, interrupted }, 'Zalo refused the refresh token; an OA administrator must grant access again');
    await store.change(spent, { lost, lease: null, refreshingSince: null });
    return lostAnswer(lost);
  }
  const previous = { accessToken: before.accessToken, refreshToken: spent, obtainedAt: before.obtainedAt };
  const write = () => store.change(spent, { ...pair, previous, lease: null, refreshingSince: null, lost: null });
  if (!(await stored(ctx, write))) {
    held.write = write;
    return { kind: 'later', code: 'pair-not-stored', afterMs: 2_000 };
  }
  ctx.log.info({ event: 'zalo-token-refreshed', expiresAt: pair.expiresAt }, 'Zalo token refreshed');
  return { kind: 'token', token: new Secret(pair.accessToken) };
}

/** Storing the new pair is worth more than one try. Nothing is sent with a pair that is not stored. */
async function stored(ctx: Ctx, write: () => Promise<unknown>): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return true;
    } catch (error) {
      if (attempt < 3) continue;
      ctx.log.error({ event: 'zalo-pair-not-stored', err: error }, 'the new Zalo token pair is not in the database yet; do not stop this process');
      return false;
    }
  }
}

/** `expires_in` comes as a string of seconds ("90000"); anything without both tokens is no pair. */
export function readPair(body: Record<string, unknown>, now: Date): Pair | null {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn } = body;
  const seconds = Number(expiresIn);
  if (typeof accessToken !== 'string' || !accessToken || typeof refreshToken !== 'string' || !refreshToken) return null;
  const lifeMs = (Number.isFinite(seconds) && seconds > 0 ? seconds : 3600) * 1000;
  return { accessToken, refreshToken, obtainedAt: now, issuedAt: now, expiresAt: new Date(now.getTime() + lifeMs) };
}

/** The number only: names and reasons are the provider's free text. */
export const codeOf = (body: Record<string, unknown>): string => (/^-?\d+$/.test(String(body['error'])) ? String(body['error']) : 'no-token');
