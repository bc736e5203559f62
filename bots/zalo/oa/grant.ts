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

const keyOf = (appId: string): string => `zalo-oa-grant:${appId}`;

/** Reads and writes the grant of one app. */
export interface GrantStore {
  load(): Promise<Grant>;
  /** Applies `set` only while `refreshToken` is the current one and, if asked, no lease is alive. Returns the grant as it was before. */
  change(refreshToken: string, set: Partial<Grant>, options?: { unleasedAt?: Date }): Promise<Grant | null>;
}

/** A store that adopts ZALO_OA_REFRESH_TOKEN once; afterwards the rotated pair in the database counts. */
export function createGrantStore(ctx: Ctx, appId: string, configured: Secret): GrantStore {
  const _id = keyOf(appId);
  const State = ctx.db.State;
  const bootstrap = createHash('sha256').update(configured.reveal()).digest('hex');
  const fresh = (known: string[]): Grant => ({
    accessToken: null,
    refreshToken: configured.reveal(),
    expiresAt: null,
    obtainedAt: null,
    previous: null,
    bootstraps: [...known, bootstrap],
    lease: null,
    refreshingSince: null,
    lost: null,
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
    if (grant.bootstraps.includes(bootstrap)) return grant;
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
  return { load, change };
}
