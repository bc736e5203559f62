import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { because, type Ctx } from '../src/context.js';
import { DomainError } from '../src/kernel/errors.js';
import { changeOwnPassword } from '../src/people/accounts/change-password.js';
import { currentUser } from './current.js';
import { createLoginLimit } from './login-limit.js';

const form = z.object({ nonce: z.string().regex(/^[A-Za-z0-9-]{16,64}$/), current: z.string().max(1024), next: z.string().max(200, 'tối đa 200 ký tự'), again: z.string().max(200) });

/** "Đổi mật khẩu" of whoever is signed in. This session goes on under the new number; the others end. */
export function registerPasswordRoute(http: FastifyInstance, ctx: Ctx): void {
  // Somebody at an open screen must not try passwords there that the login form would stop.
  const limit = createLoginLimit(ctx.clock, 5);
  http.post('/admin/api/office/password', async (request, reply) => {
    const user = currentUser();
    const read = form.safeParse(request.body);
    if (!user) throw new DomainError('not-signed-in');
    if (!read.success) throw new DomainError('input-invalid', { path: String(read.error.issues[0]?.path[0] ?? ''), expected: 'chưa đúng' });
    const id = String(user.account._id);
    const { nonce, current, next, again } = read.data;
    const refuse = (path: string, message: string) => reply.code(422).send({ errors: { [path]: message }, notice: { type: 'error', message } });
    if (limit.blocked(id)) return refuse('current', 'Đã nhập sai nhiều lần. Đề nghị thử lại sau 15 phút.');
    if (next !== again) return refuse('again', 'Hai lần nhập mật khẩu mới chưa giống nhau.');
    try {
      const account = await changeOwnPassword(because(ctx, `admin:${id}:${nonce}`), user.actor, { id, current, next });
      limit.passed(id);
      request.session.sessionVersion = account.sessionVersion ?? 0;
    } catch (error) {
      if (!(error instanceof DomainError) || typeof error.params['path'] !== 'string') throw error;
      if (error.code === 'password-wrong') limit.failed(id);
      return refuse(error.params['path'], error.message);
    }
    return { notice: { type: 'success', message: 'Đã đổi mật khẩu. Các phiên đăng nhập khác của tài khoản này đã kết thúc.' }, redirectUrl: '/admin' };
  });
}
