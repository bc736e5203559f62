import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkMessage, type Checked } from './check-message.js';
import { readFilePart } from './multipart.js';
import { newId, show, type Fault, type StoredMessage, type ZaloWorld } from './world.js';

const refused = (error: number, message: string) => ({ error, message });
const done = (data: unknown) => ({ error: 0, message: 'Success', data });

/** The OA's OpenAPI. Every error has HTTP 200; only the bare header `access_token` is accepted. */
export function registerOpenApi(http: FastifyInstance, world: ZaloWorld, sent: (userId: string, message: StoredMessage) => void): void {
  http.addHook('preHandler', async (request, reply) => {
    const path = (request.routeOptions.url ?? request.url).replace(/^\/openapi/, '');
    if (!request.routeOptions.url?.startsWith('/openapi/')) return;
    world.calls.push({ method: `${request.method} ${path}`, body: shownBody(request), at: world.clock.now() });
    const refusal = checkToken(world, request);
    if (refusal) await reply.code(200).send(refusal);
  });
  const message = (endpoint: 'v2' | 'v3') => async (request: FastifyRequest, reply: FastifyReply) => {
    const fault = world.faults.shift();
    const wrongType = endpoint === 'v3' && world.oaType === 4 ? refused(-235, 'This API does not support this type of OA') : endpoint === 'v2' && world.oaType === 2 ? refused(-240, 'V2 API has been shut down') : null;
    const checked = wrongType ?? checkMessage(world, jsonOf(request));
    if ('error' in checked) return fault ? misbehave(reply, fault) : checked;
    const stored = !fault || fault.delivered ? deliver(world, checked, sent) : null;
    if (fault) return misbehave(reply, fault);
    return done({ message_id: stored?.id, user_id: checked.userId, sent_time: String(world.clock.now().getTime()), quota: { quota_type: 'sub_quota', remain: '1999', total: '2000' } });
  };
  http.post('/openapi/v3.0/oa/message/cs', message('v3'));
  http.post('/openapi/v2.0/oa/message', message('v2'));
  http.get('/openapi/v2.0/oa/getoa', async () => done({ oa_id: world.oaId, name: 'OA minh họa', oa_type: world.oaType, is_verified: true, num_follower: world.phones.size }));
  http.get('/openapi/v3.0/oa/user/detail', async (request) => userDetail(world, request));
  // Ids and times as text; what a package does not count is left out.
  http.post('/openapi/v3.0/oa/quota/message', async (request) => {
    const asked = jsonOf(request) as { user_id?: unknown } | undefined;
    const phone = world.phones.get(String(asked?.user_id ?? ''));
    if (!phone) return refused(-201, 'user_id is invalid');
    return done({ last_interaction: String(phone.lastInteractionAt?.getTime() ?? 0), cs_reply: { remain: 1999, total: 2000 } });
  });
  http.post('/openapi/v2.0/oa/upload/:what', async (request) => upload(world, request));
}

function checkToken(world: ZaloWorld, request: FastifyRequest): { error: number; message: string } | null {
  const { grant } = world;
  const good = grant?.access && request.headers['access_token'] === grant.access && !request.headers.authorization;
  if (!good) return refused(-216, 'Access token is invalid');
  return world.clock.now() < grant.expiresAt ? null : refused(-220, 'Access token has expired');
}

function deliver(world: ZaloWorld, checked: Checked, sent: (userId: string, message: StoredMessage) => void): StoredMessage {
  const buttons = checked.buttons.map(({ title, type, payload }) => ({ label: title, ...(type === 'oa.open.url' ? { url: (payload as { url: string }).url } : {}) }));
  const stored = show(world, checked.userId, { from: 'bot', text: checked.text, buttons, sent: checked.buttons, ...(checked.attachment ? { attachment: checked.attachment } : {}) });
  sent(checked.userId, stored);
  return stored;
}

function misbehave(reply: FastifyReply, fault: Fault): unknown {
  if (fault.kind === 'error') return refused(fault.code ?? -100, fault.message ?? 'Unknown error');
  if (fault.kind === 'server-500') return reply.code(502).type('text/html').send('<html><body><h1>502 Bad Gateway</h1></body></html>');
  if (fault.kind === 'broken-json') return reply.code(200).type('application/json').send('{"error":0,"message":"Succ');
  reply.hijack();
  if (fault.kind === 'reset') reply.raw.socket?.resetAndDestroy();
  return reply;
}

function userDetail(world: ZaloWorld, request: FastifyRequest): unknown {
  const userId = readQuery(request)['user_id'];
  const phone = typeof userId === 'string' ? world.phones.get(userId) : undefined;
  if (!phone) return refused(-201, 'user_id is invalid');
  const last = phone.lastInteractionAt ? new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' }).format(phone.lastInteractionAt) : '';
  return done({ user_id: userId, user_id_by_app: userId, display_name: 'Người dùng minh họa', user_is_follower: phone.following, user_last_interaction_date: last });
}

function readQuery(request: FastifyRequest): Record<string, unknown> {
  try {
    return JSON.parse((request.query as { data?: string }).data ?? '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}

function upload(world: ZaloWorld, request: FastifyRequest): unknown {
  const what = (request.params as { what: string }).what;
  const file = Buffer.isBuffer(request.body) ? readFilePart(request.body, request.headers['content-type'] ?? '') : null;
  const rule = { image: { name: /\.(jpe?g|png)$/i, max: 1_000_000 }, file: { name: /\.(pdf|docx?|csv)$/i, max: 5_000_000 } }[what];
  if (!file || !rule || !rule.name.test(file.name)) return refused(-201, 'file is invalid');
  if (file.bytes.byteLength > rule.max) return refused(-210, 'file is over limit');
  // Names lie: the real one looks at the bytes too.
  if (what === 'image' && !/^(\xff\xd8|\x89P)/.test(Buffer.from(file.bytes.subarray(0, 2)).toString('latin1'))) return refused(-201, 'file is invalid');
  const id = newId();
  world.uploads.set(id, { ...file, at: world.clock.now() });
  return done(what === 'image' ? { attachment_id: id } : { token: id });
}

function jsonOf(request: FastifyRequest): unknown {
  if (!/^application\/json/.test(request.headers['content-type'] ?? '') || !Buffer.isBuffer(request.body)) return undefined;
  try {
    return JSON.parse(request.body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

const shownBody = (request: FastifyRequest): unknown => (/json/.test(request.headers['content-type'] ?? '') ? jsonOf(request) : null);
