import helmet from '@fastify/helmet';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Ctx } from '../context.js';
import { isDatabaseGone } from '../db/is-database-gone.js';
import { DomainError } from '../kernel/errors.js';
import { problemOf } from './problem.js';

/** Bodies of other systems: a directive with some hundred tasks. Routes that take files set their own limit. */
const BODY_LIMIT = 1024 * 1024;

/** Paths that are asked every few seconds; their log lines would bury the others. */
const chatter = new Set(['/healthz', '/readyz', '/metrics']);

/** The web server with everything all routes share: headers, request ids, log lines, error answers. Listens nowhere yet. */
export async function createServer(ctx: Ctx): Promise<FastifyInstance> {
  const http = fastify({
    loggerInstance: ctx.log as FastifyBaseLogger,
    // The framework's own lines hold the full address; addresses can hold tokens.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => Buffer.from(ctx.random.bytes(9)).toString('base64url'),
    trustProxy: ctx.config.TRUST_PROXY,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: 'idle',
    // Addresses that cannot be read never reach the error handler below.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    // What callers send is taken as it is or refused: no "5" for 5, nothing dropped in silence.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  });
  await http.register(helmet, headers(ctx));
  http.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  http.addHook('onResponse', async (request, reply) => logLine(request, reply));
  http.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  http.setNotFoundHandler((request, reply) => answerError(new DomainError('not-found'), request, reply));
  return http;
}

/**
 * Scripts from here alone; the API's page paints with inline styles. The back office's pages have a stricter policy of their own.
 * `no-referrer` would make its login form send "Origin: null" and fail its own origin check.
 */
const headers = (ctx: Ctx) => ({
  referrerPolicy: { policy: 'same-origin' as const },
  strictTransportSecurity: ctx.config.PUBLIC_URL?.startsWith('https:') === true,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'self'"],
    },
  },
});

function logLine(request: FastifyRequest, reply: FastifyReply): void {
  const route = request.routeOptions.url;
  const level = route && chatter.has(route) ? 'debug' : 'info';
  request.log[level]({ event: 'http', method: request.method, route: route ?? 'none', status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request);
  if (problem.status >= 500 && problem.code === 'internal') {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    request.log.error({ event: 'http-bug', route: request.routeOptions.url, err: { name, message, stack } }, 'request failed');
  }
  if (isDatabaseGone(error)) {
    request.log.error({ event: 'http-database-gone', route: request.routeOptions.url }, 'database does not answer');
    void reply.header('retry-after', '10');
  }
  if (problem.code === 'not-signed-in') void reply.header('www-authenticate', 'Bearer');
  if (problem.code === 'request-in-progress') void reply.header('retry-after', '1');
  return reply.code(problem.status).type('application/problem+json').send(problem);
}
