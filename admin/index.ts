import { buildRouter } from '@adminjs/fastify';
import AdminJS from 'adminjs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Ctx } from '../src/context.js';
import type { ChannelDesk } from '../src/delivery/channel-desk.js';
import { isDatabaseGone } from '../src/db/is-database-gone.js';
import { errorKinds, isDomainError } from '../src/kernel/errors.js';
import { acceptsGzip, createAssets, zip, type Assets } from './assets.js';
import { componentsBundle } from './bundle.js';
import { registerChannelRoutes } from './channels/routes.js';
import { registerFileRoutes } from './files.js';
import { registerGuard } from './guard.js';
import { registerLogin } from './login.js';
import { registerOfficeRoutes } from './office-routes.js';
import { adminOptions } from './options.js';
import { contentPolicy, dressPage } from './page-html.js';
import { registerSession } from './session.js';
import { registerWatchRoutes } from './watch/routes.js';
import { noWatch, type WatchDesk } from './watch/watch-desk.js';

export interface AdminOptions {
  /** Shows the banner "DỮ LIỆU MINH HỌA" on every page. */
  demo?: boolean;
  /** How the channels are doing, and the OA's consent. */
  desk: ChannelDesk;
  /** What stands still, and the hold on sending. */
  watch?: WatchDesk;
}

/**
 * Mounts the back office under /admin in a scope of its own: session, guard, login, AdminJS and the office's routes. The
 * guard is registered before any route, so a route added here is closed unless guard.ts names it.
 */
export async function registerAdmin(http: FastifyInstance, ctx: Ctx, { demo = false, desk, watch = noWatch }: AdminOptions): Promise<void> {
  const assets = createAssets(await componentsBundle());
  await http.register(async (scope) => {
    await registerSession(scope, ctx);
    registerGuard(scope, ctx);
    dressAnswers(scope, ctx, assets, demo);
    handleErrors(scope, ctx);
    registerLogin(scope, ctx, { demo });
    scope.get<{ Params: { file: string } }>('/admin/static/:file', (request, reply) => assets.send(request.params.file, request, reply));
    registerOfficeRoutes(scope, ctx);
    registerFileRoutes(scope, ctx);
    registerChannelRoutes(scope, ctx, desk);
    registerWatchRoutes(scope, ctx, watch);
    await mountAdminJs(scope, ctx, assets);
  });
}

async function mountAdminJs(scope: FastifyInstance, ctx: Ctx, assets: Assets): Promise<void> {
  const admin = new AdminJS(adminOptions(ctx));
  // The screens are bundled by bundle.ts; AdminJS would start its own bundler in production and not wait for it.
  admin.initialize = async () => {};
  const actionsOf = new Map(admin.resources.map((resource) => [resource.decorate().id(), new Set(Object.keys(resource.decorate().actions))]));
  scope.addHook('preHandler', async (request, reply) => {
    const route = request.routeOptions.url ?? '';
    if (route.startsWith('/admin/frontend/assets/')) return assets.send(route.slice('/admin/frontend/assets/'.length), request, reply);
    if (unknownTarget(request, actionsOf)) return reply.code(404).send({ code: 'not-found', message: 'Không có trang này.' });
    dropNulls(request);
  });
  await buildRouter(admin, scope);
}

/** AdminJS falls over (500) where a resource or an action does not exist. */
function unknownTarget(request: FastifyRequest, actionsOf: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const { resourceId, action } = (request.params ?? {}) as { resourceId?: string; action?: string };
  // Pages say it themselves, in the frame of the menu.
  if (resourceId === undefined || !request.routeOptions.url?.startsWith('/admin/api/')) return false;
  const actions = actionsOf.get(resourceId);
  return !actions || (action !== undefined && !actions.has(action)) || (action === undefined && (request.routeOptions.url ?? '').includes('/search'));
}

/** The adapter reads `.value` of every field and falls over null. */
function dropNulls(request: FastifyRequest): void {
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
  request.body = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
}

/** Headers for every answer, and AdminJS's pages made ours. */
function dressAnswers(scope: FastifyInstance, ctx: Ctx, assets: Assets, demo: boolean): void {
  scope.addHook('onSend', async (request, reply, payload) => {
    const isHtml = String(reply.getHeader('content-type') ?? '').startsWith('text/html') && typeof payload === 'string';
    const page = isHtml && payload.includes('window.REDUX_STATE') ? dressPage(payload, { assets, random: ctx.random, demo }) : undefined;
    void reply.header('content-security-policy', contentPolicy(page?.nonce)).header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin').header('x-frame-options', 'DENY');
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    if (!page) return payload;
    // AdminJS names no encoding, and a browser that has to guess shows Vietnamese as signs.
    void reply.type('text/html; charset=utf-8').removeHeader('content-length');
    if (!acceptsGzip(request)) return page.html;
    void reply.header('content-encoding', 'gzip').header('vary', 'accept-encoding');
    return zip(page.html);
  });
  scope.addHook('preSerialization', async (_request, reply, payload) => honestly(reply, payload));
}

const NOT_FOUND = 'Không tìm thấy, hoặc đồng chí không có quyền xem.';

/** AdminJS answers 200 to what it refused or did not find, in English. */
function honestly(reply: FastifyReply, payload: unknown): unknown {
  const { record, notice } = (payload ?? {}) as { record?: { baseError?: { type?: string; message?: string } | null }; notice?: { message: string } };
  const type = record?.baseError?.type;
  if (!notice || (type !== 'NotFoundError' && type !== 'ForbiddenError')) return payload;
  void reply.code(type === 'NotFoundError' ? 404 : 403);
  const message = errorKinds.forbidden.text();
  return { message: type === 'NotFoundError' ? NOT_FOUND : message, ...(payload as object), record: { ...record, baseError: { type, message: '' } }, notice: { ...notice, message: type === 'NotFoundError' ? NOT_FOUND : message } };
}

/** A rule's "no" keeps its status and words; everything else is logged whole and told in general. */
function handleErrors(scope: FastifyInstance, ctx: Ctx): void {
  scope.setErrorHandler((error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply) => {
    if (isDomainError(error)) return tell(reply, error.status, error.code, error.message);
    if (error.statusCode !== undefined && error.statusCode < 500) return tell(reply, error.statusCode, 'bad-request', 'Yêu cầu chưa đúng.');
    if (isDatabaseGone(error)) return tell(reply, 503, 'unavailable', errorKinds.unavailable.text());
    if (error.name === 'NotFoundError') return tell(reply, 404, 'not-found', 'Không tìm thấy.');
    ctx.log.error({ event: 'admin.failed', route: request.routeOptions.url, err: error });
    return tell(reply, 500, 'internal', 'Có lỗi ngoài dự kiến. Đề nghị thử lại hoặc báo quản trị hệ thống.');
  });
}

const tell = (reply: FastifyReply, status: number, code: string, message: string): FastifyReply =>
  reply.code(status).send({ code, message, notice: { message, type: 'error' } });
