import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAdminHouse, PASSWORD, type AdminHouse } from '../support/admin-house.js';

const PUBLIC = new Set(['GET /admin/login', 'HEAD /admin/login', 'POST /admin/login', 'GET /admin/static/:file', 'HEAD /admin/static/:file']);

let house: AdminHouse;
beforeAll(async () => {
  house = await openAdminHouse();
});
afterAll(() => house.close());

/** An address for a route, with names that exist where they matter. */
const addressOf = (url: string): string =>
  url.replace(':resourceId', 'Person').replace(':recordId', house.people.lan).replace(':action', 'list').replace(':pageName', 'x').replace(':code', 'NV-2026-00001').replace(':id', house.people.lan).replace(':query', 'lan').replace(':file', 'admin.css');

/** The ways people have tried to look like an asset or like another address. */
const disguises = (url: string): string[] => [
  url,
  `${url}?x=/frontend/assets/app.bundle.js`,
  `${url}?next=/admin/login`,
  `${url}?/admin/static/admin.css`,
  `/%61${url.slice(2)}`,
  url.replace('/admin', '/%61dmin') + '?a=/admin/login',
  `/${url}`,
  `${url}/`,
  `${url}/../login`,
  `${url};/admin/login`,
  `/admin/login/..${url.slice('/admin'.length)}`,
  url.replace('/admin', '/ADMIN'),
];

describe('without a session', () => {
  test('no route under /admin answers with data, however the address is written', async () => {
    const routes = [...new Set(house.routes)].filter((route) => !PUBLIC.has(route));
    expect(routes.length).toBeGreaterThan(40);
    const leaks: string[] = [];
    for (const route of routes) {
      const [method = 'GET', url = ''] = route.split(' ');
      for (const address of disguises(addressOf(url))) {
        const answer = await house.http.inject({ method: method as 'GET', url: address, ...(method === 'POST' ? { payload: { name: 'x' } } : {}) });
        const refused = [303, 401, 404].includes(answer.statusCode) || (answer.statusCode === 200 && /<form method="post" action="\/admin\/login"/.test(answer.body));
        if (!refused || /Nguyễn Thị Lan|REDUX_STATE|"records":/.test(answer.body)) leaks.push(`${method} ${address}: ${answer.statusCode}`);
      }
    }
    expect(leaks).toEqual([]);
  });

  test('over the wire too: pages lead to the login, the API says 401, OPTIONS says nothing', async () => {
    const ask = (path: string, method = 'GET') => fetch(house.url + path, { method, redirect: 'manual' });
    const page = await ask('/admin/resources/Person?filters.q=lan');
    expect([page.status, page.headers.get('location')]).toEqual([303, '/admin/login?next=%2Fadmin%2Fresources%2FPerson%3Ffilters.q%3Dlan']);
    expect((await ask('/admin/api/resources/Person/actions/list?x=/frontend/assets/app.bundle.js')).status).toBe(401);
    expect((await ask('/%61dmin/api/resources/Person/actions/list')).status).toBe(401);
    expect((await ask('/admin/frontend/assets/components.bundle.js')).status).toBe(401);
    expect((await ask('/admin/api/dashboard', 'OPTIONS')).status).toBe(404);
  });

  test('the login page and what it needs are open, and nothing else is in that folder', async () => {
    expect((await house.http.inject('/admin/login')).statusCode).toBe(200);
    for (const file of ['admin.css', 'icon.svg', 'be-vietnam-pro-vietnamese-400-normal.woff2']) expect((await house.http.inject(`/admin/static/${file}`)).statusCode).toBe(200);
    for (const file of ['..%2f..%2fpackage.json', 'constructor', 'components.bundle.jsx']) expect((await house.http.inject(`/admin/static/${file}`)).statusCode).toBe(404);
  });
});

describe('signing in', () => {
  const signIn = (payload: Record<string, string>, headers: Record<string, string> = {}) => house.http.inject({ method: 'POST', url: '/admin/login', payload, headers });

  test('a wrong password is 401 and says nothing about which part was wrong', async () => {
    const [wrong, unknown] = [await signIn({ email: 'leader@example.vn', password: 'x' }), await signIn({ email: 'nobody@example.vn', password: 'x' })];
    expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401]);
    expect(wrong.body.replace('leader@', 'nobody@')).toBe(unknown.body);
    expect(wrong.cookies).toEqual([]);
  });

  test('a session id known before the login is worth nothing after it', async () => {
    const first = await signIn({ email: 'office@example.vn', password: PASSWORD });
    const before = first.cookies[0];
    const again = await signIn({ email: 'office@example.vn', password: PASSWORD }, { cookie: `nhacviec=${encodeURIComponent(before?.value ?? '')}` });
    expect(again.cookies[0]?.value).not.toBe(before?.value);
    expect(before).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/admin' });
    const old = await house.http.inject({ url: '/admin/api/dashboard', headers: { cookie: `nhacviec=${encodeURIComponent(before?.value ?? '')}` } });
    expect(old.statusCode).toBe(401);
  });

  test('it leads back to the page asked for, never to another site', async () => {
    const to = async (next: string) => (await signIn({ email: 'office@example.vn', password: PASSWORD, next })).headers['location'];
    expect(await to('/admin/resources/Task?filters.tag=overdue')).toBe('/admin/resources/Task?filters.tag=overdue');
    for (const trick of ['//evil.example', 'https://evil.example', '/\\evil.example', '/admin/../x', '/adminevil', '/admin//evil', 'javascript:alert(1)', '/admin/logout']) expect(await to(trick), trick).toBe('/admin');
  });

  test('a form on a foreign page cannot press a button', async () => {
    const cookie = await house.signIn('office@example.vn');
    const press = (headers: Record<string, string>) => house.http.inject({ method: 'POST', url: '/admin/api/resources/Task/actions/assign', headers: { cookie, host: 'nhacviec.example', ...headers }, payload: {} });
    expect((await press({ origin: 'https://evil.example' })).statusCode).toBe(403);
    expect((await press({ origin: 'null' })).statusCode).toBe(403);
    expect((await press({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await press({ origin: 'http://nhacviec.example', 'sec-fetch-site': 'same-origin' })).statusCode).toBe(400);
  });

  test('leaving ends the session, and is not done by a link', async () => {
    const cookie = await house.signIn('office@example.vn');
    expect((await house.http.inject({ url: '/admin/logout', headers: { cookie } })).statusCode).toBe(404);
    expect((await house.http.inject({ method: 'POST', url: '/admin/logout', headers: { cookie } })).statusCode).toBe(303);
    expect((await house.http.inject({ url: '/admin/api/dashboard', headers: { cookie } })).statusCode).toBe(401);
  });

  test('a disabled account is out at its next request; a changed role counts at once', async () => {
    const cookie = await house.signIn('leader@example.vn');
    const see = (path: string) => house.http.inject({ url: path, headers: { cookie } });
    expect((await see('/admin/api/resources/AuditEntry/actions/list')).statusCode).toBe(200);
    await house.ctx.db.Account.updateOne({ email: 'leader@example.vn' }, { $set: { role: 'office' } });
    expect((await see('/admin/api/resources/AuditEntry/actions/list')).statusCode).toBe(403);
    await house.ctx.db.Account.updateOne({ email: 'leader@example.vn' }, { $set: { disabledAt: house.clock.now() } });
    expect((await see('/admin/api/dashboard')).statusCode).toBe(401);
  });

  test('guessing is slowed down per address and account, and ends', async () => {
    const guess = () => signIn({ email: 'admin@example.vn', password: 'sai-mat-khau' });
    const answers: number[] = [];
    for (let n = 0; n < 12; n++) answers.push((await guess()).statusCode);
    expect(answers.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(answers.slice(10)).toEqual([429, 429]);
    expect((await signIn({ email: 'syt@example.vn', password: PASSWORD })).statusCode).toBe(303);
    house.clock.advance({ minutes: 16 });
    expect((await signIn({ email: 'admin@example.vn', password: PASSWORD })).statusCode).toBe(303);
  });
});

test('a name with a script in it stays a name; nothing comes from another host', async () => {
  await house.ctx.db.Account.updateOne({ email: 'syt@example.vn' }, { $set: { name: '</script><script>alert(1)</script>' } });
  const cookie = await house.signIn('syt@example.vn');
  const { body, headers } = await house.http.inject({ url: '/admin', headers: { cookie } });
  expect(body).not.toContain('<script>alert');
  expect(body).toContain('\\u003c/script>');
  const nonce = /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? '-';
  expect(body.match(/<script(?! src)[^>]*>/g)?.every((tag) => tag === `<script nonce="${nonce}">`)).toBe(true);
  expect([...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url).filter((url) => !url?.startsWith('/admin'))).toEqual([]);
  expect(headers['cache-control']).toBe('no-store');
});
