import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { createApp, type App } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { because } from '../../src/context.js';
import { startZaloStandIn, type ZaloStandIn } from '../../src/demo/providers/zalo.js';
import type { AccountRole } from '../../src/people/accounts/account.model.js';
import { createAccount } from '../../src/people/accounts/accounts.js';
import { issueLinkCode } from '../../src/people/links/issue-link-code.js';
import { linkChat } from '../../src/people/links/link-chat.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { registerPerson } from '../../src/people/register-person.js';
import { chanceOfTest } from './chance.js';
import { TestClock } from './test-clock.js';
import { testUri } from './test-ctx.js';
import { zaloEnv } from './zalo.js';

export const PASSWORD = 'mat-khau-thu-123';
export const PUBLIC_URL = 'http://nhacviec.example';
const SYSTEM = { kind: 'system', name: 'Kiểm thử' } as const;

/** The whole house with its back office and Zalo's stand-in; nothing runs by itself. */
export interface OfficeApp {
  app: App;
  clock: TestClock;
  zalo: ZaloStandIn;
  /** Nguyễn Thị Lan of the Office, linked on Zalo as user 1001 and named by the account lan@example.vn (admin). */
  lan: string;
  /** Signs in and gives the cookie. Accounts: admin@ (nobody's), lan@ (admin), office@, leader@, stc@. */
  signIn(email: string): Promise<string>;
  close(): Promise<void>;
}

/** `env` over the settings that point at the stand-in. */
export async function openOfficeApp(env: Record<string, string> = {}, start = '2026-11-20T01:00:00Z'): Promise<OfficeApp> {
  const clock = new TestClock(start);
  const zalo = await startZaloStandIn({ clock, later: () => {} });
  zalo.registerCallback(`${PUBLIC_URL}/admin/zalo/callback`);
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', PORT: '0', PUBLIC_URL, ADMIN_EMAIL: 'admin@example.vn', ADMIN_PASSWORD: PASSWORD, ...zaloEnv(zalo), ...env });
  const app = await createApp(config, { clock, random: chanceOfTest(), log: pino({ level: 'silent' }), db: { uri: testUri(), name: `office_${randomUUID().slice(0, 8)}` }, background: false });
  const lan = await furnish(app);
  return {
    app, clock, zalo, lan,
    signIn: async (email) => {
      const answer = await app.http.inject({ method: 'POST', url: '/admin/login', payload: { email, password: PASSWORD } });
      const cookie = answer.cookies.find(({ name }) => name === 'nhacviec');
      if (answer.statusCode !== 303 || !cookie) throw new Error(`no login for ${email}: ${answer.statusCode}`);
      return `${cookie.name}=${encodeURIComponent(cookie.value)}`;
    },
    close: async () => {
      await app.ctx.db.conn.dropDatabase();
      await app.close();
      await zalo.stop();
    },
  };
}

async function furnish({ ctx }: App): Promise<string> {
  const at = (cause: string) => because(ctx, `furnish:${cause}`);
  await registerAgency(at('ubnd'), SYSTEM, { code: 'UBND', name: 'UBND tỉnh Lào Cai', type: 'province' });
  await registerAgency(at('vp'), SYSTEM, { code: 'VP', name: 'Văn phòng UBND tỉnh', type: 'office', parentCode: 'UBND' });
  await registerAgency(at('stc'), SYSTEM, { code: 'STC', name: 'Sở Tài chính', type: 'department', parentCode: 'UBND' });
  const lan = String((await registerPerson(at('lan'), SYSTEM, { name: 'Nguyễn Thị Lan', position: 'Chuyên viên', agencyCode: 'VP', roles: ['office'], phone: '0912345001' }))._id);
  const account = (email: string, role: AccountRole, more: { agencyCode?: string; personId?: string } = {}) => createAccount(at(email), SYSTEM, { email, name: email, role, password: PASSWORD, ...more });
  await account('lan@example.vn', 'admin', { personId: lan });
  await account('office@example.vn', 'office');
  await account('leader@example.vn', 'leader');
  await account('stc@example.vn', 'agency', { agencyCode: 'STC' });
  return lan;
}

/** Links the person's Zalo chat as a code typed there would. */
export async function linkZalo({ app, zalo, lan }: OfficeApp, userId = '1001'): Promise<void> {
  zalo.follow(userId);
  const { code } = await issueLinkCode(because(app.ctx, 'story:code'), SYSTEM, { personId: lan });
  await linkChat(because(app.ctx, 'story:link'), { channel: 'zalo', chatId: userId, senderId: userId, code });
}
