import { Type, type Static } from '@sinclair/typebox';
import { agencyTypes, type Agency } from '../people/agency.model.js';
import { agencyCode, closed, oneOf, orNull } from './schemas.js';

/** An agency as other systems see it. */
export const agencySchema = closed({
  code: agencyCode,
  rev: Type.Integer({ description: 'Số lần đã sửa' }),
  name: Type.String(),
  type: oneOf(agencyTypes),
  parentCode: orNull(agencyCode),
  shortName: orNull(Type.String()),
  symbol: orNull(Type.String()),
  abbreviation: orNull(Type.String({ description: 'Mã hiển thị thay cho code' })),
  email: orNull(Type.String()),
  phone: orNull(Type.String()),
  order: orNull(Type.Integer()),
  remote: Type.Boolean(),
  digestAt: orNull(Type.String({ description: 'Giờ hộp thư cơ quan nhận bản tin tổng hợp' })),
  quiet: orNull(closed({ from: Type.String(), to: Type.String() })),
  active: Type.Boolean({ description: 'false: đã ngừng hoạt động' }),
});

/** The agency in the shape of `agencySchema`. */
export const presentAgency = (agency: Agency): Static<typeof agencySchema> => ({
  code: agency.code,
  rev: agency.rev ?? 0,
  name: agency.name,
  type: agency.type,
  parentCode: agency.parentCode ?? null,
  shortName: agency.shortName ?? null,
  symbol: agency.symbol ?? null,
  abbreviation: agency.abbreviation ?? null,
  email: agency.email ?? null,
  phone: agency.phone ?? null,
  order: agency.order ?? null,
  remote: agency.remote,
  digestAt: agency.digestAt ?? null,
  quiet: agency.quiet ?? null,
  active: agency.active,
});
