import { z } from 'zod';
import type { Ctx } from '../../src/context.js';
import { sendPhoneCode } from '../../src/delivery/phones/send-phone-code.js';
import { DomainError } from '../../src/kernel/errors.js';
import { formatTime } from '../../src/kernel/local-date.js';
import { confirmPhone } from '../../src/people/phones/confirm-phone.js';
import { disownPhone } from '../../src/people/phones/disown-phone.js';
import { mustBeAllowed } from '../../src/people/policy.js';
import { personById } from '../../src/people/receivers.js';
import { readablePhone } from '../../src/texts/delivery-texts.js';
import { text } from './fields.js';
import { officeAction } from './office-action.js';

/** "Xác minh số điện thoại": sends the SMS with the code. */
export const sendPhoneCodeAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({}), async (ctx, actor, _form, personId) => {
    const { person, expiresAt } = await sendPhoneCode(ctx, actor, { personId });
    return { message: 'Đã gửi mã xác minh.', result: { phone: readablePhone(person.phone ?? ''), expires: formatTime(expiresAt) } };
  });

/** The code the person read back. */
export const confirmPhoneAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ code: text(20).regex(/^[\d\s.]+$/, 'gồm 6 chữ số') }), async (ctx, actor, { code }, personId) => {
    mustBeAllowed(actor, 'person.write');
    const person = await confirmPhone(ctx, actor, { of: { personId }, code, by: 'office' });
    return { message: `Đã xác minh số điện thoại của đồng chí ${person.name}.`, redirectUrl: `/admin/resources/Person/records/${personId}/show` };
  });

/** "Không phải số của đồng chí ấy": somebody else answered the phone. */
export const disownPhoneAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({}), async (ctx, actor, _form, personId) => {
    mustBeAllowed(actor, 'person.write');
    const person = await personById(ctx, personId);
    if (!person?.phone) throw new DomainError('phone-missing', { name: person?.name ?? '' });
    await disownPhone(ctx, actor, person.phone);
    return { message: 'Đã ngừng gửi tin tới số này. Đề nghị sửa số điện thoại trong thông tin cán bộ.', redirectUrl: `/admin/resources/Person/records/${personId}/show` };
  });
