import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ApiError } from './api-error.js';
import { suffer, type Faults } from './faults.js';
import { findMethod, type Params, type Provider } from './methods.js';

const CALLS_KEPT = 5_000;

/** The HTTP face of the stand-in: /bot<token>/<method> by GET or POST, and /file/bot<token>/<path>. */
export function apiServer(on: Provider & { token: string; faults: Faults }): FastifyInstance {
  const http = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 50 * 1024 * 1024 });
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  http.all('/*', async (request, reply) => {
    try {
      const [method, params] = await readCall(on.token, request);
      return await answer(on, { method, params, reply });
    } catch (error) {
      return refuse(error, reply);
    }
  });
  http.get<{ Params: { token: string; '*': string } }>('/file/bot:token/*', async (request, reply) => {
    const file = on.world.files.get(request.params['*'].replace(/^documents\//, ''));
    if (request.params.token !== on.token || !file) return refuse(new ApiError(404, 'Not Found'), reply);
    return reply.type('application/octet-stream').send(Buffer.from(file.bytes));
  });
  return http;
}

async function readCall(token: string, request: FastifyRequest): Promise<[method: string, params: Params]> {
  const [, given, method] = /^\/bot([^/]*)\/([A-Za-z]+)$/.exec(new URL(request.url, 'http://local').pathname) ?? [];
  if (given === undefined || method === undefined || !/^\d+:/.test(given)) throw new ApiError(404, 'Not Found');
  if (given !== token) throw new ApiError(401, 'Unauthorized');
  return [method, { ...(request.query as Params), ...(await readBody(request)) }];
}

async function readBody(request: FastifyRequest): Promise<Params> {
  const body = request.body;
  const type = request.headers['content-type'] ?? '';
  if (!(body instanceof Buffer) || body.length === 0) return {};
  if (type.startsWith('multipart/form-data')) return formFields(new Uint8Array(body), type);
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body.toString()));
  try {
    const parsed: unknown = JSON.parse(body.toString());
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Params;
  } catch {
    // falls through to the same refusal as for JSON of another shape
  }
  throw new ApiError(400, "Bad Request: can't parse JSON object");
}

async function formFields(body: Uint8Array<ArrayBuffer>, type: string): Promise<Params> {
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const params: Params = {};
  form.forEach((value, name) => void (params[name] = value));
  return params;
}

async function answer(
  on: Provider & { faults: Faults },
  { method, params, reply }: { method: string; params: Params; reply: FastifyReply },
): Promise<FastifyReply> {
  on.world.calls.push({ method, body: params, at: on.world.clock.now() });
  if (on.world.calls.length > CALLS_KEPT) on.world.calls.shift();
  const planned = on.faults.next(method);
  if (planned && suffer(planned, reply)) return reply;
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const text = JSON.stringify({ ok: true, result: await findMethod(method)(on, params, gone.signal) });
  return reply.type('application/json').send(planned?.fault === 'broken-json' ? text.slice(0, text.length / 2) : text);
}

function refuse(error: unknown, reply: FastifyReply): FastifyReply {
  const known = error instanceof ApiError ? error : new ApiError(500, 'Internal Server Error');
  const parameters = known.parameters ? { parameters: known.parameters } : {};
  return reply.code(known.status).type('application/json').send(JSON.stringify({ ok: false, error_code: known.status, description: known.message, ...parameters }));
}
