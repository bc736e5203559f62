import { createHash } from 'node:crypto';
import type { Ctx } from '../../../src/context.js';
import type { Sender, SendOutcome } from '../../../src/delivery/sender.js';
import type { ZbsTemplate } from '../../../src/delivery/zbs/zbs-template.model.js';
import type { Secret } from '../../../src/kernel/secret.js';
import { normalisePhone } from '../../../src/people/phone.js';
import type { Message } from '../../../src/texts/message.js';
import type { ZaloAnswer, ZaloClient } from '../oa/client.js';
import type { TokenAnswer, ZaloTokens } from '../oa/tokens.js';
import { isTokenRefused, outcomeOf, zbsCode } from './errors.js';
import { fillTemplate } from './fill-template.js';
import { noteQuota } from './quota.js';

export interface SenderParts {
  client: ZaloClient;
  tokens: ZaloTokens;
  /** "development" reaches administrators of the OA only, and is free. */
  mode: 'development' | 'live';
  /** Told every outcome, for health. */
  noticed(outcome: SendOutcome): void;
}

/** Sends approved templates by phone number. Messages whose kind has no template are passed on without a call. */
export function createZbsSender(ctx: Ctx, parts: SenderParts): Sender {
  return {
    channel: 'zbs',
    truth: 'receipt',
    send: async (to, message, { key, signal }) => {
      const prepared = await prepare(ctx, to, message);
      const outcome = 'kind' in prepared ? prepared : await sendOne(ctx, parts, { ...prepared, key, signal });
      parts.noticed(outcome);
      return outcome;
    },
  };
}

/** Zalo takes up to 48 plain characters; the same delivery always has the same. */
export const trackingId = (key: string): string => `nv${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;

interface Ready {
  phone: string;
  templateId: string;
  data: Record<string, string>;
}

/** All that can be known without asking Zalo. */
async function prepare(ctx: Ctx, to: string, message: Message): Promise<Ready | SendOutcome> {
  const template = message.kind
    ? await ctx.db.ZbsTemplate.findOne({ kind: message.kind, enabled: true }).sort({ updatedAt: -1, _id: -1 }).lean<ZbsTemplate>()
    : null;
  if (!template) return { kind: 'unreachable', code: 'no-template' };
  const phone = normalisePhone(to);
  // Landlines have ten digits after the country code and no Zalo.
  if (!phone || phone.length !== 11) return { kind: 'unreachable', code: zbsCode('no-mobile') };
  // Secret matters come without pieces, and that is nobody's fault.
  if (template.params.length > 0 && Object.keys(message.params ?? {}).length === 0) return { kind: 'unreachable', code: zbsCode('no-pieces') };
  const filled = fillTemplate(template, message);
  return 'problem' in filled ? { kind: 'unreachable', code: zbsCode(`param-${filled.problem}`) } : { phone, templateId: template.templateId, data: filled.data };
}

type Job = Ready & { key: string; signal: AbortSignal };

async function sendOne(ctx: Ctx, { client, tokens, mode }: SenderParts, job: Job): Promise<SendOutcome> {
  const post = (token: Secret) =>
    client.post('/message/template', {
      phone: job.phone,
      template_id: job.templateId,
      template_data: job.data,
      tracking_id: trackingId(job.key),
      ...(mode === 'development' ? { mode } : {}),
    }, { token, signal: job.signal });
  const first = await tokens.current();
  if (first.kind !== 'token') return withoutToken(first);
  let answer = await post(first.token);
  if (answer.kind === 'refused' && isTokenRefused(answer.code)) {
    const second = await tokens.renew(first.token);
    if (second.kind !== 'token') return withoutToken(second);
    answer = await post(second.token);
  }
  if (answer.kind === 'ok') await noteQuota(ctx, answer.data['quota']);
  return read(answer);
}

function read(answer: ZaloAnswer): SendOutcome {
  if (answer.kind === 'refused') return outcomeOf(answer.code);
  if (answer.kind === 'not-sent') return { kind: 'retry', code: zbsCode(answer.code), maybeSent: false };
  if (answer.kind === 'unknown') return { kind: 'retry', code: zbsCode(answer.code), maybeSent: true };
  const id = answer.data['msg_id'];
  return typeof id === 'string' && id !== '' ? { kind: 'accepted', providerId: id } : { kind: 'retry', code: zbsCode('no-message-id'), maybeSent: true };
}

function withoutToken(answer: Exclude<TokenAnswer, { kind: 'token' }>): SendOutcome {
  if (answer.kind === 'lost') return { kind: 'rejected', code: zbsCode(answer.code) };
  return { kind: 'retry', code: zbsCode(answer.code), afterMs: answer.afterMs, maybeSent: false };
}
