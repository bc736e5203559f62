import { Type } from '@sinclair/typebox';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import { channels } from '../../kernel/channels.js';
import { changePerson } from '../../people/persons/change-person.js';
import { deactivatePerson, reactivatePerson } from '../../people/persons/leave-service.js';
import { personById } from '../../people/receivers.js';
import type { PersonFields } from '../../people/persons/person-fields.js';
import { issueLinkCode } from '../../people/links/issue-link-code.js';
import { personRoles, type Person } from '../../people/person.model.js';
import { registerPerson } from '../../people/register-person.js';
import { presentPerson, personSchema } from '../present-person.js';
import { readInstant } from '../read-instant.js';
import { API_ACTOR, read, write, type Api } from '../route.js';
import { agencyCode, closed, email, hour, instant, oneOf, orNull, recordId, text, time } from '../schemas.js';

const person = closed({
  name: text(120, 'Họ và tên'),
  position: text(200, 'Chức vụ'),
  agencyCode,
  roles: Type.Array(oneOf(personRoles, 'leader lãnh đạo · officer người trả lời nhắc việc · office cán bộ Văn phòng · admin quản trị'), { minItems: 1, maxItems: 4 }),
  phone: Type.Optional(Type.String({ maxLength: 30, description: 'Số điện thoại Việt Nam', examples: ['0912345678'] })),
  email: Type.Optional(email),
}, { examples: [{ name: 'Nguyễn Tố Quyên', position: 'Chuyên viên Sở Tài chính', agencyCode: 'STC', roles: ['officer'], phone: '0912345678' }] });

const changes = closed({
  rev: Type.Optional(Type.Integer({ minimum: 0, description: 'Số lần sửa mà hệ thống gọi đang biết (GET trả về); đã có người sửa sau đó thì trả changed-meanwhile. Bỏ trống: sửa trên bản hiện có' })),
  name: Type.Optional(text(120, 'Họ và tên')),
  position: Type.Optional(text(200, 'Chức vụ')),
  agencyCode: Type.Optional(agencyCode),
  roles: Type.Optional(person.properties.roles),
  phone: Type.Optional(orNull(Type.String({ maxLength: 30, description: 'Số mới phải được xác minh lại trước khi nhắn SMS' }))),
  email: Type.Optional(orNull(email)),
  deputyId: Type.Optional(orNull(recordId)),
  leave: Type.Optional(orNull(closed({ from: instant, until: instant }, { description: 'Nghỉ từ from đến trước until' }))),
  digestAt: Type.Optional(orNull(hour)),
  quiet: Type.Optional(orNull(closed({ from: hour, to: hour }))),
  channelOrder: Type.Optional(Type.Array(oneOf(channels), { maxItems: channels.length, uniqueItems: true, description: 'Thứ tự kênh riêng; rỗng: theo Văn phòng' })),
}, { examples: [{ position: 'Phó Giám đốc Sở Tài chính', agencyCode: 'STC' }, { leave: { from: '2026-11-23T00:00:00+07:00', until: '2026-11-30T00:00:00+07:00' }, deputyId: '6740a1b2c3d4e5f60718293a' }] });

const params = Type.Object({ id: Type.String({ description: 'Mã người' }) });
const tag = 'Cơ quan và người';

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
    description: 'Lỗi: agency-unknown, agency-inactive, input-invalid.',
    body: person,
    answer: closed({ id: recordId }),
    run: async (ctx, { body }) => ({ id: (await registerPerson(ctx, API_ACTOR, body))._id.toString() }),
  });
  read(api, '/people/:id', {
    tag,
    summary: 'Một người',
    description: 'Lỗi: person-unknown.',
    params,
    answer: personSchema,
    run: async (ctx, { params }) => presentPerson(await mustKnow(ctx, params.id)),
  });
  write(api, '/people/:id/change', {
    tag,
    summary: 'Sửa thông tin, chuyển cơ quan, nghỉ phép, cách nhận tin',
    description: 'Chỉ sửa trường có gửi; null là bỏ giá trị. Lỗi: person-unknown, person-has-left, agency-unknown, agency-inactive, person-inactive (người thay), changed-meanwhile, input-invalid.',
    params,
    body: changes,
    status: 200,
    answer: personSchema,
    run: async (ctx, { body: { rev, leave, ...rest }, params }) => {
      const period = leave ? { from: readInstant(leave.from, 'leave.from'), until: readInstant(leave.until, 'leave.until') } : leave;
      const changes: Partial<PersonFields> = { ...rest, ...(period === undefined ? {} : { leave: period }) };
      return presentPerson(await changePerson(ctx, API_ACTOR, { id: params.id, changes, ...(rev === undefined ? {} : { rev }) }));
    },
  });
  write(api, '/people/:id/deactivate', {
    tag,
    summary: 'Ghi nghỉ việc, chuyển công tác',
    description: 'Không gửi tin đến người này nữa; successorId nhận việc thay (null: không ai, bỏ trống: giữ người thay hiện có). Lỗi: person-unknown, person-inactive, forbidden, input-invalid.',
    params,
    body: closed({ successorId: Type.Optional(orNull(recordId)) }),
    status: 200,
    answer: personSchema,
    run: async (ctx, { body, params }) => presentPerson(await deactivatePerson(ctx, API_ACTOR, { id: params.id, ...body })),
  });
  write(api, '/people/:id/reactivate', {
    tag,
    summary: 'Cho công tác lại',
    description: 'Lỗi: person-unknown, agency-inactive.',
    params,
    body: closed({}),
    status: 200,
    answer: personSchema,
    run: async (ctx, { params }) => presentPerson(await reactivatePerson(ctx, API_ACTOR, { id: params.id })),
  });
  write(api, '/people/:id/link-codes', {
    tag: 'Cơ quan và người',
    summary: 'Cấp mã liên kết chat',
    description: 'Mã cũ chưa dùng của người này hết hiệu lực. Lỗi: person-unknown (cả người không còn công tác).',
    params: Type.Object({ id: Type.String() }),
    body: closed({}),
    answer: linkCode,
    run: async (ctx, { params }) => {
      const { code, expiresAt } = await issueLinkCode(ctx, API_ACTOR, { personId: params.id });
      return { code, expiresAt: expiresAt.toISOString(), ...(await waysToLink(ctx, code)) };
    },
  });
}

async function mustKnow(ctx: Ctx, id: string): Promise<Person> {
  const person = await personById(ctx, id);
  if (!person) throw new DomainError('person-unknown', { id });
  return person;
}

/** The bot's name is known once Telegram has told it; the channel keeps it (TELEGRAM_BOT_STATE there). */
async function waysToLink(ctx: Ctx, code: string): Promise<{ telegramUrl?: string; zaloText?: string }> {
  const me = await ctx.db.State.findById('telegram:bot').lean();
  const { username } = (me?.value ?? {}) as { username?: string };
  const telegram = ctx.config.TELEGRAM_BOT_TOKEN && username ? { telegramUrl: `https://t.me/${username}?start=${code}` } : {};
  return { ...telegram, ...(ctx.config.ZALO_OA_SECRET_KEY || ctx.config.ZALO_BOT_TOKEN ? { zaloText: `/lienket ${code}` } : {}) };
}
