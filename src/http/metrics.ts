import type { FastifyInstance } from 'fastify';
import type { Model } from 'mongoose';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Ctx } from '../context.js';
import type { Findings } from '../watch/find-problems.js';
import { deliveryStates, type Delivery } from '../delivery/delivery.model.js';

const inboundStates = ['new', 'claimed', 'done', 'parked'] as const;

/**
 * /metrics for Prometheus: counts and ages only, nothing about people. Numbers of the queues are asked of the database when
 * Prometheus asks us, so they are right with any number of instances (take the max, not the sum).
 */
export function registerMetrics(http: FastifyInstance, ctx: Ctx, look: () => Promise<Findings>): void {
  const registry = new Registry();
  // One look for all measures of one answer.
  let pending: Promise<Findings> | undefined;
  const findings = () => (pending ??= look().finally(() => (pending = undefined)));
  collectDefaultMetrics({ register: registry });
  countByState(registry, { name: 'nv_deliveries', help: 'Deliveries by state, counted up to 100000', states: deliveryStates, model: ctx.db.Delivery });
  countByState(registry, { name: 'nv_inbound', help: 'Incoming messages by state, counted up to 100000', states: inboundStates, model: ctx.db.Inbound });
  gauge(registry, 'nv_delivery_oldest_overdue_seconds', 'Age of the oldest planned delivery that is due', async (set) => set.set(await oldestOverdue(ctx)));
  gauge(registry, 'nv_tick_age_seconds', 'Seconds since a background work last ran', async (set) => {
    for (const [work, seconds] of Object.entries((await findings()).tickAges)) set.set({ work }, seconds);
  }, ['work']);
  gauge(registry, 'nv_audit', 'Plan and ledger compared: what stands still, is unknown, reached nobody or was parked', async (set) => {
    const { audit } = await findings();
    for (const [finding, n] of Object.entries(audit ?? {})) set.set({ finding }, n as number);
  }, ['finding']);
  gauge(registry, 'nv_problem', 'What stands still now, 1 each; nothing where all is in order', async (set) => {
    for (const { part } of (await findings()).problems) set.set({ part }, 1);
  }, ['part']);
  timeRequests(http, registry);
  http.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}

function timeRequests(http: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'nv_http_request_duration_seconds',
    help: 'Time to answer by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  http.addHook('onResponse', async (request, reply) => {
    // The route's pattern, never the address: addresses are without number and may hold tokens.
    durations.observe({ method: request.method, route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
  });
}

type Collect = (gauge: Gauge) => Promise<void>;

function gauge(registry: Registry, name: string, help: string, collect: Collect, labelNames: string[] = []): void {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      this.reset();
      await collect(this);
    },
  });
}

interface Counted {
  name: string;
  help: string;
  states: readonly string[];
  model: Pick<Model<{ state: string }>, 'countDocuments'>;
}

/** Ended rows grow for ever; nobody alarms on their exact number. */
const COUNTED_TO = 100_000;

/** States without a row are shown as 0: a line that comes and goes cannot be alarmed on. */
function countByState(registry: Registry, { name, help, states, model }: Counted): void {
  gauge(registry, name, help, async (set) => {
    const counts = await Promise.all(states.map((state) => model.countDocuments({ state }, { limit: COUNTED_TO })));
    states.forEach((state, i) => set.set({ state }, counts[i] ?? 0));
  }, ['state']);
}

async function oldestOverdue(ctx: Ctx): Promise<number> {
  const now = ctx.clock.now();
  const oldest = await ctx.db.Delivery.findOne({ state: 'planned', notBefore: { $lte: now } }).sort({ notBefore: 1 }).lean<Delivery>();
  return oldest ? (now.getTime() - oldest.notBefore.getTime()) / 1_000 : 0;
}
