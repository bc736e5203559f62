import { z } from 'zod';
import { missingForChannel } from '../../src/config.js';
import type { Ctx } from '../../src/context.js';
import { DomainError } from '../../src/kernel/errors.js';
import type { Actor } from '../../src/people/actor.js';
import { mustBeAllowed } from '../../src/people/policy.js';
import type { Person } from '../../src/people/person.model.js';
import { instantAt, localDateOf } from '../../src/kernel/local-date.js';
import { amountFor, reduced } from '../../src/texts/content-policy.js';
import { meetingAlert } from '../../src/texts/meeting-texts.js';
import type { Message } from '../../src/texts/message.js';
import { previewSms } from '../../src/texts/sms/compose.js';

const words = z.string().max(5_000).default('');
const asked = z.discriminatedUnion('about', [
  z.object({ about: z.literal('text'), text: words }),
  z.object({ about: z.literal('meeting'), title: words, kind: z.string().max(20).default('regular'), startsOn: z.string().max(20).default(''), startsTime: z.string().max(20).default(''), place: words, chair: words, attendeeIds: z.array(z.string().max(24)).max(500).default([]) }),
]);

/** Units in one message alone and in each of several (3GPP 23.038). */
const ROOM = { gsm7: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } } as const;

/** How a text goes out by SMS: what is shown on the phone, how long, in how many parts, at what price. Throws forbidden. */
export async function smsPreview(ctx: Ctx, actor: Actor, body: unknown) {
  mustBeAllowed(actor, 'task.assign');
  const checked = asked.safeParse(body);
  if (!checked.success) throw new DomainError('input-invalid', { path: 'text', expected: 'nội dung dài không quá 5.000 ký tự' });
  const read = checked.data;
  const { SMS_UNICODE: unicode, SMS_MAX_PARTS: maxParts, SMS_PRICE: price } = ctx.config;
  const message = read.about === 'text' ? { text: read.text } : await alertOf(ctx, read);
  const { text, encoding, parts, units, cut } = previewSms(message, { unicode, maxParts });
  const room = parts.length > 1 ? parts.length * ROOM[encoding].part : ROOM[encoding].single;
  return { text, encoding, units, room, parts: parts.length, cut, price: price ? parts.length * price : null, configured: missingForChannel(ctx.config, 'sms').length === 0 };
}

/** The alert as the attendee with the longest name and post gets it; what is not filled in yet is left open. */
async function alertOf(ctx: Ctx, form: Extract<z.infer<typeof asked>, { about: 'meeting' }>): Promise<Message> {
  const ids = form.attendeeIds.filter((id) => /^[0-9a-f]{24}$/i.test(id));
  const people = await ctx.db.Person.find({ _id: { $in: ids } }, { name: 1, position: 1 }).lean<Pick<Person, 'name' | 'position'>[]>();
  const reader = people.sort((a, b) => `${b.name}${b.position}`.length - `${a.name}${a.position}`.length)[0] ?? { name: 'Nguyễn Văn A', position: 'Giám đốc Sở' };
  const now = ctx.clock.now();
  const on = /^\d{4}-\d\d-\d\d$/.test(form.startsOn) ? form.startsOn : localDateOf(now);
  const startsAt = instantAt(on, /^([01]\d|2[0-3]):[0-5]\d$/.test(form.startsTime) ? form.startsTime : '08:00');
  const facts = { code: `HOP-${on.slice(0, 4)}-00000`, title: form.title || '…', place: form.place || '…', chair: form.chair, kind: form.kind === 'urgent' ? 'urgent' : 'regular', startsAt };
  const alert = meetingAlert(facts as Parameters<typeof meetingAlert>[0], reader, now, false);
  const amount = amountFor({ class: 'meeting', secret: false, channel: 'sms' }, ctx.config.SECRET_NOTICES);
  return amount === 'nothing' ? { text: '' } : reduced(alert, amount, 'meeting');
}
