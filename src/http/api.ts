import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import { openapiOptions, problemSchema } from './openapi.js';
import { agencyRoutes } from './routes/agencies.js';
import { deliveryRoutes } from './routes/deliveries.js';
import { directiveRoutes } from './routes/directives.js';
import { fileRoutes } from './routes/files.js';
import { meetingRoutes } from './routes/meetings.js';
import { peopleRoutes } from './routes/people.js';
import { taskRoutes } from './routes/tasks.js';

/** Calls a minute from one address: a document system handing over its whole backlog stays below it. */
const CALLS_A_MINUTE = 3_000;

/** The REST API under /api/v1 with its document (openapi.json) and a page to browse it (/api/docs); both hold no data and are public. */
export async function registerApi(http: FastifyInstance, ctx: Ctx): Promise<void> {
  // A scope of its own: the document lists what is registered here and nothing else of the house.
  await http.register(async (api) => {
    await api.register(swagger, openapiOptions(ctx.config.PUBLIC_URL));
    // The page writes its assets' addresses from this option alone, so no prefix may come from outside.
    await api.register(swaggerUi, { routePrefix: '/api/docs', uiConfig: { layout: 'BaseLayout', docExpansion: 'list', tryItOutEnabled: false }, theme: { title: 'Nhắc Việc API' } });
    api.addSchema(problemSchema);
    await api.register((v1) => routes(v1, ctx), { prefix: '/api/v1' });
    api.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => api.swagger());
  });
}

async function routes(http: FastifyInstance, ctx: Ctx): Promise<void> {
  // Before any route: the plugin only sees routes that come after it.
  await http.register(rateLimit, { max: CALLS_A_MINUTE, timeWindow: 60_000, errorResponseBuilder: () => new DomainError('too-many-requests') });
  // After the limit, which counts in onRequest, so that guessing is limited too; before anything of the body is read.
  http.addHook('preParsing', async (request) => mustHaveToken(ctx, request));
  // A POST without a body is checked like an empty one, so that the answer names the missing fields.
  http.addHook('preValidation', async (request) => {
    if (request.method === 'POST' && request.body === undefined) request.body = {};
  });
  const api = { http, ctx };
  for (const room of [agencyRoutes, peopleRoutes, directiveRoutes, taskRoutes, deliveryRoutes, meetingRoutes, fileRoutes]) room(api);
}

/** Throws 'not-signed-in', also where no API_TOKEN is configured: then nobody gets in. */
function mustHaveToken(ctx: Ctx, request: FastifyRequest): void {
  const [, given] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (!ctx.config.API_TOKEN?.matches(given)) throw new DomainError('not-signed-in');
}
