import { ANOTHERS_ANSWER, namesAnother } from '../../../src/ask/names-another.js';
import { withoutAnswer } from '../../../src/ask/without-answer.js';
import type { Ctx } from '../../../src/context.js';
import type { SendOutcome } from '../../../src/delivery/sender.js';
import type { ZbsTemplate } from '../../../src/delivery/zbs/zbs-template.model.js';
import type { Secret } from '../../../src/kernel/secret.js';
import type { ZaloAnswer, ZaloClient } from '../oa/client.js';
import type { TokenAnswer, ZaloTokens } from '../oa/tokens.js';
import { FLOOD_MS, isTokenRefused, outcomeOf, zbsCode } from './errors.js';
import { noteQuota } from './quota.js';

/** One filled template. */
export interface Job {
  template: ZbsTemplate;
  data: Record<string, string>;
  trackingId: string;
  signal: AbortSignal;
}

/** Two products of Zalo's: by phone at the business API, by user id at the Official Account's. */
export type Recipient = { phone: string } | { uid: string };

interface Parts {
  client: ZaloClient;
  oaClient: ZaloClient;
  tokens: ZaloTokens;
  mode: 'development' | 'live';
}

/** Makes the call; a token Zalo refuses is renewed and the call made once more. Never throws for what Zalo does. */
export async function sendTemplate(ctx: Ctx, parts: Parts, job: Job, to: Recipient): Promise<SendOutcome> {
  const post = (token: Secret) => ('uid' in to ? postToUser(parts, job, to.uid, token) : postToPhone(parts, job, to.phone, token));
  const first = await parts.tokens.current();
  if (first.kind !== 'token') return withoutToken(first);
  let answer = await post(first.token);
  if (answer.kind === 'refused' && isTokenRefused(answer.code)) {
    const second = await parts.tokens.renew(first.token);
    if (second.kind !== 'token') return withoutToken(second);
    answer = await post(second.token);
  }
  if (answer.kind === 'ok' && 'phone' in to) await noteQuota(ctx, answer.data['quota']);
  return read(answer, job, to);
}

const postToPhone = ({ client, mode }: Parts, { template, data, trackingId, signal }: Job, phone: string, token: Secret): Promise<ZaloAnswer> =>
  client.post('/message/template', { phone, template_id: template.templateId, template_data: data, tracking_id: trackingId, ...(mode === 'development' ? { mode } : {}) }, { token, signal });

/** No tracking id: three sources show none, and an unknown field might be refused. */
const postToUser = ({ oaClient }: Parts, { template, data, signal }: Job, uid: string, token: Secret): Promise<ZaloAnswer> =>
  oaClient.post('/v3.0/oa/message/template', { user_id: uid, template_id: template.templateId, template_data: data }, { token, signal });

/** By user id Zalo repeats that id. By phone it names nobody; a tracking id is checked in case it ever comes back. */
const isAnothers = (data: Record<string, unknown>, { trackingId }: Job, to: Recipient): boolean =>
  namesAnother(data['tracking_id'], trackingId) || ('uid' in to && namesAnother(data['user_id'], to.uid));

function read(answer: ZaloAnswer, job: Job, to: Recipient): SendOutcome {
  if (answer.kind === 'refused') return outcomeOf(answer.code);
  if (answer.kind !== 'ok') return withoutAnswer(answer, zbsCode, FLOOD_MS);
  if (isAnothers(answer.data, job, to)) return { kind: 'retry', code: zbsCode(ANOTHERS_ANSWER), maybeSent: true };
  const id = answer.data['msg_id'] ?? answer.data['message_id'];
  return typeof id === 'string' && id !== '' ? { kind: 'accepted', providerId: id } : { kind: 'retry', code: zbsCode('no-message-id'), maybeSent: true };
}

function withoutToken(answer: Exclude<TokenAnswer, { kind: 'token' }>): SendOutcome {
  if (answer.kind === 'lost') return { kind: 'rejected', code: zbsCode(answer.code) };
  return { kind: 'retry', code: zbsCode(answer.code), afterMs: answer.afterMs, maybeSent: false };
}
