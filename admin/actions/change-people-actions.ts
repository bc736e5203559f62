import { z } from 'zod';
import type { Ctx } from '../../src/context.js';
import { accountRoles } from '../../src/people/accounts/account.model.js';
import { changeAccount, disableAccount, enableAccount } from '../../src/people/accounts/change-account.js';
import { resetPassword } from '../../src/people/accounts/change-password.js';
import type { Person } from '../../src/people/person.model.js';
import { personById } from '../../src/people/receivers.js';
import { changePerson } from '../../src/people/persons/change-person.js';
import { deactivatePerson, reactivatePerson } from '../../src/people/persons/leave-service.js';
import { choice, optionalId, optionalText, text } from './fields.js';
import { hoursShownAt } from './hours-form.js';
import { officeAction } from './office-action.js';
import { personForm } from './person-form.js';

const nothing = z.object({});
const page = (resource: string, id: string) => `/admin/resources/${resource}/records/${id}/show`;

/** Where the use case speaks of one field and the form has two. */
const shownAt: Readonly<Record<string, string>> = { leave: 'leaveUntil', ...hoursShownAt };

/** "Sửa thông tin" of a person. */
export const changePersonAction = (ctx: Ctx) =>
  officeAction(
    ctx,
    personForm,
    async (ctx, actor, form, id) => {
      const person = await changePerson(ctx, actor, { id, ...form });
      return { message: `Đã ghi thông tin đồng chí ${person.name}.${await whereMessagesGo(ctx, person)}`, redirectUrl: page('Person', id) };
    },
    shownAt,
  );

/** While somebody is away: where their messages go; empty where no leave lies ahead. */
async function whereMessagesGo(ctx: Ctx, { leave, deputyId }: Person): Promise<string> {
  if (!leave || leave.until <= ctx.clock.now()) return '';
  const deputy = deputyId ? await personById(ctx, deputyId) : null;
  return deputy ? ` Khi đồng chí nghỉ, tin chuyển đến đồng chí ${deputy.name}; cả hai được báo.` : ' Chưa có người thay: khi đồng chí nghỉ, tin vẫn chỉ gửi đến đồng chí này.';
}

/** "Nghỉ việc, chuyển công tác". */
export const deactivatePersonAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ successorId: optionalId }), async (ctx, actor, { successorId }, id) => {
    const person = await deactivatePerson(ctx, actor, { id, successorId: successorId ?? null });
    return { message: `Đã ghi đồng chí ${person.name} không còn công tác. Từ nay không gửi tin đến đồng chí này.`, redirectUrl: page('Person', id) };
  });

/** "Cho công tác lại". */
export const reactivatePersonAction = (ctx: Ctx) =>
  officeAction(ctx, nothing, async (ctx, actor, _form, id) => {
    const person = await reactivatePerson(ctx, actor, { id });
    return { message: `Đồng chí ${person.name} lại nhận tin như trước.` };
  });

/** "Sửa tài khoản". */
export const changeAccountAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ name: text(120), role: choice(accountRoles), agencyCode: optionalText(40), personId: optionalId }), async (ctx, actor, { name, role, agencyCode, personId }, id) => {
    const account = await changeAccount(ctx, actor, { id, name, role, agencyCode: agencyCode ?? null, personId: personId ?? null });
    return { message: `Đã ghi tài khoản ${account.email}.`, redirectUrl: page('Account', id) };
  });

/** "Khóa tài khoản". */
export const disableAccountAction = (ctx: Ctx) =>
  officeAction(ctx, nothing, async (ctx, actor, _form, id) => {
    const account = await disableAccount(ctx, actor, { id });
    return { message: `Đã khóa tài khoản ${account.email}. Các phiên đang mở kết thúc ngay.`, redirectUrl: page('Account', id) };
  });

/** "Mở lại tài khoản". */
export const enableAccountAction = (ctx: Ctx) =>
  officeAction(ctx, nothing, async (ctx, actor, _form, id) => {
    const account = await enableAccount(ctx, actor, { id });
    return { message: `Tài khoản ${account.email} dùng lại được.` };
  });

/** "Cấp lại mật khẩu": the new one is in this answer and nowhere else. */
export const resetPasswordAction = (ctx: Ctx) =>
  officeAction(ctx, nothing, async (ctx, actor, _form, id) => {
    const { account, password } = await resetPassword(ctx, actor, { id });
    if (password === null) return { message: `Mật khẩu của ${account.email} đã được cấp lại ở lần bấm trước. Nếu chưa kịp ghi, đề nghị cấp lần nữa.` };
    return { message: `Đã cấp lại mật khẩu cho ${account.email}.`, result: { password, email: account.email } };
  });
