import { createHash } from 'node:crypto';
import { recordAudit } from '../../../src/audit/record-audit.js';
import { missingForChannel, type Config } from '../../../src/config.js';
import type { Ctx } from '../../../src/context.js';
import type { ChannelDesk, ConsentAsker, ConsentOutcome } from '../../../src/delivery/channel-desk.js';
import { DomainError } from '../../../src/kernel/errors.js';
import { humanCode } from '../../../src/kernel/ids.js';
import { mustBeAllowed } from '../../../src/people/policy.js';
import { createGrantStore, type GrantStore } from './grant.js';
import { askJson, openConnections, type Asked } from '../../../src/ask/ask-json.js';
import { codeOf, readPair } from './tokens.js';

const PENDING = 'zalo-consent:';
const PATIENCE_MS = 10 * 60_000;
const CALL_MS = 10_000;
/** The official SDK's length; letters and digits only. */
const VERIFIER_LENGTH = 43;

/** What is kept between the way out to Zalo and the way back. */
interface Pending {
  verifier: string;
  accountId: string;
  session: string;
  expiresAt: Date;
}

const sha256 = (text: string, as: 'hex' | 'base64url'): string => createHash('sha256').update(text).digest(as);
const idOf = (state: string): string => PENDING + sha256(state, 'hex');

/**
 * An OA administrator's consent, OAuth v4 with PKCE (S256). The state is single use, lives ten minutes and belongs to the
 * account and session that began; the database keeps only hashes of both, so reading it is not enough to finish a consent.
 */
export function oaConsent(config: Config): ChannelDesk['consent'] {
  const missing = [...missingForChannel(config, 'zalo'), ...(config.PUBLIC_URL ? [] : ['PUBLIC_URL'])];
  const redirectUri = `${config.PUBLIC_URL ?? ''}/admin/zalo/callback`;
  return {
    missing,
    redirectUri,
    start: async (ctx, asker) => {
      mustBeAllowed(asker.actor, 'channel.write');
      if (missing.length > 0) throw new DomainError('consent-not-possible', { missing: missing.join(', ') });
      const { state, challenge } = await begin(ctx, asker);
      // No response_type, scope or code_challenge_method: this dialect does not have them.
      const query = new URLSearchParams({ app_id: config.ZALO_APP_ID ?? '', redirect_uri: redirectUri, code_challenge: challenge, state });
      return `${config.ZALO_OAUTH_ROOT}/v4/oa/permission?${query.toString()}`;
    },
    finish: async (ctx, asker, answer) => {
      mustBeAllowed(asker.actor, 'channel.write');
      const pending = missing.length === 0 && answer.state ? await take(ctx, asker, answer.state) : null;
      if (!pending) return { kind: 'stale' };
      if (!answer.code) return { kind: 'refused', code: 'no-code' };
      return exchange(ctx, asker, { ...answer, verifier: pending.verifier });
    },
  };
}

async function begin(ctx: Ctx, { accountId, sessionId }: ConsentAsker): Promise<{ state: string; challenge: string }> {
  const now = ctx.clock.now();
  const state = Buffer.from(ctx.random.bytes(24)).toString('base64url');
  const verifier = humanCode(ctx.random, VERIFIER_LENGTH);
  const value: Pending = { verifier, accountId, session: sha256(sessionId, 'hex'), expiresAt: new Date(now.getTime() + PATIENCE_MS) };
  await ctx.db.State.deleteMany({ _id: { $gte: PENDING, $lt: `${PENDING}~` }, 'value.expiresAt': { $lte: now } });
  await ctx.db.State.create({ _id: idOf(state), value, updatedAt: now });
  return { state, challenge: sha256(verifier, 'base64url') };
}

/** Taken out of the database by the same question that checks it: of two callbacks at once one gets it. */
async function take(ctx: Ctx, { accountId, sessionId }: ConsentAsker, state: string): Promise<Pending | null> {
  const mine = { _id: idOf(state), 'value.accountId': accountId, 'value.session': sha256(sessionId, 'hex'), 'value.expiresAt': { $gt: ctx.clock.now() } };
  const record = await ctx.db.State.findOneAndDelete(mine).lean();
  return record ? (record.value as Pending) : null;
}

async function exchange(ctx: Ctx, { actor }: ConsentAsker, answer: { code: string; oaId: string; verifier: string }): Promise<ConsentOutcome> {
  const { ZALO_APP_ID: appId = '', ZALO_OA_REFRESH_TOKEN: configured } = ctx.config;
  const asked = await askPair(ctx.config, answer);
  if (asked.kind !== 'json') return { kind: 'unreachable', code: asked.code };
  const pair = readPair(asked.body, ctx.clock.now());
  if (!pair) return { kind: 'refused', code: codeOf(asked.body) };
  const oaId = /^\d{1,30}$/.test(answer.oaId) ? answer.oaId : null;
  const before = await adopt(ctx, createGrantStore(ctx, appId, configured), { pair, oaId });
  ctx.log.info({ event: 'zalo-consent', oaId }, 'an OA administrator has granted access');
  await recordAudit(ctx, actor, { action: 'zalo.consent', entity: 'channel', entityKey: 'zalo', before: { oaId: before.oaId ?? null }, after: { oaId } });
  return { kind: 'granted', oaId, otherOa: Boolean(before.oaId && oaId && before.oaId !== oaId) };
}

async function askPair(config: Config, { code, verifier }: { code: string; verifier: string }): Promise<Asked> {
  const agent = openConnections();
  const form = { code, app_id: config.ZALO_APP_ID ?? '', grant_type: 'authorization_code', code_verifier: verifier };
  try {
    return await askJson(agent, {
      method: 'POST',
      url: `${config.ZALO_OAUTH_ROOT}/v4/oa/access_token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', secret_key: config.ZALO_APP_SECRET?.reveal() ?? '' },
      body: new URLSearchParams(form).toString(),
      signal: AbortSignal.timeout(CALL_MS),
    });
  } finally {
    await agent.close();
  }
}

/** The pair exists nowhere else: worth more than one try. */
async function adopt(ctx: Ctx, store: GrantStore, { pair, oaId }: { pair: Parameters<GrantStore['adopt']>[0]; oaId: string | null }) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.adopt(pair, oaId);
    } catch (error) {
      if (attempt === 3) throw error;
      ctx.log.warn({ event: 'zalo-pair-not-stored', attempt, err: error }, 'the pair of a consent is not in the database yet');
    }
  }
}
