import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { because, type Ctx } from '../src/context.js';
import { authenticate } from '../src/people/accounts/accounts.js';
import { createLoginLimit } from './login-limit.js';
import { loginPage } from './login-page.js';
import { needsHttps } from './session.js';

const WRONG = 'Thư điện tử hoặc mật khẩu chưa đúng, hoặc tài khoản đang tạm khóa.';
const TOO_OFTEN = 'Đã nhập sai nhiều lần. Đề nghị thử lại sau 15 phút.';
const NOT_SAFE = 'Kết nối này không phải HTTPS nên không đăng nhập được. Đề nghị mở bằng địa chỉ https:// hoặc báo quản trị hệ thống (PUBLIC_URL, TRUST_PROXY).';

/** The login form and its answer, and the way out. */
export function registerLogin(http: FastifyInstance, ctx: Ctx, options: { demo: boolean }): void {
  const limit = createLoginLimit(ctx.clock);
  // An office of hundreds shares one address; somebody trying one password on many names shows by the number alone.
  const perAddress = createLoginLimit(ctx.clock, 200);
  const show = (reply: FastifyReply, status: number, form: { error?: string; email?: string; next?: string }) =>
    reply.code(status).type('text/html; charset=utf-8').send(loginPage({ ...form, demo: options.demo }));

  http.get('/admin/login', async (request, reply) => show(reply, 200, { next: nextOf(request) }));

  http.post('/admin/login', async (request, reply) => {
    const { email, password } = credentialsOf(request.body);
    const next = nextOf(request);
    const key = `${request.ip} ${email}`;
    if (needsHttps(ctx) && request.protocol !== 'https') return show(reply, 400, { error: NOT_SAFE, email, next });
    if (limit.blocked(key) || perAddress.blocked(request.ip)) return show(reply, 429, { error: TOO_OFTEN, email, next });
    const account = email && password ? await authenticate(because(ctx, `admin:login:${request.id}`), { email, password }) : null;
    if (!account || account.disabledAt) {
      limit.failed(key);
      perAddress.failed(request.ip);
      return show(reply, 401, { error: WRONG, email, next });
    }
    limit.passed(key);
    // A session id known before the login must not become a signed-in one.
    await request.session.regenerate();
    request.session.accountId = String(account._id);
    request.session.sessionVersion = account.sessionVersion ?? 0;
    return reply.redirect(account.mustChangePassword ? '/admin/pages/password' : (next ?? '/admin'), 303);
  });

  http.post('/admin/logout', async (request, reply) => {
    await request.session.destroy();
    return reply.clearCookie('nhacviec', { path: '/admin' }).redirect('/admin/login', 303);
  });
}

function credentialsOf(body: unknown): { email: string; password: string } {
  const form = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
  return { email: text('email').trim().toLowerCase().slice(0, 254), password: text('password').slice(0, 1024) };
}

/** Where to go after the login: a page of our own under /admin, or nothing. */
function nextOf(request: FastifyRequest): string | undefined {
  const given = [request.body, request.query].map((from) => (from as Record<string, unknown> | null | undefined)?.['next']).find((value) => typeof value === 'string');
  if (typeof given !== 'string' || !/^\/admin(?:[/?][\w\-./?=&%]*)?$/.test(given)) return undefined;
  return /\.\.|\/\/|^\/admin\/(?:login|logout|api|frontend)/.test(given) ? undefined : given;
}
