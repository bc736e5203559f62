import { fastify, type FastifyInstance } from 'fastify';
import { registerAdmin } from '../../admin/index.js';
import { zaloDesk } from '../../bots/zalo/desk.js';
import { because, type Ctx } from '../../src/context.js';
import type { ChannelDesk } from '../../src/delivery/channel-desk.js';
import type { AccountRole } from '../../src/people/accounts/account.model.js';
import { createAccount } from '../../src/people/accounts/accounts.js';
import type { Actor } from '../../src/people/actor.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { registerPerson } from '../../src/people/register-person.js';
import { testCtx } from './test-ctx.js';
import type { TestClock } from './test-clock.js';

export const PASSWORD = 'mat-khau-thu-123';
const OFFICE: Actor = { kind: 'system', name: 'Kiểm thử' };

/** A small province with its back office listening on a free port of this machine. */
export interface AdminHouse {
  url: string;
  http: FastifyInstance;
  ctx: Ctx;
  clock: TestClock;
  /** Ids of the people by short name. */
  people: Record<'lan' | 'dat' | 'hoa', string>;
  /** Every route registered, as "METHOD url". */
  routes: string[];
  /** Signs in and gives the cookie to send along. */
  signIn(email: string): Promise<string>;
  close(): Promise<void>;
}

/** Accounts: admin@, office@, leader@, stc@ (agency STC), all with PASSWORD. Agencies UBND, VP, STC, SYT. */
export async function openAdminHouse(options: { demo?: boolean; start?: string; env?: Record<string, string>; desk?: (ctx: Ctx) => ChannelDesk } = {}): Promise<AdminHouse> {
  const { ctx, clock, close } = await testCtx(options.start ?? '2026-11-20T01:00:00Z', options.env);
  const people = await furnish(ctx);
  const http = fastify();
  const routes: string[] = [];
  http.addHook('onRoute', ({ method, url }) => void routes.push(...[method].flat().map((one) => `${one} ${url}`)));
  await registerAdmin(http, ctx, { demo: options.demo ?? false, desk: options.desk?.(ctx) ?? { ...zaloDesk(ctx), health: () => ({}) } });
  const url = await http.listen({ host: '127.0.0.1', port: 0 });
  return {
    url, http, ctx, clock, people, routes,
    signIn: async (email) => {
      const answer = await http.inject({ method: 'POST', url: '/admin/login', payload: { email, password: PASSWORD } });
      const cookie = answer.cookies.find(({ name }) => name === 'nhacviec');
      if (answer.statusCode !== 303 || !cookie) throw new Error(`no login for ${email}: ${answer.statusCode}`);
      return `${cookie.name}=${encodeURIComponent(cookie.value)}`;
    },
    close: async () => {
      await http.close();
      await close();
    },
  };
}

async function furnish(ctx: Ctx): Promise<AdminHouse['people']> {
  const at = (cause: string) => because(ctx, `furnish:${cause}`);
  await registerAgency(at('ubnd'), OFFICE, { code: 'UBND', name: 'UBND tỉnh Lào Cai', type: 'province' });
  await registerAgency(at('vp'), OFFICE, { code: 'VP', name: 'Văn phòng UBND tỉnh', type: 'office', parentCode: 'UBND' });
  await registerAgency(at('stc'), OFFICE, { code: 'STC', name: 'Sở Tài chính', type: 'department', parentCode: 'UBND' });
  await registerAgency(at('syt'), OFFICE, { code: 'SYT', name: 'Sở Y tế', type: 'department', parentCode: 'UBND' });
  const person = async (cause: string, name: string, position: string, agencyCode: string, roles: ('leader' | 'officer' | 'office')[], phone: string) =>
    String((await registerPerson(at(cause), OFFICE, { name, position, agencyCode, roles, phone }))._id);
  const people = {
    lan: await person('lan', 'Nguyễn Thị Lan', 'Chuyên viên Văn phòng UBND tỉnh', 'VP', ['office'], '0912345001'),
    dat: await person('dat', 'Hoàng Văn Dật', 'Giám đốc Sở Tài chính', 'STC', ['leader'], '0912345002'),
    hoa: await person('hoa', 'Trần Thị Hòa', 'Trưởng phòng Ngân sách, Sở Tài chính', 'STC', ['officer'], '0912345003'),
  };
  const account = (email: string, name: string, role: AccountRole, agencyCode?: string) => createAccount(at(email), OFFICE, { email, name, role, password: PASSWORD, ...(agencyCode ? { agencyCode } : {}) });
  await account('admin@example.vn', 'Quản trị hệ thống', 'admin');
  await account('office@example.vn', 'Nguyễn Thị Lan', 'office');
  await account('leader@example.vn', 'Lãnh đạo tỉnh', 'leader');
  await account('stc@example.vn', 'Sở Tài chính', 'agency', 'STC');
  await account('syt@example.vn', 'Sở Y tế', 'agency', 'SYT');
  return people;
}
