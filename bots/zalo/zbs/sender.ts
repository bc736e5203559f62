import { createHash } from 'node:crypto';
import { ANOTHERS_ANSWER, GivenIds } from '../../../src/ask/names-another.js';
import type { Ctx } from '../../../src/context.js';
import type { Sender, SendOutcome } from '../../../src/delivery/sender.js';
import { noteTemplateRefused, templateWorks } from '../../../src/delivery/zbs/template-refused.js';
import type { ZbsTemplate } from '../../../src/delivery/zbs/zbs-template.model.js';
import type { ChatLink } from '../../../src/people/links/chat-link.model.js';
import type { Person } from '../../../src/people/person.model.js';
import { mayText, uidIn } from '../../../src/people/phones/may-text.js';
import { normalisePhone } from '../../../src/people/phone.js';
import type { Message } from '../../../src/texts/message.js';
import type { ZaloClient } from '../oa/client.js';
import type { ZaloTokens } from '../oa/tokens.js';
import { isTemplateRefused, phoneMayDo, zbsCode } from './errors.js';
import { fillTemplate } from './fill-template.js';
import { sendTemplate, type Job } from './send-template.js';

export interface SenderParts {
  /** Sends by phone. */
  client: ZaloClient;
  /** The Official Account's own API: sends by its user id. */
  oaClient: ZaloClient;
  tokens: ZaloTokens;
  /** "development" reaches administrators of the OA only, and is free. */
  mode: 'development' | 'live';
  /** Told every outcome, for health. */
  noticed(outcome: SendOutcome): void;
}

/**
 * Sends approved templates: to a follower's user id where the template is approved for that (cheaper, no number needed), else
 * by phone number. Messages whose kind has no template are passed on without a call.
 */
export function createZbsSender(ctx: Ctx, parts: SenderParts): Sender {
  const given = new GivenIds();
  return {
    channel: 'zbs',
    truth: 'receipt',
    send: async (to, message, { key, signal }) => {
      const prepared = await prepare(ctx, message);
      const said = 'kind' in prepared ? prepared : withPatience(await sendOne(ctx, parts, { ...prepared, trackingId: trackingId(key), signal }, to), prepared.template);
      const outcome: SendOutcome = said.kind === 'accepted' && given.givenToAnother(said.providerId, key) ? { kind: 'retry', code: zbsCode(ANOTHERS_ANSWER), maybeSent: true } : said;
      parts.noticed(outcome);
      return outcome;
    },
  };
}

/** How long to wait for the receipt before another channel takes over, where the office has set it for this template. */
const withPatience = (outcome: SendOutcome, { fallbackMinutes }: ZbsTemplate): SendOutcome =>
  outcome.kind === 'accepted' && fallbackMinutes ? { ...outcome, unheardMs: fallbackMinutes * 60_000 } : outcome;

/** Zalo takes up to 48 plain characters; the same delivery always has the same. */
export const trackingId = (key: string): string => `nv${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;

type Ready = Pick<Job, 'template' | 'data'>;

/** All that can be known without asking Zalo. */
async function prepare(ctx: Ctx, message: Message): Promise<Ready | SendOutcome> {
  const template = message.kind
    ? await ctx.db.ZbsTemplate.findOne({ kind: message.kind, enabled: true, channel: { $ne: 'sms' } }).sort({ updatedAt: -1, _id: -1 }).lean<ZbsTemplate>()
    : null;
  if (!template) return { kind: 'unreachable', code: 'no-template' };
  // Secret matters come without pieces, and that is nobody's fault.
  if (template.params.length > 0 && Object.keys(message.params ?? {}).length === 0) return { kind: 'unreachable', code: zbsCode('no-pieces') };
  const filled = fillTemplate(template, message);
  return 'problem' in filled ? { kind: 'unreachable', code: zbsCode(`param-${filled.problem}`) } : { template, data: filled.data };
}

async function sendOne(ctx: Ctx, parts: SenderParts, job: Job, to: string): Promise<SendOutcome> {
  const uid = uidIn(to);
  if (uid === null) return byPhone(ctx, parts, job, to);
  const first = job.template.byUid ? await sendTemplate(ctx, parts, job, { uid }) : null;
  // Only what Zalo surely did not send goes out a second way.
  if (first && !phoneMayDo(first)) return noted(ctx, job, first);
  const phone = await phoneOf(ctx, uid);
  return phone ? byPhone(ctx, parts, job, phone) : (first ?? { kind: 'unreachable', code: zbsCode('phone-not-verified') });
}

async function byPhone(ctx: Ctx, parts: SenderParts, job: Job, to: string): Promise<SendOutcome> {
  const phone = normalisePhone(to);
  // Landlines have ten digits after the country code and no Zalo.
  if (!phone || phone.length !== 11) return { kind: 'unreachable', code: zbsCode('no-mobile') };
  return noted(ctx, job, await sendTemplate(ctx, parts, job, { phone }));
}

/** The number of the person whose chat it is, where texts may go there. */
async function phoneOf(ctx: Ctx, uid: string): Promise<string | null> {
  const link = await ctx.db.ChatLink.findOne({ channel: 'zalo', chatId: uid }).lean<ChatLink>();
  const person = link && (await ctx.db.Person.findById(link.personId).lean<Person>());
  return person && mayText(person, ctx.config.SMS_REQUIRE_VERIFIED) ? (person.phone ?? null) : null;
}

/** A template Zalo takes no more is remembered and told once; one that went out is well again. The message's way is not touched by it. */
async function noted(ctx: Ctx, { template }: Job, outcome: SendOutcome): Promise<SendOutcome> {
  try {
    if (outcome.kind === 'accepted' && template.refusedCode) await templateWorks(ctx, template);
    if (outcome.kind === 'unreachable' && isTemplateRefused(outcome.code)) await noteTemplateRefused(ctx, template, outcome.code);
  } catch (error) {
    ctx.log.error({ event: 'zbs.template-not-noted', error: error instanceof Error ? error.name : 'unknown' }, 'the state of a template could not be stored');
  }
  return outcome;
}
