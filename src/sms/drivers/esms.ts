import { askJson, openConnections } from '../../ask/ask-json.js';
import { ANOTHERS_ANSWER, GivenIds, namesAnother } from '../../ask/names-another.js';
import { withoutAnswer } from '../../ask/without-answer.js';
import type { Ctx } from '../../context.js';
import type { ChannelPorts } from '../../delivery/channel-module.js';
import type { SendOutcome } from '../../delivery/sender.js';
import { takeTurn } from '../../db/take-turn.js';
import type { Secret } from '../../kernel/secret.js';
import type { OutgoingSms, SmsDriver } from '../driver.js';
import { CALLBACK_PATH, registerCallback } from './esms-callback.js';
import { askBalance } from './esms-balance.js';
import { isRefused, isTaken, outcomeOf, textIn } from './esms-codes.js';
import { findSent } from './esms-find.js';
import { createRequests, type EsmsRequests } from './esms-requests.js';
import { endOf, recordEnd } from './esms-status.js';

const SEND_PATH = '/MainService.svc/json/SendMultipleMessage_V4_post_json/';
const STATUS_PATH = '/MainService.svc/json/GetSendStatus';
/** Customer care and administrative notices; 1 would be advertising with its opt-out rules. */
const SMS_TYPE = '2';
/** How often the balance is asked for. */
const BALANCE_MS = 10 * 60_000;
/** The rest after a 429 that names none. */
const FLOOD_MS = 10_000;
const STATUS_LIMIT_MS = 10_000;

export interface EsmsSettings {
  /** E.g. https://rest.esms.vn, without a slash at the end. */
  root: string;
  apiKey: Secret;
  secretKey: Secret;
  brandname: string;
  /** True: eSMS answers as usual, sends nothing, keeps nothing and charges nothing. */
  sandbox: boolean;
  callback?: { secret: Secret; publicUrl?: string };
}

/** eSMS.vn over REST. Its RequestId makes repeats harmless, so nothing is ever in doubt for long. */
export function esmsDriver(ctx: Ctx, settings: EsmsSettings, ports: Pick<ChannelPorts, 'receipt'>): SmsDriver {
  const agent = openConnections();
  const requests = createRequests(ctx);
  const parts = { agent, requests, settings, ports, given: new GivenIds() };
  const { callback } = settings;
  return {
    truth: 'request-id',
    submit: (sms, signal) => submit(ctx, parts, sms, signal),
    find: (call) => findSent(parts, call),
    // The sandbox keeps nothing that could be asked about.
    poll: async () => (settings.sandbox ? 0 : askAboutWaiting(ctx, parts)),
    ...(callback ? { routes: (http) => registerCallback(http, ctx, { secret: callback.secret, ports, requests }) } : {}),
    stop: async () => {
      // Calls in hand end by their own signal; later ones are told "not sent".
      agent.close().catch(() => ctx.log.debug({ event: 'sms.close' }, 'connections were closed already'));
    },
  };
}

/** What the driver's files share. */
export interface EsmsParts {
  agent: ReturnType<typeof openConnections>;
  requests: EsmsRequests;
  settings: EsmsSettings;
  ports: Pick<ChannelPorts, 'receipt'>;
  given: GivenIds;
}

async function submit(ctx: Ctx, parts: EsmsParts, sms: OutgoingSms, signal: AbortSignal): Promise<SendOutcome> {
  const requestId = await parts.requests.current(sms.key);
  await parts.requests.begun(requestId, sms.encoded.text);
  const url = parts.settings.root + SEND_PATH;
  const asked = await askJson(parts.agent, { method: 'POST', url, json: bodyOf(parts.settings, sms, requestId), signal });
  if (asked.kind !== 'json') return withoutAnswer(asked, (code) => code, FLOOD_MS);
  const code = textIn(asked.body['CodeResult']);
  if (code === '') return { kind: 'retry', code: asked.status === 200 ? 'no-code' : `http-${asked.status}`, maybeSent: true };
  // Its documents show no request id in an answer; where one stands it must be ours.
  const smsId = textIn(asked.body['SMSID']);
  const another = namesAnother(asked.body['RequestId'], requestId) || (isTaken(code) && smsId !== '' && parts.given.givenToAnother(smsId, sms.key));
  if (another) return { kind: 'retry', code: ANOTHERS_ANSWER, maybeSent: true };
  await remember(ctx, parts, { requestId, code, smsId });
  return isTaken(code) ? { kind: 'accepted', providerId: requestId } : outcomeOf(code);
}

function bodyOf({ apiKey, secretKey, brandname, sandbox, callback }: EsmsSettings, sms: OutgoingSms, requestId: string): Record<string, string> {
  const { to, encoded } = sms;
  return {
    ApiKey: apiKey.reveal(),
    SecretKey: secretKey.reveal(),
    Phone: to,
    Content: encoded.text,
    Brandname: brandname,
    SmsType: SMS_TYPE,
    IsUnicode: encoded.encoding === 'ucs2' ? '1' : '0',
    Sandbox: sandbox ? '1' : '0',
    RequestId: requestId,
    ...(callback?.publicUrl ? { CallbackUrl: `${callback.publicUrl}${CALLBACK_PATH}/${callback.secret.reveal()}` } : {}),
  };
}

/** What eSMS has taken stays taken even if our note of it fails: then only the later question is lost. */
async function remember(ctx: Ctx, { requests, settings }: EsmsParts, answer: { requestId: string; code: string; smsId: string }): Promise<void> {
  try {
    if (isRefused(answer.code)) await requests.refused(answer.requestId);
    else if (isTaken(answer.code) && answer.smsId && !settings.sandbox) await requests.accepted(answer.requestId, answer.smsId);
  } catch (error) {
    ctx.log.error({ event: 'sms.request-not-noted', err: error instanceof Error ? error.name : 'unknown' });
  }
}

async function askAboutWaiting(ctx: Ctx, parts: EsmsParts): Promise<number> {
  const { settings, agent, requests } = parts;
  if (await takeTurn(ctx, 'esms-balance', BALANCE_MS)) await askBalance(ctx, parts);
  let known = 0;
  for (const { requestId, smsId } of await requests.toAskAbout()) {
    const query = new URLSearchParams({ RefId: smsId, ApiKey: settings.apiKey.reveal(), SecretKey: settings.secretKey.reveal() });
    const asked = await askJson(agent, { method: 'GET', url: `${settings.root}${STATUS_PATH}?${query.toString()}`, signal: AbortSignal.timeout(STATUS_LIMIT_MS) });
    if (asked.kind !== 'json' || textIn(asked.body['CodeResponse'] ?? asked.body['CodeResult']) !== '100') continue;
    // Another message's end must not become this one's: it is asked about again.
    if (namesAnother(asked.body['SMSID'], smsId)) continue;
    const end = endOf(asked.body);
    await recordEnd(ctx, parts, requestId, end);
    if (end !== 'waiting') known++;
  }
  return known;
}
