import { z } from 'zod';
import { removeCalendarDay, setCalendarDay } from '../../src/calendar/set-calendar-day.js';
import type { Ctx } from '../../src/context.js';
import { formatDay, formatTime } from '../../src/kernel/local-date.js';
import { accountRoles } from '../../src/people/accounts/account.model.js';
import { createAccount } from '../../src/people/accounts/accounts.js';
import { issueLinkCode } from '../../src/people/links/issue-link-code.js';
import { personRoles } from '../../src/people/person.model.js';
import { registerPerson } from '../../src/people/register-person.js';
import { choice, day, email, optionalId, optionalText, text, tick } from './fields.js';
import { officeAction } from './office-action.js';
import { phone } from './person-form.js';

const list = (resource: string) => `/admin/resources/${resource}`;

/** "Thêm cán bộ". */
export const addPersonAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ name: text(120), position: text(200), agencyCode: text(20), roles: z.array(z.enum(personRoles)).min(1, 'cần chọn vai trò'), phone, email }), async (ctx, actor, form) => {
    const person = await registerPerson(ctx, actor, form);
    return { message: `Đã thêm đồng chí ${person.name}.`, redirectUrl: `${list('Person')}/records/${String(person._id)}/show` };
  });

/** "Cấp mã liên kết": the code is in this answer and nowhere else. */
export const linkCodeAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({}), async (ctx, actor, _form, personId) => {
    const { code, expiresAt } = await issueLinkCode(ctx, actor, { personId });
    // The bot's name is learnt from Telegram and kept by the channel.
    const bot = ((await ctx.db.State.findById('telegram:bot').lean().exec())?.value as { username?: unknown } | undefined)?.username;
    const telegramUrl = typeof bot === 'string' ? `https://t.me/${bot}?start=${code}` : null;
    return { message: 'Đã cấp mã liên kết.', result: { code, expires: formatTime(expiresAt), telegramUrl } };
  });

/** "Tạo tài khoản" for the back office. */
export const addAccountAction = (ctx: Ctx) =>
  officeAction(
    ctx,
    z.object({ email: z.email('không phải địa chỉ thư điện tử'), name: text(120), role: choice(accountRoles), agencyCode: optionalText(20), personId: optionalId, password: z.string('cần nhập').min(10, 'ít nhất 10 ký tự').max(200, 'tối đa 200 ký tự') }),
    async (ctx, actor, form) => {
      const account = await createAccount(ctx, actor, form);
      return { message: `Đã tạo tài khoản ${account.email}.`, redirectUrl: list('Account') };
    },
  );

/** "Thêm ngày nghỉ, ngày làm bù"; also changes one already there. */
export const setDayAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ on: day, kind: choice(['off', 'worked']), note: text(200), provisional: tick }), async (ctx, actor, form) => {
    await setCalendarDay(ctx, actor, form);
    return { message: `Đã ghi ngày ${formatDay(form.on)}.`, redirectUrl: list('CalendarDay') };
  });

/** "Bỏ khỏi lịch": the weekday decides again. */
export const removeDayAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({}), async (ctx, actor, _form, on) => {
    await removeCalendarDay(ctx, actor, { on });
    return { message: `Đã bỏ ngày ${formatDay(on)} khỏi lịch.`, redirectUrl: list('CalendarDay') };
  });
