import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { registerAdmin } from '../../admin/index.js';
import { zaloDesk } from '../../bots/zalo/desk.js';
import { createServer } from '../../src/http/server.js';
import { createLog } from '../../src/log.js';
import { createAccount } from '../../src/people/accounts/accounts.js';
import { testCtx } from '../support/test-ctx.js';

const PASSWORD = 'mat-khau-thu-123';

test('at the level "trace" no cookie, token or password stands in the log, whatever kind of form is sent', async () => {
  const lines = new PassThrough();
  const { ctx: bare, close } = await testCtx();
  const ctx = { ...bare, log: createLog('trace', lines) };
  await createAccount(ctx, { kind: 'system', name: 'Kiểm thử' }, { email: 'admin@example.vn', name: 'Quản trị', role: 'admin', password: PASSWORD });
  const http = await createServer(ctx);
  await registerAdmin(http, ctx, { desk: { ...zaloDesk(ctx), health: () => ({}) } });
  const login = await http.inject({ method: 'POST', url: '/admin/login', payload: { email: 'admin@example.vn', password: PASSWORD } });
  const session = login.cookies.find(({ name }) => name === 'nhacviec')?.value ?? '';
  expect(session).not.toBe('');
  const headers = { cookie: `nhacviec=${encodeURIComponent(session)}`, authorization: 'Bearer a-token-nobody-may-read' };
  for (const type of ['multipart/form-data; boundary=x', 'application/json', 'text/plain']) {
    await http.inject({ method: 'POST', url: '/admin/api/resources/Person/actions/add', headers: { ...headers, 'content-type': type }, payload: type.startsWith('multipart') ? '--x--\r\n' : '{}' });
  }
  await http.close();
  await close();
  const log = String(lines.read() ?? '');
  expect(log).toContain('"event":"http"');
  for (const secret of [session, session.split('.')[0] ?? session, 'a-token-nobody-may-read', PASSWORD]) expect(log).not.toContain(secret);
});
