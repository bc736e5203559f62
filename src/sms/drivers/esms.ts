import type { Ctx } from '../../context.js';
import type { ChannelPorts } from '../../delivery/channel-module.js';
import type { SendOutcome } from '../../delivery/sender.js';
import type { Secret } from '../../kernel/secret.js';
import type { OutgoingSms, SmsDriver } from '../driver.js';
import { askJson, openConnections, type Asked } from '../http.js';
import { CALLBACK_PATH, registerCallback } from './esms-callback.js';
import { isRefused, isTaken, outcomeOf } from './esms-codes.js';
import { createRequests, type EsmsRequests } from './esms-requests.js';
import { endOf, recordEnd } from './esms-status.js';

const SEND_PATH = '/MainService.svc/json/SendMultipleMessage_V4_post_json/';
const STATUS_PATH = '/MainService.svc/json/GetSendStatus';
/** Customer care and administrative notices; 1 would be advertising with its opt-out rules. */
const SMS_TYPE = '2';
/** How often it is looked whether a message waits for a word from eSMS. */
const ROUND_MS = 30_000;
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

export interface EsmsDriver extends SmsDriver {
  /** One round of asking how messages went that stayed without a callback; returns how many ends became known. */
  askAround(): Promise<number>;
}

/** eSMS.vn over REST. Its RequestId makes repeats harmless, so nothing is ever in doubt for long. */
export function esmsDriver(ctx: Ctx, settings: EsmsSettings, ports: Pick<ChannelPorts, 'receipt'>): EsmsDriver {
  const agent = openConnections();
  const requests = createRequests(ctx);
  const parts = { agent, requests, settings, ports };
  const { callback } = settings;
  let rounds: NodeJS.Timeout | undefined;
  let round: Promise<unknown> | null = null;
  const askAround = () => askAboutWaiting(ctx, parts);
  const next = () => {
    round ??= askAround().catch((error: unknown) => ctx.log.error({ event: 'sms.status-round-failed', err: error instanceof Error ? error.name : 'unknown' })).finally(() => (round = null));
  };
  return {
    truth: 'request-id',
    submit: (sms, signal) => submit(ctx, parts, sms, signal),
    askAround,
    ...(callback ? { routes: (http) => registerCallback(http, ctx, { secret: callback.secret, ports, requests }) } : {}),
    start: async () => {
      if (!settings.sandbox) rounds = setInterval(next, ROUND_MS).unref();
    },
    stop: async () => {
      clearInterval(rounds);
      // Calls in hand end by their own signal; later ones are told "not sent".
      agent.close().catch(() => ctx.log.debug({ event: 'sms.close' }, 'connections were closed already'));
      await round;
    },
  };
}

interface EsmsParts {
  agent: ReturnType<typeof openConnections>;
  requests: EsmsRequests;
  settings: EsmsSettings;
  ports: Pick<ChannelPorts, 'receipt'>;
}

async function submit(ctx: Ctx, parts: EsmsParts, sms: OutgoingSms, signal: AbortSignal): Promise<SendOutcome> {
  const requestId = await parts.requests.current(sms.key);
  const url = parts.settings.root + SEND_PATH;
  const asked = await askJson(parts.agent, { method: 'POST', url, body: bodyOf(parts.settings, sms, requestId), signal });
  if (asked.kind !== 'json') return withoutAnswer(asked);
  const code = textIn(asked.body['CodeResult']);
  if (code === '') return { kind: 'retry', code: asked.status === 200 ? 'no-code' : `http-${asked.status}`, maybeSent: true };
  await remember(ctx, parts, { requestId, code, smsId: textIn(asked.body['SMSID']) });
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

function withoutAnswer(asked: Exclude<Asked, { kind: 'json' }>): SendOutcome {
  if (asked.kind === 'throttled') return { kind: 'retry', code: 'throttled', afterMs: asked.afterMs, maybeSent: false, pauseChannel: true };
  return { kind: 'retry', code: asked.code, maybeSent: asked.kind === 'unknown' };
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
  let known = 0;
  for (const { requestId, smsId } of await requests.toAskAbout()) {
    const query = new URLSearchParams({ RefId: smsId, ApiKey: settings.apiKey.reveal(), SecretKey: settings.secretKey.reveal() });
    const asked = await askJson(agent, { method: 'GET', url: `${settings.root}${STATUS_PATH}?${query.toString()}`, signal: AbortSignal.timeout(STATUS_LIMIT_MS) });
    if (asked.kind !== 'json' || textIn(asked.body['CodeResponse'] ?? asked.body['CodeResult']) !== '100') continue;
    const end = endOf(asked.body);
    await recordEnd(ctx, parts, requestId, end);
    if (end !== 'waiting') known++;
  }
  return known;
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '');
