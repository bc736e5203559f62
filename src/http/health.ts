import type { FastifyInstance } from 'fastify';
import type { Ctx } from '../context.js';
import { findProblems, type Findings, type House } from '../watch/find-problems.js';
import { registerMetrics } from './metrics.js';

/** What the house tells of itself; `findings` where a watch looks anyway and remembers. */
export interface HealthDeps extends House {
  findings?: () => Promise<Findings>;
}

/** /healthz (the process answers), /readyz (it can do its work), /metrics (Prometheus) and / (to the back office). */
export async function registerHealth(http: FastifyInstance, ctx: Ctx, deps: HealthDeps): Promise<void> {
  const memory = { startedAt: ctx.clock.now(), intents: new Map<string, Date>() };
  const findings = deps.findings ?? (() => findProblems(ctx, deps, memory));
  http.get('/', async (_request, reply) => reply.redirect('/admin'));
  http.get('/healthz', async () => ({ status: 'ok' }));
  http.get('/readyz', async (_request, reply) => {
    const { problems, tickAges } = await findings();
    const channels = Object.fromEntries(Object.entries(deps.channels()).map(([name, { state }]) => [name, state]));
    void reply.code(problems.length === 0 ? 200 : 503).header('cache-control', 'no-store');
    return { status: problems.length === 0 ? 'ready' : 'not-ready', problems: problems.map(({ part, detail }) => ({ part, detail })), channels, tickAgeSeconds: tickAges };
  });
  registerMetrics(http, ctx, findings);
}
