import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { because, type Ctx } from '../src/context.js';
import { errorKinds } from '../src/kernel/errors.js';
import type { Account } from '../src/people/accounts/account.model.js';
import { findAccount } from '../src/people/accounts/accounts.js';
import { actorOf, runAs } from './current.js';

/**
 * The only pages a stranger may see. Compared with the route that matched, never with the address as typed: a query
 * string, an encoded letter or a double slash cannot turn a guarded page into one of these.
 */
const PUBLIC_ROUTES: ReadonlySet<string> = new Set(['/admin/login', '/admin/static/:file']);

const accounts = new WeakMap<FastifyRequest, Account>();

/** The signed-in account of a request that passed the guard. */
export const accountOf = (request: FastifyRequest): Account | undefined => accounts.get(request);

/** Nothing under /admin answers without a live account; the account and its role are read anew for every request. */
export function registerGuard(http: FastifyInstance, ctx: Ctx): void {
  http.addHook('onRequest', async (request, reply) => {
    if (!sameOrigin(ctx, request)) return refuseForeign(reply);
    if (PUBLIC_ROUTES.has(request.routeOptions.url ?? '')) return;
    const account = await signedInAccount(ctx, request);
    if (!account) return refuse(request, reply);
    if (account.mustChangePassword && !leadsToOwnPassword(request)) return refuseUntilChanged(request, reply);
    accounts.set(request, account);
    // AdminJS reads this; not enumerable, so it is never stored: a changed role or name counts at once.
    Object.defineProperty(request.session, 'adminUser', { value: shownToBrowser(account), enumerable: false, configurable: true });
  });
  http.addHook('preHandler', (request, _reply, done) => {
    const account = accounts.get(request);
    if (account) runAs({ account, actor: actorOf(account) }, done);
    else done();
  });
}

async function signedInAccount(ctx: Ctx, request: FastifyRequest): Promise<Account | undefined> {
  const id = request.session.accountId;
  if (!id) return undefined;
  const account = await findAccount(because(ctx, 'admin:guard'), id);
  return account && !account.disabledAt && (account.sessionVersion ?? 0) === (request.session.sessionVersion ?? 0) ? account : undefined;
}

/** All that a browser learns about its own account. */
const shownToBrowser = (account: Account) => ({ id: String(account._id), email: account.email, title: account.name, role: account.role });

/** Browsers say where a form was; a foreign page must not press our buttons even if it found a way around SameSite. */
function sameOrigin(ctx: Ctx, request: FastifyRequest): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = request.headers;
  if (origin === undefined) return true;
  const host = URL.canParse(origin) ? new URL(origin).host : '';
  return host === request.host || (ctx.config.PUBLIC_URL !== undefined && host === new URL(ctx.config.PUBLIC_URL).host);
}

const refuseForeign = (reply: FastifyReply): FastifyReply =>
  reply.code(403).send({ code: 'forbidden', message: errorKinds.forbidden.text() });

const PASSWORD_PAGE = '/admin/pages/password';
const CHANGE_FIRST = 'Mật khẩu đang dùng do quản trị cấp. Đề nghị đồng chí đổi mật khẩu trước khi tiếp tục.';

/** The page where an own password is chosen, what it is made of, its answer, and the way out. By the route that matched, as above. */
function leadsToOwnPassword({ routeOptions: { url: route = '' }, params }: FastifyRequest): boolean {
  if (route === '/admin/pages/:pageName') return (params as { pageName?: string }).pageName === 'password';
  return route === '/admin/api/office/password' || route === '/admin/logout' || route.startsWith('/admin/frontend/assets/');
}

/** A password that an administrator has seen opens nothing but the choice of an own one. */
function refuseUntilChanged(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply.header('cache-control', 'no-store');
  return isPage(request) ? reply.redirect(PASSWORD_PAGE, 303) : reply.code(403).send({ code: 'forbidden', message: CHANGE_FIRST });
}

function isPage(request: FastifyRequest): boolean {
  const route = request.routeOptions.url ?? '';
  return request.method === 'GET' && !route.startsWith('/admin/api/') && !route.startsWith('/admin/frontend/');
}

/** A page leads to the login form and back; a program gets 401. */
function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply.header('cache-control', 'no-store');
  if (!isPage(request)) return reply.code(401).send({ code: 'not-signed-in', message: errorKinds['not-signed-in'].text() });
  return reply.redirect(`/admin/login?next=${encodeURIComponent(request.url)}`, 303);
}
