import { createHash } from 'node:crypto';
import type { Ctx } from '../../../src/context.js';
import { isDuplicateKey } from '../../../src/db/counters.js';
import type { Secret } from '../../../src/kernel/secret.js';

/** The OA's permission for this app, one document for all instances. Kept in plain text: whoever reads the database can use it. */
export interface Grant {
  accessToken: string | null;
  /** Single use: the next refresh spends it. Guards every write, so that a late writer cannot overwrite a newer pair. */
  refreshToken: string;
  expiresAt: Date | null;
  obtainedAt: Date | null;
  /** When the refresh token was issued, or taken from the configuration; absent in documents of earlier versions. */
  issuedAt?: Date | null;
  /** The Official Account that gave it, where a consent told. */
  oaId?: string | null;
  /** The pair before, for recovery by hand. */
  previous: { accessToken: string | null; refreshToken: string; obtainedAt: Date | null } | null;
  /** Hashes of all refresh tokens taken from the configuration; a new one there means an administrator granted anew. */
  bootstraps: string[];
  lease: { by: string; until: Date } | null;
  /** Set before the refresh call, cleared with its result: still set when a lease ran out means nobody knows what happened. */
  refreshingSince: Date | null;
  /** Set when Zalo refused the refresh token: only a person can help. */
  lost: { at: Date; code: string; interrupted: boolean } | null;
}

/** The code of a permission that nobody has given yet. */
export const NOT_GRANTED = 'not-granted';

/** A new pair of tokens; the refresh token is as old as the pair. */
export interface Pair {
  accessToken: string;
  refreshToken: string;
  expiresAt: Date;
  obtainedAt: Date;
  issuedAt: Date;
}

const keyOf = (appId: string): string => `zalo-oa-grant:${appId}`;

/** Reads and writes the grant of one app. */
export interface GrantStore {
  load(): Promise<Grant>;
  /** Applies `set` only while `refreshToken` is the current one and, if asked, no lease is alive. Returns the grant as it was before. */
  change(refreshToken: string, set: Partial<Grant>, options?: { unleasedAt?: Date }): Promise<Grant | null>;
  /** A consent's pair takes the place of whatever there is. Returns the grant as it was before. */
  adopt(pair: Pair, oaId: string | null): Promise<Grant>;
}

/**
 * A store that adopts ZALO_OA_REFRESH_TOKEN once; afterwards the rotated pair in the database counts. Without it the grant is
 * "lost" from the start, until somebody gives consent in the back office.
 */
export function createGrantStore(ctx: Ctx, appId: string, configured: Secret | undefined): GrantStore {
  const _id = keyOf(appId);
  const State = ctx.db.State;
  const bootstrap = configured ? createHash('sha256').update(configured.reveal()).digest('hex') : null;
  const fresh = (known: string[]): Grant => ({
    accessToken: null,
    refreshToken: configured?.reveal() ?? '',
    expiresAt: null,
    obtainedAt: null,
    issuedAt: configured ? ctx.clock.now() : null,
    previous: null,
    bootstraps: bootstrap ? [...known, bootstrap] : known,
    lease: null,
    refreshingSince: null,
    lost: configured ? null : { at: ctx.clock.now(), code: NOT_GRANTED, interrupted: false },
  });
  const insert = async () => {
    try {
      await State.create({ _id, value: fresh([]), updatedAt: ctx.clock.now() });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error; // another instance was first
    }
  };
  const load = async (): Promise<Grant> => {
    const found = await State.findById(_id).lean();
    if (!found) return insert().then(load);
    const grant = found.value as Grant;
    if (!bootstrap || grant.bootstraps.includes(bootstrap)) return grant;
    // Only the first instance to see a new token in the configuration adopts it.
    await State.updateOne({ _id, 'value.refreshToken': grant.refreshToken }, { $set: { value: fresh(grant.bootstraps), updatedAt: ctx.clock.now() } });
    return load();
  };
  const change: GrantStore['change'] = async (refreshToken, set, options) => {
    const at = options?.unleasedAt;
    const filter = { _id, 'value.refreshToken': refreshToken, ...(at ? { 'value.lost': null, $or: [{ 'value.lease': null }, { 'value.lease.until': { $lte: at } }] } : {}) };
    const fields = Object.fromEntries(Object.entries(set).map(([name, value]) => [`value.${name}`, value]));
    const before = await State.findOneAndUpdate(filter, { $set: { ...fields, updatedAt: ctx.clock.now() } }, { returnDocument: 'before' }).lean();
    return before ? (before.value as Grant) : null;
  };
  const adopt: GrantStore['adopt'] = async (pair, oaId) => {
    const before = await load();
    const previous = { accessToken: before.accessToken, refreshToken: before.refreshToken, obtainedAt: before.obtainedAt };
    const value: Grant = { ...pair, oaId, previous, bootstraps: before.bootstraps, lease: null, refreshingSince: null, lost: null };
    // Whoever refreshes just now holds the old refresh token, and finds that it is no longer the current one.
    await State.updateOne({ _id }, { $set: { value, updatedAt: ctx.clock.now() } });
    return before;
  };
  return { load, change, adopt };
}
