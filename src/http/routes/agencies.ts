import { Type } from '@sinclair/typebox';
import { agencyTypes } from '../../people/agency.model.js';
import { registerAgency } from '../../people/register-agency.js';
import { API_ACTOR, write, type Api } from '../route.js';
import { agencyCode, closed, email, oneOf, text } from '../schemas.js';

const body = closed({
  code: agencyCode,
  name: text(200, 'Tên đầy đủ'),
  type: oneOf(agencyTypes, 'Loại: province UBND tỉnh · office văn phòng · department sở · inspectorate thanh tra · board ban · vertical ngành dọc · service-unit đơn vị sự nghiệp · office-unit đơn vị thuộc văn phòng · commune xã · ward phường · special-zone đặc khu'),
  parentCode: Type.Optional(agencyCode),
  email: Type.Optional(email),
  symbol: Type.Optional(text(40, 'Ký hiệu trên số văn bản, ví dụ SNNMT')),
  remote: Type.Optional(Type.Boolean({ description: 'Vùng sâu, vùng xa' })),
}, { examples: [{ code: 'STC', name: 'Sở Tài chính', type: 'department', parentCode: 'UBND', symbol: 'STC' }] });

export function agencyRoutes(api: Api): void {
  write(api, '/agencies', {
    tag: 'Cơ quan và người',
    summary: 'Thêm cơ quan, đơn vị',
    description: 'Mã không trùng. Lỗi: agency-code-taken, agency-unknown (cơ quan trực thuộc), input-invalid.',
    body,
    answer: closed({ code: agencyCode }),
    run: async (ctx, { body }) => ({ code: (await registerAgency(ctx, API_ACTOR, body)).code }),
  });
}
