import { DomainError } from '../../src/kernel/errors.js';
import { confirmPhone } from '../../src/people/phones/confirm-phone.js';
import { phoneCodeMissing, phoneConfirmed } from '../../src/texts/phone-texts.js';
import type { Command } from './command.js';

/** "/xacminh 123456": the code that came by SMS, typed in the person's own chat, proves the number. */
export const xacminh: Command = {
  names: ['xacminh', 'xm'],
  run: async (ctx, actor, { text }) => {
    if (actor.kind !== 'person') throw new DomainError('forbidden', { action: 'xacminh' });
    if (text === '') return phoneCodeMissing();
    await confirmPhone(ctx, actor, { of: { personId: actor.personId }, code: text, by: 'chat' });
    return phoneConfirmed();
  },
};
