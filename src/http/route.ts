import { Type, type Static, type TSchema } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import type { Ctx } from '../context.js';
import type { Actor } from '../people/actor.js';
import { answerOnce } from './answer-once.js';
import { problems } from './schemas.js';

/** Where routes are hung up: the guarded scope and the context they run in. */
export interface Api {
  http: FastifyInstance;
  ctx: Ctx;
}

/** Who acts through the API, as records show it. */
export const API_ACTOR: Actor = { kind: 'api', name: 'Hệ thống quản lý văn bản' };

interface RouteText {
  tag: string;
  summary: string;
  description?: string;
}

interface Write<B extends TSchema, P extends TSchema> extends RouteText {
  body: B;
  params?: P;
  /** 201 where something new can be asked for afterwards. */
  status?: 200 | 201;
  /** Bytes; for bodies that hold a file. */
  bodyLimit?: number;
  answer: TSchema;
  /** Calls one use case; `ctx.cause` is that of this request or, with an Idempotency-Key, of all its repeats. */
  run(ctx: Ctx, input: { body: Static<B>; params: Static<P> }): Promise<unknown>;
}

const idempotencyHeader = Type.Object({
  'Idempotency-Key': Type.Optional(Type.String({ description: 'Gửi lại cùng khóa và cùng nội dung trong 24 giờ thì nhận lại đúng câu trả lời cũ, không ghi hai lần' })),
});

/** A POST route: checked, done once per Idempotency-Key, answered in the documented shape. */
export function write<B extends TSchema, P extends TSchema>({ http, ctx }: Api, path: string, route: Write<B, P>): void {
  const { tag, summary, description, body, params, status = 201, bodyLimit, answer, run } = route;
  const schema = { tags: [tag], summary, ...(description ? { description } : {}), headers: idempotencyHeader, body, ...(params ? { params } : {}), response: { [status]: { ...answer, description: status === 201 ? 'Đã ghi' : 'Đã thực hiện' }, ...problems } };
  http.post(path, { schema, ...(bodyLimit ? { bodyLimit } : {}) }, async (request, reply) => {
    const input = { body: request.body as Static<B>, params: request.params as Static<P> };
    const done = await answerOnce(ctx, request, async (own) => ({ status, body: await run(own, input) }));
    if (done.replayed) void reply.header('idempotency-replayed', 'true');
    return reply.code(done.status).send(done.body);
  });
}

interface Read<Q extends TSchema, P extends TSchema> extends RouteText {
  query?: Q;
  params?: P;
  answer: TSchema;
  run(ctx: Ctx, input: { query: Static<Q>; params: Static<P> }): Promise<unknown>;
}

/** A GET route. */
export function read<Q extends TSchema, P extends TSchema>({ http, ctx }: Api, path: string, route: Read<Q, P>): void {
  const { tag, summary, description, query, params, answer, run } = route;
  const schema = { tags: [tag], summary, ...(description ? { description } : {}), ...(query ? { querystring: query } : {}), ...(params ? { params } : {}), response: { 200: { ...answer, description: 'Kết quả' }, ...problems } };
  http.get(path, { schema }, async (request) => run(ctx, { query: request.query as Static<Q>, params: request.params as Static<P> }));
}

/** The page asked for; 1 where none is. */
export const pageOf = (page: string | undefined): number => Number(page ?? 1);

/** How many rows a page of the API holds. */
export const PAGE_SIZE = 50;
