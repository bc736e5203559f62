import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import type { Updates } from './updates.js';
import { MONTHLY_MESSAGES, Refused, type Fault, type World } from './world.js';

type Params = Record<string, unknown>;

interface Provider {
  token: string;
  world: World;
  updates: Updates;
}

/** The HTTP face: POST /bot<token>/<method> with JSON; refusals come with HTTP 200. */
export function apiServer(on: Provider): FastifyInstance {
  const http = fastify({ forceCloseConnections: true });
  http.post<{ Params: { token: string; method: string } }>('/bot:token/:method', async (request, reply) => {
    const { token, method } = request.params;
    const params = (typeof request.body === 'object' && request.body !== null ? request.body : {}) as Params;
    try {
      if (token !== on.token) throw new Refused(401, 'Unauthorized');
      on.world.calls.push({ method, body: params, at: on.world.clock.now() });
      if (method === 'sendMessage') return await sendMessage(on, params, reply);
      return { ok: true, result: await run(on, method, params, goneWith(reply)) };
    } catch (error) {
      if (error instanceof Refused) return { ok: false, error_code: error.code, description: error.message };
      throw error;
    }
  });
  http.get<{ Params: { id: string } }>('/media/:id', async (request, reply) => {
    const file = on.world.files.get(request.params.id);
    return file ? reply.type(file.type).send(Buffer.from(file.bytes)) : reply.code(404).send();
  });
  return http;
}

/** Aborts with the answer's end, sent or not: the connection lives on, and would gather a listener with each question asked over it. */
const goneWith = (reply: FastifyReply): AbortSignal => {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
};

async function run({ updates }: Provider, method: string, params: Params, gone: AbortSignal): Promise<unknown> {
  switch (method) {
    case 'getMe':
      return { id: '2026112026', account_name: 'bot.minhhoa', account_type: 'BASIC', can_join_groups: false };
    case 'getUpdates':
      if (typeof params['timeout'] !== 'string' || !/^\d{1,2}$/.test(params['timeout'])) throw new Refused(400, 'Bad Request: timeout');
      return updates.take(Number(params['timeout']) * 1000, gone);
    case 'setWebhook':
      return setWebhook(updates, params);
    case 'deleteWebhook':
      updates.setWebhook(undefined);
      return { url: '', updated_at: 0 };
    default:
      throw new Refused(404, 'Not Found');
  }
}

/** https only; this machine is excepted, since nobody has a certificate for it. */
function setWebhook(updates: Updates, { url, secret_token: secret }: Params): unknown {
  const given = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (!given || !(given.protocol === 'https:' || ['127.0.0.1', 'localhost'].includes(given.hostname))) throw new Refused(400, 'Bad Request: url');
  if (typeof secret !== 'string' || secret.length < 8 || secret.length > 256) throw new Refused(400, 'Bad Request: secret_token');
  updates.setWebhook({ url: given.href, secret });
  return { url, updated_at: 0 };
}

async function sendMessage({ world }: Provider, params: Params, reply: FastifyReply): Promise<unknown> {
  const fault = world.faults.shift();
  if (fault && !fault.delivered) return misbehave(fault, reply);
  const stranger = Object.keys(params).find((name) => !['chat_id', 'text', 'parse_mode', 'text_styles'].includes(name));
  const { chat_id: chatId, text } = params;
  if (stranger) throw new Refused(400, `Bad Request: unknown parameter ${stranger}`);
  if (typeof text !== 'string' || text.trim() === '' || text.length > 2000) throw new Refused(400, 'Bad Request: text must be 1 to 2000 characters');
  if (!world.mayWrite(chatId)) throw new Refused(400, 'Bad Request: invalid chat_id');
  if (world.sent >= MONTHLY_MESSAGES) throw new Refused(429, 'Quota exceeded');
  world.sent++;
  const message = world.add(chatId, { from: 'bot', text });
  if (fault) return misbehave(fault, reply);
  return { ok: true, result: { message_id: message.id, date: message.at.getTime() } };
}

function misbehave(fault: Fault, reply: FastifyReply): unknown {
  if (fault.kind === 'error') throw new Refused(fault.code ?? 403, fault.description ?? 'Internal server error');
  if (fault.kind === 'server-500') return reply.code(502).type('text/html').send('<html><body><h1>502 Bad Gateway</h1></body></html>');
  if (fault.kind === 'broken-json') return reply.code(200).type('application/json').send('{"ok":true,"result":{"messa');
  reply.hijack();
  if (fault.kind === 'reset') reply.raw.socket?.resetAndDestroy();
  return reply;
}
