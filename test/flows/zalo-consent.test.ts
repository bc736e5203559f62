import { afterEach, beforeEach, expect, test } from 'vitest';
import { linkZalo, openOfficeApp, PUBLIC_URL, type OfficeApp } from '../support/office-app.js';

let office: OfficeApp;
let admin: string;
beforeEach(async () => {
  office = await openOfficeApp();
  admin = await office.signIn('lan@example.vn');
});
afterEach(() => office.close());

const begin = async (cookie = admin): Promise<string> => {
  const answer = await office.app.http.inject({ method: 'POST', url: '/admin/api/office/zalo-consent', headers: { cookie }, payload: {} });
  return (answer.json() as { url: string }).url;
};
/** An administrator of the OA presses "Cho phép"; gives the address the browser is sent back to. */
const agree = async (url: string): Promise<string> => {
  expect(await (await fetch(url)).text()).toContain('Cho phép');
  const answer = await fetch(url, { method: 'POST', redirect: 'manual' });
  return answer.headers.get('location') ?? '';
};
const comeBack = async (address: string, cookie = admin) => {
  const answer = await office.app.http.inject({ url: address.slice(PUBLIC_URL.length), headers: { cookie } });
  return { status: answer.statusCode, title: /<h1>([^<]*)/.exec(answer.body)?.[1] ?? '', body: answer.body };
};
const grantOf = async () => (await office.app.ctx.db.State.findById(`zalo-oa-grant:${office.zalo.appId}`).lean())?.value as Record<string, unknown> | undefined;
const zaloLine = async () => {
  const { channels } = (await office.app.http.inject({ url: '/admin/api/office/channels', headers: { cookie: admin } })).json() as { channels: { channel: string; state: string; rest: string | null; grant: { words: string; tone: string } | null }[] };
  return channels.find(({ channel }) => channel === 'zalo');
};
const sayHello = async (n: number) => {
  await office.app.http.inject({ method: 'POST', url: '/admin/api/office/channels/zalo/test', headers: { cookie: admin }, payload: { nonce: String(n).padStart(32, 'a') } });
  await office.app.settle();
};
const heard = () => office.zalo.network.messagesOf('1001').filter(({ from }) => from === 'bot').length;

test('the permission was taken away: told on the page, given again, and messages leave at once', async () => {
  await linkZalo(office);
  await sayHello(1);
  expect(heard()).toBe(1);
  office.zalo.revokeGrant();
  await sayHello(2);
  expect(heard()).toBe(1);
  expect(await zaloLine()).toMatchObject({ state: 'Có lỗi', rest: expect.stringContaining('Tạm nghỉ'), grant: { tone: 'bad', words: expect.stringContaining('cần quản trị OA cấp lại') } });

  const url = new URL(await begin());
  expect([...url.searchParams.keys()].sort()).toEqual(['app_id', 'code_challenge', 'redirect_uri', 'state']);
  expect(url.searchParams.get('redirect_uri')).toBe(`${PUBLIC_URL}/admin/zalo/callback`);
  const done = await comeBack(await agree(url.href));
  expect([done.status, done.title]).toEqual([200, 'Đã cấp quyền Zalo OA']);
  expect(await zaloLine()).toMatchObject({ state: 'Đang hoạt động', rest: null, grant: { tone: 'good', words: expect.stringContaining('17/02/2027') } });
  expect(await grantOf()).toMatchObject({ lost: null, issuedAt: office.clock.now(), oaId: expect.stringMatching(/^\d+$/) });
  await sayHello(3);
  expect(heard()).toBeGreaterThan(1);
  expect(await office.app.ctx.db.AuditEntry.findOne({ action: 'zalo.consent' }).lean()).toMatchObject({ by: { name: 'lan@example.vn' } });
});

test('a state is good once, for ten minutes, for the account and the session that began', async () => {
  const stale = [400, 'Chưa cấp được quyền'];
  const back = await agree(await begin());
  for (const other of [await office.signIn('admin@example.vn'), await office.signIn('lan@example.vn')]) {
    const answer = await comeBack(back, other);
    expect([answer.status, answer.title]).toEqual(stale);
  }
  expect((await comeBack(back, await office.signIn('office@example.vn'))).status).toBe(403);
  expect((await office.app.http.inject(back.slice(PUBLIC_URL.length))).statusCode).toBe(303);
  expect((await grantOf())?.['oaId'] ?? null).toBeNull();
  expect((await comeBack(back)).status).toBe(200);
  const pair = await grantOf();
  expect((await comeBack(back)).status).toBe(400);
  expect(await grantOf()).toEqual(pair);

  const late = await agree(await begin());
  office.clock.advance({ minutes: 10 });
  expect((await comeBack(late)).status).toBe(400);
  await begin();
  expect(await office.app.ctx.db.State.countDocuments({ _id: /^zalo-consent:/ })).toBe(1);
});

test('a code the provider refuses, a stranger\'s code and no code at all change nothing', async () => {
  const foreign = new URL(await agree(await begin()));
  const own = new URL(await agree(await begin()));
  own.searchParams.set('code', foreign.searchParams.get('code') ?? '');
  const before = await grantOf();
  const refused = await comeBack(own.href);
  expect([refused.status, refused.body]).toEqual([400, expect.stringContaining('mã -14024')]);
  const declined = new URL(await begin());
  const answer = await comeBack(`${PUBLIC_URL}/admin/zalo/callback?state=${declined.searchParams.get('state') ?? ''}&error=<script>`);
  expect([answer.status, answer.body.includes('<script')]).toEqual([400, false]);
  for (const query of ['', '?state=x&code=y', '?state[]=x&code[]=y', '?state=%00']) expect((await comeBack(`${PUBLIC_URL}/admin/zalo/callback${query}`)).status, query).toBe(400);
  expect(await grantOf()).toEqual(before);
});

test('the stand-in is as strict as Zalo: registered address, challenge, ten minutes, the verifier', async () => {
  const url = new URL(await begin());
  const with_ = (name: string, value: string) => { const other = new URL(url); other.searchParams.set(name, value); return fetch(other, { method: 'POST', redirect: 'manual' }); };
  for (const [name, value] of [['redirect_uri', `${PUBLIC_URL}/admin/zalo/callback/`], ['redirect_uri', `${PUBLIC_URL}/admin/zalo/callback?x=1`], ['app_id', '1'], ['code_challenge', 'kurz']] as const) expect((await with_(name, value)).status, value).toBe(200);
  const exchange = async (form: Record<string, string>) =>
    (await (await fetch(`${office.zalo.oauthRoot}/v4/oa/access_token`, { method: 'POST', headers: { secret_key: office.zalo.appSecret }, body: new URLSearchParams({ app_id: office.zalo.appId, grant_type: 'authorization_code', ...form }) })).json()) as { error?: number };
  const code = new URL(await agree(url.href)).searchParams.get('code') ?? '';
  expect(await exchange({ code, code_verifier: 'wrong' })).toMatchObject({ error: -14024 });
  expect(() => office.zalo.registerCallback('https://x.example/?a=1')).toThrow('query');
});

test('without a first refresh token the channel waits for its first permission', async () => {
  await office.close();
  office = await openOfficeApp({ ZALO_OA_REFRESH_TOKEN: '' });
  admin = await office.signIn('lan@example.vn');
  expect(await zaloLine()).toMatchObject({ grant: { words: 'Chưa được cấp quyền' } });
  expect((await comeBack(await agree(await begin()))).status).toBe(200);
  await linkZalo(office);
  await sayHello(1);
  expect(heard()).toBe(1);
});

test('without PUBLIC_URL it does not begin, and says what is missing', async () => {
  await office.close();
  office = await openOfficeApp({ PUBLIC_URL: '' });
  const answer = await office.app.http.inject({ method: 'POST', url: '/admin/api/office/zalo-consent', headers: { cookie: await office.signIn('lan@example.vn') }, payload: {} });
  expect([answer.statusCode, answer.json()]).toEqual([409, expect.objectContaining({ message: 'Chưa cấp quyền được vì còn thiếu cấu hình: PUBLIC_URL.' })]);
});
