import type { AddressInfo } from 'node:net';
import { fastify, type FastifyReply } from 'fastify';
import type { Clock } from '../../kernel/clock.js';

/** A template Zalo has approved, with the limits of its blanks. */
export interface ApprovedTemplate {
  params: Record<string, { type: 'STRING' | 'NUMBER' | 'DATE'; maxLength: number }>;
  status?: 'ENABLE' | 'REJECT' | 'DISABLE';
  /** Approved for sending by user id too. */
  byUid?: boolean;
}

/** A template message on somebody's phone. */
export interface TemplateMessage {
  msgId: string;
  /** The number, or the user id where it was sent by that. */
  phone: string;
  templateId: string;
  data: Record<string, string>;
  trackingId: string;
  at: Date;
  delivered: Date | null;
}

/** How the next send goes wrong; `delivered`: the message is on its way all the same. */
export interface ZbsFault {
  kind: 'error' | 'flood-429' | 'server-500' | 'hang' | 'reset' | 'broken-json';
  code?: number;
  message?: string;
  delivered?: boolean;
}

export interface ZbsStandInOptions {
  /** 0 or absent: any free port. */
  port?: number;
  clock: Clock;
  /** Whether this is the OA's present access token. */
  isToken(token: string): boolean | Promise<boolean>;
  /** Takes webhook events, e.g. the OA stand-in's `webhook.tell`, which signs and sends them. */
  tell?(event: Record<string, unknown>): Promise<void>;
}

/** A local ZBS (ZNS): template messages by phone, as strict as the real one. */
export interface ZbsStandIn {
  /** ZALO_ZBS_API_ROOT */
  apiRoot: string;
  approve(templateId: string, template: ApprovedTemplate): void;
  /** Numbers (84…) of people with Zalo who take template messages. */
  introduce(...phones: string[]): void;
  /** User ids of followers of the Official Account: reached at the same root, as ZALO_API_ROOT. */
  follow(...uids: string[]): void;
  messagesOf(phone: string): TemplateMessage[];
  /** Called after every message. Returns the way to stop. */
  onMessage(listener: (phone: string) => void): () => void;
  /** The phone shows the message; tells the webhook unless `silently`. */
  deliver(msgId: string, options?: { silently?: boolean }): Promise<void>;
  /** Zalo took it and knows nothing of it any more. */
  lose(msgId: string): void;
  failNext(...faults: ZbsFault[]): void;
  /** Messages left for today. */
  setQuota(remaining: number): void;
  /** Every call that reached the provider, oldest first, without tokens. */
  calls(): { method: string; body: unknown; at: Date }[];
  stop(): Promise<void>;
}

/** Template messages a day. */
export const ZBS_DAILY = 20_000;
type Json = Record<string, unknown>;
const refused = (error: number, message: string) => ({ error, message });
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Starts it on 127.0.0.1. */
export async function startZbsStandIn(options: ZbsStandInOptions): Promise<ZbsStandIn> {
  const { clock } = options;
  const world: World = { templates: new Map(), phones: new Set(), uids: new Set(), messages: [], remaining: ZBS_DAILY };
  const faults: ZbsFault[] = [];
  const listeners = new Set<(phone: string) => void>();
  const calls: { method: string; body: unknown; at: Date }[] = [];
  const http = fastify({ forceCloseConnections: true });
  http.addHook('preHandler', async (request, reply) => {
    calls.push({ method: `${request.method} ${request.routeOptions.url ?? ''}`, body: request.body ?? request.query, at: clock.now() });
    const token = request.headers['access_token'];
    const good = typeof token === 'string' && !request.headers.authorization && (await options.isToken(token));
    if (!good) await reply.code(200).send(refused(request.url.startsWith('/v3.0/') ? -216 : -124, 'Access token invalid'));
  });
  http.post('/message/template', async (request, reply) => {
    const fault = faults.shift();
    const checked = check(world, request.body);
    if (fault && !fault.delivered) return misbehave(reply, fault);
    if ('error' in checked) return checked;
    const sent = { ...checked, msgId: crypto.randomUUID().replaceAll('-', ''), at: clock.now(), delivered: null };
    world.messages.push(sent);
    listeners.forEach((listener) => listener(sent.phone));
    world.remaining--;
    if (fault) return misbehave(reply, fault);
    const quota = { dailyQuota: String(ZBS_DAILY), remainingQuota: String(world.remaining) };
    return { error: 0, message: 'Success', data: { msg_id: sent.msgId, sent_time: String(clock.now().getTime()), sending_mode: '1', quota } };
  });
  http.post('/v3.0/oa/message/template', async (request, reply) => {
    const fault = faults.shift();
    const checked = checkByUid(world, request.body);
    if (fault && !fault.delivered) return misbehave(reply, fault);
    if ('error' in checked) return checked;
    const sent = { ...checked, msgId: crypto.randomUUID().replaceAll('-', ''), at: clock.now(), delivered: null };
    world.messages.push(sent);
    listeners.forEach((listener) => listener(sent.phone));
    if (fault) return misbehave(reply, fault);
    return { error: 0, message: 'Success', data: { message_id: sent.msgId, user_id: sent.phone, sent_time: String(clock.now().getTime()), quota: { quota_type: 'sub_quota', remain: '499' } } };
  });
  http.get<{ Querystring: { message_id?: string } }>('/message/status', async (request) => {
    const message = world.messages.find((m) => m.msgId === request.query.message_id);
    if (!message) return { error: 0, message: 'Success', data: { status: -1, message: 'The message does not exist' } };
    return { error: 0, message: 'Success', data: { status: message.delivered ? 1 : 0, delivery_time: message.delivered ? String(message.delivered.getTime()) : '' } };
  });
  http.get('/message/quota', async () => ({ error: 0, message: 'Success', data: { dailyQuota: ZBS_DAILY, remainingQuota: world.remaining } }));
  await http.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { port } = http.server.address() as AddressInfo;
  return {
    apiRoot: `http://127.0.0.1:${port}`,
    approve: (templateId, template) => void world.templates.set(templateId, template),
    introduce: (...phones) => phones.forEach((phone) => world.phones.add(phone)),
    follow: (...uids) => uids.forEach((uid) => world.uids.add(uid)),
    messagesOf: (phone) => world.messages.filter((m) => m.phone === phone),
    onMessage: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    deliver: async (msgId, how) => {
      const message = world.messages.find((m) => m.msgId === msgId);
      if (!message) throw new RangeError(`No message ${msgId}`);
      message.delivered = clock.now();
      if (!how?.silently) await options.tell?.(receivedEvent(message));
    },
    lose: (msgId) => void (world.messages = world.messages.filter((m) => m.msgId !== msgId)),
    failNext: (...more) => void faults.push(...more),
    setQuota: (remaining) => void (world.remaining = remaining),
    calls: () => [...calls],
    stop: () => http.close(),
  };
}

interface World {
  templates: Map<string, ApprovedTemplate>;
  phones: Set<string>;
  uids: Set<string>;
  messages: TemplateMessage[];
  remaining: number;
}

type Checked = Pick<TemplateMessage, 'phone' | 'templateId' | 'data' | 'trackingId'>;

function check(world: World, body: unknown): Checked | ReturnType<typeof refused> {
  if (!isObject(body)) return refused(-122, 'Body request invalid');
  const { phone, template_id: templateId, template_data: data, tracking_id: trackingId, mode } = body;
  if (typeof phone !== 'string' || !/^84\d{9}$/.test(phone)) return refused(-108, 'Phone number invalid');
  const template = typeof templateId === 'string' ? world.templates.get(templateId) : undefined;
  if (typeof templateId !== 'string' || !template) return refused(-109, 'Template ID invalid');
  if ((template.status ?? 'ENABLE') !== 'ENABLE') return template.status === 'DISABLE' ? refused(-146, 'Template disabled') : refused(-131, 'Template not approved');
  if (typeof trackingId !== 'string' || !/^[A-Za-z0-9]{1,48}$/.test(trackingId)) return refused(-132, 'Parameter invalid: tracking_id');
  const wrong = checkData(template, data);
  if (wrong) return wrong;
  if (mode === 'development') return refused(-127, 'Development mode: the number is not an administrator');
  if (!world.phones.has(phone)) return refused(-118, 'Zalo account not existed');
  if (world.remaining <= 0) return refused(-144, 'OA has exceeded its daily quota');
  return { phone, templateId, data: data as Record<string, string>, trackingId };
}

function checkByUid(world: World, body: unknown): Checked | ReturnType<typeof refused> {
  if (!isObject(body)) return refused(-201, 'Params is invalid');
  const { user_id: uid, template_id: templateId, template_data: data } = body;
  if (typeof uid !== 'string' || !/^\d{6,20}$/.test(uid)) return refused(-201, 'user_id is invalid');
  const template = typeof templateId === 'string' ? world.templates.get(templateId) : undefined;
  if (typeof templateId !== 'string' || !template) return refused(-109, 'Template ID invalid');
  if (!template.byUid) return refused(-249, 'Template is not supported for UID');
  const wrong = checkData(template, data);
  if (wrong) return wrong;
  if (!world.uids.has(uid)) return refused(-213, 'User has not followed the OA');
  return { phone: uid, templateId, data: data as Record<string, string>, trackingId: '' };
}

function checkData(template: ApprovedTemplate, data: unknown): ReturnType<typeof refused> | null {
  if (!isObject(data)) return refused(-111, 'Template data empty');
  if (Object.keys(data).some((name) => !template.params[name])) return refused(-112, 'Template data invalid: unknown parameter');
  for (const [name, { type, maxLength }] of Object.entries(template.params)) {
    const value = data[name];
    if (typeof value !== 'string' || value.trim() === '') return refused(-1122, `Missing parameter: ${name}`);
    if (value.length > maxLength) return refused(-1121, `Parameter over limit: ${name}`);
    const shape = { STRING: /^[^\n\r]*$/, NUMBER: /^\d+$/, DATE: /^(\d{2}:\d{2}(:\d{2})? )?\d{2}\/\d{2}\/\d{4}$/ }[type];
    if (!shape.test(value)) return refused(-1123, `Parameter of the wrong type: ${name}`);
  }
  return null;
}

/** For template messages the recipient is the phone number, and the tracking id comes back. */
const receivedEvent = ({ msgId, phone, trackingId, delivered }: TemplateMessage): Json => {
  const time = String(delivered?.getTime() ?? 0);
  return { event_name: 'user_received_message', timestamp: time, recipient: { id: phone }, message: { delivery_time: time, msg_id: msgId, tracking_id: trackingId } };
};

function misbehave(reply: FastifyReply, fault: ZbsFault): unknown {
  if (fault.kind === 'error') return refused(fault.code ?? -100, fault.message ?? 'Unknown exception');
  if (fault.kind === 'flood-429') return reply.code(429).header('retry-after', '60').type('text/html').send('<h1>Too Many Requests</h1>');
  if (fault.kind === 'server-500') return reply.code(502).type('text/html').send('<html><body><h1>502 Bad Gateway</h1></body></html>');
  if (fault.kind === 'broken-json') return reply.code(200).type('application/json').send('{"error":0,"message":"Succ');
  reply.hijack();
  if (fault.kind === 'reset') reply.raw.socket?.resetAndDestroy();
  return reply;
}
