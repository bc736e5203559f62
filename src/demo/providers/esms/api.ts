import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newId, phoneOf, type EsmsFault, type EsmsMessage, type EsmsWorld } from './world.js';

const ROOT = '/MainService.svc/json';
/** Characters of a message without IsUnicode: what every network carries. */
const NO_MARKS = /^[\x20-\x7e\n\r]*$/;

/** eSMS's REST calls. Every refusal has HTTP 200 and a CodeResult; only a body that is no JSON gets WCF's HTML page. */
export function registerApi(http: FastifyInstance, world: EsmsWorld, taken: (message: EsmsMessage) => void): void {
  http.post(`${ROOT}/SendMultipleMessage_V4_post_json/`, async (request, reply) => {
    const body = jsonOf(request);
    if (!body) return reply.code(400).type('text/html').send('<!DOCTYPE html><html><head><title>Request Error</title></head><body>The server encountered an error processing the request.</body></html>');
    world.calls.push({ method: 'send', body: withoutKeys(body), at: world.clock.now() });
    const fault = world.faults.shift();
    if (fault && isBefore(fault)) return misbehave(reply, fault);
    const answer = send(world, body, taken);
    return fault ? misbehave(reply, fault) : answer;
  });
  http.get(`${ROOT}/GetSendStatus`, async (request) => {
    const query = request.query as Record<string, unknown>;
    world.calls.push({ method: 'status', body: withoutKeys(query), at: world.clock.now() });
    if (!isKnown(world, query)) return { CodeResponse: '101', ErrorMessage: 'Authorize Failed' };
    const message = world.messages.find((m) => m.smsId === query['RefId']);
    return message ? { CodeResponse: '100', ...statusOf(message) } : { CodeResponse: '105', ErrorMessage: 'SMSID not found' };
  });
  http.post(`${ROOT}/GetSmsSentData_V2`, async (request) => {
    const body = jsonOf(request) ?? {};
    world.calls.push({ method: 'list', body: withoutKeys(body), at: world.clock.now() });
    if (!isKnown(world, body)) return { CodeResult: '101' };
    const [from, to] = [instantOf(body['From']), instantOf(body['To'])];
    if (from === null || to === null || ![1, 2, 8].includes(Number(body['SmsType']))) return { CodeResult: '300' };
    const sent = world.messages.filter(({ at }) => at.getTime() >= from && at.getTime() <= to);
    return { CodeResult: '100', CountTotal: sent.length, SentData: sent.slice(0, Number(body['PageSize'] ?? 50)).map(lineOf) };
  });
  http.post(`${ROOT}/GetBalance_json`, async (request) => {
    const body = jsonOf(request) ?? {};
    world.calls.push({ method: 'balance', body: withoutKeys(body), at: world.clock.now() });
    return isKnown(world, body) ? { Balance: world.balance * PRICE, CodeResponse: '100', UserID: 9999 } : { CodeResponse: '101' };
  });
}

/** Đồng for one message. */
const PRICE = 850;

/** "2026-11-23 08:00:00" on Vietnamese clocks. */
const instantOf = (text: unknown): number | null => (typeof text === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text.replace(' ', 'T')}+07:00`) : null);

/** A line of the list; numbers as people write them, ids of eSMS's own. */
const lineOf = ({ smsId, phone, text, at, end }: EsmsMessage) => ({
  Campaign: '', Content: text, Phone: phone.replace(/^84/, '0'), ReferenceId: smsId, SellPrice: PRICE, SendResult: { delivered: 1, failed: 0, waiting: 2, refused: 0 }[end],
  SendStatus: end === 'refused' ? 4 : end === 'waiting' ? 7 : 5, SentTime: `/Date(${at.getTime()}+0700)/`, SmsId: 29028845, SmsType: 2,
});

/** The counters of GetSendStatus and of the callback. */
export const statusOf = ({ smsId, end }: EsmsMessage) => ({
  SMSID: smsId,
  SendFailed: end === 'failed' ? 1 : 0,
  SendStatus: end === 'waiting' ? 2 : end === 'refused' ? 4 : 5,
  SendSuccess: end === 'delivered' ? 1 : 0,
  TotalPrice: PRICE,
  TotalReceiver: 1,
  TotalSent: end === 'waiting' ? 0 : 1,
});

function send(world: EsmsWorld, body: Record<string, unknown>, taken: (message: EsmsMessage) => void): Record<string, unknown> {
  const refusal = check(world, body);
  if (refusal) return { CodeResult: refusal, CountRegenerate: 0, ErrorMessage: `Error ${refusal}` };
  const smsId = `${newId()}${body['SmsType'] as string}`;
  const requestId = typeof body['RequestId'] === 'string' ? body['RequestId'] : '';
  if (String(body['Sandbox'] ?? '0') === '1') return { CodeResult: '100', CountRegenerate: 0, SMSID: smsId };
  if (requestId) world.requestIds.add(requestId);
  world.balance--;
  const message: EsmsMessage = {
    smsId,
    requestId,
    phone: phoneOf(body['Phone']) ?? '',
    text: body['Content'] as string,
    unicode: String(body['IsUnicode'] ?? '0') === '1',
    callbackUrl: typeof body['CallbackUrl'] === 'string' ? body['CallbackUrl'] : '',
    at: world.clock.now(),
    end: 'waiting',
  };
  world.messages.push(message);
  taken(message);
  return { CodeResult: '100', CountRegenerate: 0, SMSID: smsId };
}

/** The first code that applies, in the order a gateway would look: who, as whom, what, to whom. */
function check(world: EsmsWorld, body: Record<string, unknown>): string | null {
  const { Content: text, RequestId: requestId } = body;
  if (!isKnown(world, body)) return '101';
  if (body['SmsType'] === undefined) return '300';
  if (String(body['SmsType']) !== '2') return '301';
  if (body['Brandname'] !== world.brandname) return '104';
  if (typeof text !== 'string' || text.trim() === '') return '110';
  if (!/^[01]$/.test(String(body['IsUnicode'] ?? '0')) || (String(body['IsUnicode'] ?? '0') === '0' && !NO_MARKS.test(text))) return '110';
  const phone = phoneOf(body['Phone']);
  if (!phone) return '108';
  if (world.blocked.has(phone)) return '99';
  if (typeof requestId === 'string' && world.requestIds.has(requestId)) return '124';
  if (world.templates.length > 0 && !world.templates.some((template) => template.test(text))) return '146';
  return world.balance > 0 ? null : '103';
}

const isKnown = (world: EsmsWorld, fields: Record<string, unknown>): boolean => fields['ApiKey'] === world.apiKey && fields['SecretKey'] === world.secretKey;

const isBefore = ({ kind }: EsmsFault): boolean => kind !== 'reset-after' && kind !== 'cut' && kind !== 'html-after';

function misbehave(reply: FastifyReply, fault: EsmsFault): unknown {
  if (fault.kind === 'code') return { CodeResult: fault.code, CountRegenerate: 0, ErrorMessage: `Error ${fault.code}` };
  if (fault.kind === 'flood-429') return reply.code(429).header('retry-after', String(fault.retryAfterS ?? 5)).type('text/html').send('<h1>Too Many Requests</h1>');
  if (fault.kind === 'server-500' || fault.kind === 'html-after') return reply.code(502).type('text/html').send('<html><body><h1>502 Bad Gateway</h1></body></html>');
  reply.hijack();
  if (fault.kind === 'cut') {
    reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': '90' });
    reply.raw.write('{"CodeResult":"1', () => reply.raw.destroy());
  } else if (fault.kind !== 'hang') reply.raw.socket?.resetAndDestroy();
  return reply;
}

function jsonOf(request: FastifyRequest): Record<string, unknown> | null {
  if (!/^application\/json/.test(request.headers['content-type'] ?? '') || !Buffer.isBuffer(request.body)) return null;
  try {
    const body: unknown = JSON.parse(request.body.toString('utf8'));
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const withoutKeys = ({ ApiKey: _key, SecretKey: _secret, ...rest }: Record<string, unknown>): Record<string, unknown> => rest;
