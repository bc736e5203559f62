import { Type } from '@sinclair/typebox';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import { agencyTypes, type Agency } from '../../people/agency.model.js';
import { changeAgency } from '../../people/agencies/change-agency.js';
import { registerAgency } from '../../people/register-agency.js';
import { agencySchema, presentAgency } from '../present-agency.js';
import { API_ACTOR, read, write, type Api } from '../route.js';
import { agencyCode, closed, email, hour, oneOf, orNull, text } from '../schemas.js';

const body = closed({
  code: agencyCode,
  name: text(200, 'Tên đầy đủ'),
  type: oneOf(agencyTypes, 'Loại: province UBND tỉnh · office văn phòng · department sở · inspectorate thanh tra · board ban · vertical ngành dọc · service-unit đơn vị sự nghiệp · office-unit đơn vị thuộc văn phòng · commune xã · ward phường · special-zone đặc khu'),
  parentCode: Type.Optional(agencyCode),
  email: Type.Optional(email),
  symbol: Type.Optional(text(40, 'Ký hiệu trên số văn bản, ví dụ SNNMT')),
  remote: Type.Optional(Type.Boolean({ description: 'Vùng sâu, vùng xa' })),
}, { examples: [{ code: 'STC', name: 'Sở Tài chính', type: 'department', parentCode: 'UBND', symbol: 'STC' }] });

const changes = closed({
  rev: Type.Optional(Type.Integer({ minimum: 0, description: 'Số lần sửa mà hệ thống gọi đang biết (GET trả về); đã có người sửa sau đó thì trả changed-meanwhile. Bỏ trống: sửa trên bản hiện có' })),
  name: Type.Optional(text(200, 'Tên đầy đủ')),
  type: Type.Optional(oneOf(agencyTypes)),
  parentCode: Type.Optional(orNull(agencyCode)),
  shortName: Type.Optional(orNull(text(40, 'Tên ngắn, dùng ở biểu đồ'))),
  symbol: Type.Optional(orNull(text(20, 'Ký hiệu trên số văn bản'))),
  abbreviation: Type.Optional(orNull(text(20, 'Mã hiển thị thay cho code'))),
  email: Type.Optional(orNull(email)),
  phone: Type.Optional(orNull(text(30, 'Số điện thoại để gọi'))),
  order: Type.Optional(orNull(Type.Integer({ minimum: 1, maximum: 999, description: 'Thứ tự trong cùng cấp' }))),
  remote: Type.Optional(Type.Boolean()),
  digestAt: Type.Optional(orNull(hour)),
  quiet: Type.Optional(orNull(closed({ from: hour, to: hour }))),
  active: Type.Optional(Type.Boolean({ description: 'false: ngừng giao việc mới và gửi thư' })),
}, { examples: [{ quiet: { from: '17:30', to: '07:00' }, digestAt: '08:00' }] });

const params = Type.Object({ code: Type.String({ description: 'Mã cơ quan' }) });

async function mustKnow(ctx: Ctx, code: string): Promise<Agency> {
  const agency = await ctx.db.Agency.findOne({ code }).lean<Agency>();
  if (!agency) throw new DomainError('agency-unknown', { code });
  return agency;
}

export function agencyRoutes(api: Api): void {
  write(api, '/agencies', {
    tag: 'Cơ quan và người',
    summary: 'Thêm cơ quan, đơn vị',
    description: 'Mã không trùng. Lỗi: agency-code-taken, agency-unknown (cơ quan trực thuộc), input-invalid.',
    body,
    answer: closed({ code: agencyCode }),
    run: async (ctx, { body }) => ({ code: (await registerAgency(ctx, API_ACTOR, body)).code }),
  });
  read(api, '/agencies/:code', {
    tag: 'Cơ quan và người',
    summary: 'Một cơ quan',
    description: 'Lỗi: agency-unknown.',
    params,
    answer: agencySchema,
    run: async (ctx, { params }) => presentAgency(await mustKnow(ctx, params.code)),
  });
  write(api, '/agencies/:code/change', {
    tag: 'Cơ quan và người',
    summary: 'Sửa thông tin, giờ nhận thư, loại và cơ quan cấp trên',
    description: 'Chỉ sửa trường có gửi; null là bỏ giá trị. Mã (code) không đổi. Lỗi: agency-unknown, agency-inactive, agency-code-taken (mã hiển thị), changed-meanwhile, input-invalid.',
    params,
    body: changes,
    status: 200,
    answer: agencySchema,
    run: async (ctx, { body: { rev, ...rest }, params }) => {
      const { _id } = await mustKnow(ctx, params.code);
      return presentAgency(await changeAgency(ctx, API_ACTOR, { id: String(_id), changes: rest, ...(rev === undefined ? {} : { rev }) }));
    },
  });
}
