import type { FastifyInstance } from 'fastify';
import type { Ctx } from '../context.js';
import { auditOutbox } from '../watch/auditor.js';
import type { ChannelHealth } from '../delivery/channel-module.js';
import { registerMetrics } from './metrics.js';

/** What the house tells of itself, as functions: the answers change. */
export interface HealthDeps {
  channels(): Record<string, ChannelHealth>;
  /** When each kind of background work last ran; empty where nothing runs by itself (tests). */
  lastTickAt(): Record<string, Date | null>;
}

/** A timetable that has not come round for so long stands still. */
const TICK_LIMIT_MS = 3 * 60_000;
const PING_LIMIT_MS = 3_000;

/** /healthz (the process answers), /readyz (it can do its work), /metrics (Prometheus) and / (to the back office). */
export async function registerHealth(http: FastifyInstance, ctx: Ctx, deps: HealthDeps): Promise<void> {
  const startedAt = ctx.clock.now();
  const tickAges = () => ages(deps.lastTickAt(), { now: ctx.clock.now(), startedAt });
  http.get('/', async (_request, reply) => reply.redirect('/admin'));
  http.get('/healthz', async () => ({ status: 'ok' }));
  http.get('/readyz', async (_request, reply) => {
    const database = await databaseProblems(ctx);
    const queues = database.length === 0 ? await queueProblems(ctx) : [];
    const problems = [...database, ...queues, ...tickProblems(tickAges()), ...channelProblems(deps.channels())];
    const channels = Object.fromEntries(Object.entries(deps.channels()).map(([name, { state }]) => [name, state]));
    void reply.code(problems.length === 0 ? 200 : 503).header('cache-control', 'no-store');
    return { status: problems.length === 0 ? 'ready' : 'not-ready', problems, channels, tickAgeSeconds: tickAges() };
  });
  registerMetrics(http, ctx, tickAges);
}

/** Seconds since each work's last run; since our start where it has not run yet. */
function ages(ticks: Record<string, Date | null>, { now, startedAt }: { now: Date; startedAt: Date }): Record<string, number> {
  const age = (last: Date | null) => Math.max(0, Math.round((now.getTime() - (last ?? startedAt).getTime()) / 1_000));
  return Object.fromEntries(Object.entries(ticks).map(([work, last]) => [work, age(last)]));
}

interface HealthProblem {
  part: string;
  /** A Vietnamese sentence without addresses or secrets. */
  detail: string;
}

async function databaseProblems(ctx: Ctx): Promise<HealthProblem[]> {
  try {
    await inTime(ctx.db.conn.db?.command({ ping: 1 }));
    return [];
  } catch (error) {
    ctx.log.error({ event: 'readyz-database', error: error instanceof Error ? error.name : 'unknown' }, 'database does not answer');
    return [{ part: 'database', detail: 'Cơ sở dữ liệu không trả lời.' }];
  }
}

/** The driver alone would wait ten seconds for a server, and longer for one that takes words and says nothing. */
const inTime = (answer: Promise<unknown> | undefined): Promise<unknown> =>
  Promise.race([answer, new Promise((_resolve, reject) => AbortSignal.timeout(PING_LIMIT_MS).addEventListener('abort', () => reject(new Error('ping timed out')), { once: true }))]);

/** Plan and ledger compared: what is due for more than two minutes and still here. */
async function queueProblems(ctx: Ctx): Promise<HealthProblem[]> {
  const { overdue, inboxOverdue } = await auditOutbox(ctx);
  return [
    ...(overdue > 0 ? [{ part: 'outbox', detail: `${overdue} tin đến giờ gửi đã hơn 2 phút mà chưa gửi được.` }] : []),
    ...(inboxOverdue > 0 ? [{ part: 'inbox', detail: `${inboxOverdue} tin nhận được đã hơn 2 phút mà chưa xử lý.` }] : []),
  ];
}

const tickProblems = (tickAges: Record<string, number>): HealthProblem[] =>
  Object.entries(tickAges)
    .filter(([, seconds]) => seconds * 1_000 > TICK_LIMIT_MS)
    .map(([work, seconds]) => ({ part: `tick:${work}`, detail: `Việc nền "${work}" không chạy đã ${seconds} giây.` }));

const channelProblems = (channels: Record<string, ChannelHealth>): HealthProblem[] =>
  Object.entries(channels)
    .filter(([, { state }]) => state === 'failing')
    .map(([channel, { problem }]) => ({ part: `channel:${channel}`, detail: problem ?? 'Kênh gửi đang lỗi.' }));
