import { recordAudit } from '../../audit/record-audit.js';
import { missingForChannel } from '../../config.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Actor } from '../../people/actor.js';
import { openPhoneCode } from '../../people/phones/open-phone-code.js';
import type { Person } from '../../people/person.model.js';
import { mustBeAllowed } from '../../people/policy.js';
import { personById } from '../../people/receivers.js';
import { enqueue } from '../enqueue.js';
import { keys } from '../keys.js';

/** The kind of message that carries a code. */
export const PHONE_CODE_KIND = 'phone-code';

/**
 * "Xác minh số điện thoại": an SMS with a code and nothing else goes to the number in the register. Throws forbidden,
 * person-unknown, phone-code-no-sms and what openPhoneCode throws.
 */
export async function sendPhoneCode(ctx: Ctx, actor: Actor, { personId }: { personId: string }): Promise<{ person: Person; expiresAt: Date }> {
  mustBeAllowed(actor, 'person.write');
  const person = await personById(ctx, personId);
  if (!person?.active) throw new DomainError('person-unknown', { id: personId });
  if (missingForChannel(ctx.config, 'sms').length > 0) throw new DomainError('phone-code-no-sms');
  const { _id, phone, expiresAt } = await openPhoneCode(ctx, person);
  const id = _id.toString();
  // Somebody waits with the phone in hand.
  await enqueue(ctx, { key: keys.phoneCode(id), kind: PHONE_CODE_KIND, lane: 'normal', asked: 'now', personId, chat: { channel: 'sms', to: phone }, data: { phoneCodeId: id }, expiresAt });
  await recordAudit(ctx, actor, { action: 'phone.send-code', entity: 'person', entityKey: personId, after: { expiresAt } });
  return { person, expiresAt };
}
