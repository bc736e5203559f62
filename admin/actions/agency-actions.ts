import { z } from 'zod';
import type { Ctx } from '../../src/context.js';
import { changeAgency } from '../../src/people/agencies/change-agency.js';
import { agencyTypes } from '../../src/people/agency.model.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { choice, email, optionalText, text, tick } from './fields.js';
import { hoursFields, hoursOf, hoursShownAt, mustBeHours } from './hours-form.js';
import { officeAction } from './office-action.js';

const page = (id: string) => `/admin/resources/Agency/records/${id}/show`;

const place = z.preprocess((value) => (value === '' || value === null ? undefined : value), z.coerce.number('cần nhập số').int('cần nhập số nguyên').min(1, 'từ 1 đến 999').max(999, 'từ 1 đến 999').optional());

/** What both forms of an agency ask. */
const agencyFields = { name: text(200), type: choice(agencyTypes), parentCode: optionalText(40), shortName: optionalText(40), symbol: optionalText(20), email, phone: optionalText(30), order: place, remote: tick };

/** "Thêm cơ quan". */
export const addAgencyAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ code: text(20), ...agencyFields }), async (ctx, actor, form) => {
    const agency = await registerAgency(ctx, actor, form);
    return { message: `Đã thêm ${agency.name}.`, redirectUrl: page(String(agency._id)) };
  });

const changeForm = z.object({ rev: z.coerce.number().int().min(0), active: tick, abbreviation: optionalText(20), ...agencyFields, ...hoursFields }).superRefine(mustBeHours);

/** "Sửa thông tin" of an agency: what is left empty is taken away. */
export const changeAgencyAction = (ctx: Ctx) =>
  officeAction(
    ctx,
    changeForm,
    async (ctx, actor, { rev, digestAt, quietFrom, quietTo, ...form }, id) => {
      const { shortName = null, symbol = null, abbreviation = null, parentCode = null, email = null, phone = null, order = null, ...rest } = form;
      const changes = { ...rest, shortName, symbol, abbreviation, parentCode, email, phone, order, ...hoursOf({ digestAt, quietFrom, quietTo }) };
      const agency = await changeAgency(ctx, actor, { id, rev, changes });
      return { message: `Đã ghi thông tin ${agency.name}.`, redirectUrl: page(id) };
    },
    hoursShownAt,
  );
