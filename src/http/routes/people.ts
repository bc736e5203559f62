import { Type } from '@sinclair/typebox';
import type { Ctx } from '../../context.js';
import { issueLinkCode } from '../../people/links/issue-link-code.js';
import { personRoles } from '../../people/person.model.js';
import { registerPerson } from '../../people/register-person.js';
import { API_ACTOR, write, type Api } from '../route.js';
import { agencyCode, closed, email, oneOf, recordId, text, time } from '../schemas.js';

const person = closed({
  name: text(120, 'Họ và tên'),
  position: text(200, 'Chức vụ'),
  agencyCode,
  roles: Type.Array(oneOf(personRoles, 'leader lãnh đạo · officer người trả lời nhắc việc · office cán bộ Văn phòng · admin quản trị'), { minItems: 1, maxItems: 4 }),
  phone: Type.Optional(Type.String({ maxLength: 30, description: 'Số điện thoại Việt Nam', examples: ['0912345678'] })),
  email: Type.Optional(email),
}, { examples: [{ name: 'Nguyễn Tố Quyên', position: 'Chuyên viên Sở Tài chính', agencyCode: 'STC', roles: ['officer'], phone: '0912345678' }] });

const linkCode = closed({
  code: Type.String({ description: 'Mã 8 ký tự, dùng một lần, trong 10 phút' }),
  expiresAt: time,
  telegramUrl: Type.Optional(Type.String({ description: 'Mở đường dẫn này trên điện thoại là liên kết xong' })),
  zaloText: Type.Optional(Type.String({ description: 'Câu gõ vào khung chat Zalo OA' })),
});

export function peopleRoutes(api: Api): void {
  write(api, '/people', {
    tag: 'Cơ quan và người',
    summary: 'Thêm người',
    body: person,
    answer: closed({ id: recordId }),
    run: async (ctx, { body }) => ({ id: (await registerPerson(ctx, API_ACTOR, body))._id.toString() }),
  });
  write(api, '/people/:id/link-codes', {
    tag: 'Cơ quan và người',
    summary: 'Cấp mã liên kết chat',
    description: 'Mã cũ chưa dùng của người này hết hiệu lực.',
    params: Type.Object({ id: Type.String() }),
    body: closed({}),
    answer: linkCode,
    run: async (ctx, { params }) => {
      const { code, expiresAt } = await issueLinkCode(ctx, API_ACTOR, { personId: params.id });
      return { code, expiresAt: expiresAt.toISOString(), ...(await waysToLink(ctx, code)) };
    },
  });
}

/** The bot's name is known once Telegram has told it; the channel keeps it (TELEGRAM_BOT_STATE there). */
async function waysToLink(ctx: Ctx, code: string): Promise<{ telegramUrl?: string; zaloText?: string }> {
  const me = await ctx.db.State.findById('telegram:bot').lean();
  const { username } = (me?.value ?? {}) as { username?: string };
  const telegram = ctx.config.TELEGRAM_BOT_TOKEN && username ? { telegramUrl: `https://t.me/${username}?start=${code}` } : {};
  return { ...telegram, ...(ctx.config.ZALO_OA_SECRET_KEY || ctx.config.ZALO_BOT_TOKEN ? { zaloText: `/lienket ${code}` } : {}) };
}
