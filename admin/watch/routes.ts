import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { because, type Ctx } from '../../src/context.js';
import { holdSending, resumeSending } from '../../src/delivery/hold/decide-hold.js';
import { dropAllWaiting } from '../../src/delivery/hold/drop-all-waiting.js';
import { dropWaiting } from '../../src/delivery/hold/drop-waiting.js';
import { readHold } from '../../src/delivery/hold/hold.js';
import { previewHold } from '../../src/delivery/hold/what-waits.js';
import { DomainError } from '../../src/kernel/errors.js';
import type { Actor } from '../../src/people/actor.js';
import { mustBeAllowed } from '../../src/people/policy.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import { currentUser, type CurrentUser } from '../current.js';
import { holdView } from './hold-view.js';
import { historyView, ledgerView } from './ledger-view.js';
import type { WatchDesk } from './watch-desk.js';

/** Minted by the page; pressing twice does the thing once. */
const nonce = z.string().regex(/^[A-Za-z0-9-]{16,64}$/);
const beginSchema = z.object({ nonce, reason: z.string().trim().min(1).max(500), urgentPasses: z.boolean().default(false) });
const endSchema = z.object({ nonce, choice: z.enum(['drop', 'all']), since: z.iso.datetime(), seen: z.number().int().min(0).optional() });
const dropAllSchema = z.object({ nonce, since: z.iso.datetime(), seen: z.number().int().min(0) });
const dropSchema = z.object({ nonce, code: z.string().regex(/^(NV|HOP)-\d{4}-\d{5,7}$/) });
const askedSchema = z.object({ q: z.string().max(200).default(''), person: z.string().max(24).default(''), state: z.string().max(20).default(''), page: z.coerce.number().int().min(1).max(10_000).default(1) });

/** What stands still, the hold on sending, and the ledger. Each use case checks the role by the policy. */
export function registerWatchRoutes(http: FastifyInstance, ctx: Ctx, desk: WatchDesk): void {
  const read = because(ctx, 'admin:read');
  http.get('/admin/api/office/standing', async () => {
    mustBeAllowed(me().actor, 'hold.read');
    return { problems: (await desk.standing()).map(({ part, detail, since, advice }) => ({ part, detail, since: formatInstant(since), advice })) };
  });
  http.get('/admin/api/office/hold', () => holdView(read, me().actor));
  http.post('/admin/api/office/hold', async ({ body }) => {
    const { nonce: press, reason, urgentPasses } = must(beginSchema, body, 'reason', 'nêu lý do tạm dừng');
    await holdSending(pressed(ctx, press), me().actor, { reason, urgentPasses });
    return { notice: { type: 'success', message: 'Đã tạm dừng gửi tin. Chỉ còn trả lời trong chat được gửi.' } };
  });
  http.post('/admin/api/office/hold/end', async ({ body }, reply) => {
    const { nonce: press, choice, since, seen } = must(endSchema, body, 'choice', 'một lựa chọn trên trang');
    const waiting = await nowWaiting(read, me().actor, since, desk);
    if (waiting !== null && seen !== undefined && waiting > seen) return reply.code(409).send(grown(waiting, seen));
    const { dropped } = await resumeSending(pressed(ctx, press), me().actor, { choice, since: new Date(since) }, desk.hands);
    return { notice: { type: 'success', message: dropped > 0 ? `Đã bỏ ${number(dropped)} tin và gửi tiếp${left(waiting, dropped)}.` : `Hệ thống đã gửi tiếp${left(waiting, 0)}.` } };
  });
  http.post('/admin/api/office/hold/drop', async ({ body }) => {
    const { nonce: press, code } = must(dropSchema, body, 'code', 'mã nhiệm vụ hoặc cuộc họp');
    const { dropped } = await dropWaiting(pressed(ctx, press), me().actor, { code });
    return { notice: { type: 'success', message: `Đã bỏ ${dropped.toLocaleString('vi-VN')} tin về ${code}. Các tin khác vẫn chờ.` } };
  });
  http.post('/admin/api/office/hold/drop-all', async ({ body }, reply) => {
    const { nonce: press, since, seen } = must(dropAllSchema, body, 'seen', 'số tin đã xem');
    const waiting = await nowWaiting(read, me().actor, since, desk);
    if (waiting !== null && waiting > seen) return reply.code(409).send(grown(waiting, seen));
    const { dropped } = await dropAllWaiting(pressed(ctx, press), me().actor, { since: new Date(since) });
    return { notice: { type: 'success', message: `Đã bỏ ${number(dropped)} tin. Vẫn tạm dừng gửi: tin phát sinh từ lúc này được giữ lại cho đến khi bấm “Gửi tiếp”.` } };
  });
  http.get('/admin/api/office/ledger', ({ query }) => ledgerView(read, me().actor, must(askedSchema, query, 'q', 'một câu tìm')));
  http.get<{ Params: { id: string } }>('/admin/api/office/ledger/:id', ({ params }) => historyView(read, me().actor, params.id));
}

/**
 * How many messages wait under the hold that was looked at, counted after everything due has been planned, as the decision
 * itself does; null where there is no such hold any more or it was decided already (the decision answers for itself).
 */
async function nowWaiting(ctx: Ctx, actor: Actor, since: string, desk: WatchDesk): Promise<number | null> {
  mustBeAllowed(actor, 'hold.decide');
  const hold = await readHold(ctx);
  if (hold?.since.getTime() !== new Date(since).getTime() || hold.decision) return null;
  await desk.hands.planAll();
  return (await previewHold(ctx, actor)).total;
}

const grown = (waiting: number, seen: number) => ({ code: 'hold-grown', notice: { type: 'error', message: `Từ lúc mở trang có thêm ${number(waiting - seen)} tin, nay có ${number(waiting)} tin đang chờ. Đề nghị xem lại rồi quyết định.` } });

const number = (n: number): string => n.toLocaleString('vi-VN');
const left = (waiting: number | null, dropped: number): string => (waiting !== null && waiting > dropped ? ` ${number(waiting - dropped)} tin` : '');

const pressed = (ctx: Ctx, press: string): Ctx => because(ctx, `admin:${String(me().account._id)}:${press}`);

function must<T>(schema: z.ZodType<T>, value: unknown, path: string, expected: string): T {
  const read = schema.safeParse(value);
  if (!read.success) throw new DomainError('input-invalid', { path, expected });
  return read.data;
}

function me(): CurrentUser {
  const user = currentUser();
  if (!user) throw new DomainError('not-signed-in');
  return user;
}
