import { z } from 'zod';
import { missingForChannel } from '../../src/config.js';
import type { Ctx } from '../../src/context.js';
import { DomainError } from '../../src/kernel/errors.js';
import type { Actor } from '../../src/people/actor.js';
import { mustBeAllowed } from '../../src/people/policy.js';
import type { Person } from '../../src/people/person.model.js';
import { smsAsSent, smsStyle, type NotRegistered, type SmsAsSent } from '../../src/delivery/content/sms-as-sent.js';
import { numbered } from '../../src/kernel/ids.js';
import { instantAt, localDateOf, yearOf } from '../../src/kernel/local-date.js';
import { amountFor, reduced } from '../../src/texts/content-policy.js';
import { meetingAlert, type MeetingFacts } from '../../src/texts/meeting-texts.js';
import type { Message } from '../../src/texts/message.js';
import { smsProblem } from '../../src/texts/sms-texts.js';
import { previewSms } from '../../src/texts/sms/compose.js';
import { meetingParams } from '../../src/texts/template-params.js';

const words = z.string().max(5_000).default('');
const asked = z.discriminatedUnion('about', [
  z.object({ about: z.literal('text'), text: words }),
  z.object({ about: z.literal('meeting'), title: words, kind: z.string().max(20).default('regular'), startsOn: z.string().max(20).default(''), startsTime: z.string().max(20).default(''), place: words, chair: words, chairId: z.string().max(24).default(''), attendeeIds: z.array(z.string().max(24)).max(500).default([]) }),
]);

/** Units in one message alone and in each of several (3GPP 23.038). */
const ROOM = { gsm7: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } } as const;

/** How a text goes out by SMS: what is shown on the phone, how long, in how many parts, at what price; a meeting's is the very SMS that would leave. Throws forbidden. */
export async function smsPreview(ctx: Ctx, actor: Actor, body: unknown) {
  mustBeAllowed(actor, 'task.assign');
  const checked = asked.safeParse(body);
  if (!checked.success) throw new DomainError('input-invalid', { path: 'text', expected: 'nội dung dài không quá 5.000 ký tự' });
  const read = checked.data;
  const made = read.about === 'text' ? { encoded: previewSms({ text: read.text }, smsStyle(ctx.config)) } : await invitationSms(ctx, read);
  const configured = missingForChannel(ctx.config, 'sms').length === 0;
  if ('refuse' in made) return { text: '', encoding: 'gsm7' as const, units: 0, room: 0, parts: 0, cut: false, price: null, configured, refused: smsProblem(made.refuse, true) };
  const { text, encoding, parts, units, cut } = made.encoded;
  const { SMS_PRICE: price } = ctx.config;
  const room = parts.length > 1 ? parts.length * ROOM[encoding].part : ROOM[encoding].single;
  return { text, encoding, units, room, parts: parts.length, cut, price: price ? parts.length * price : null, configured };
}

/** The invitation as the attendee gets it whose SMS is the longest; what is not filled in yet is left open. */
async function invitationSms(ctx: Ctx, form: MeetingForm): Promise<SmsAsSent | NotRegistered> {
  const ids = [...form.attendeeIds, form.chairId].filter((id) => /^[0-9a-f]{24}$/i.test(id));
  const people = (await ctx.db.Person.find({ _id: { $in: ids } }).lean<Person[]>()).sort((a, b) => `${b.name}${b.position}`.length - `${a.name}${a.position}`.length);
  const chair = people.find(({ _id }) => String(_id) === form.chairId);
  const readers: Named[] = [people[0] ?? { name: 'Nguyễn Văn A', position: 'Giám đốc Sở' }, ...(chair ? [chair] : [])];
  const facts = await factsOf(ctx, form, chair);
  const all: (SmsAsSent | NotRegistered)[] = [];
  for (const reader of readers) all.push(await smsAsSent(ctx, alertTo(ctx, facts, { reader, presides: reader === chair })));
  return all.reduce((a, b) => ('refuse' in b || 'refuse' in a || a.encoded.units >= b.encoded.units ? a : b));
}

type MeetingForm = Extract<z.infer<typeof asked>, { about: 'meeting' }>;
type Named = Pick<Person, 'name' | 'position'>;

/** With the code the meeting gets if it is called now. */
async function factsOf(ctx: Ctx, form: MeetingForm, chair: Named | undefined): Promise<MeetingFacts> {
  const now = ctx.clock.now();
  const series = `HOP-${yearOf(now)}`;
  const last = (await ctx.db.Counter.findById(series).lean())?.last ?? 0;
  const on = /^\d{4}-\d\d-\d\d$/.test(form.startsOn) ? form.startsOn : localDateOf(now);
  const startsAt = instantAt(on, /^([01]\d|2[0-3]):[0-5]\d$/.test(form.startsTime) ? form.startsTime : '08:00');
  return { code: numbered('HOP', yearOf(now), last + 1), title: form.title.trim() || '…', place: form.place.trim() || '…', chair: form.chair.trim() || (chair ? `${chair.name}, ${chair.position}` : ''), kind: form.kind === 'urgent' ? 'urgent' : 'regular', startsAt };
}

function alertTo(ctx: Ctx, facts: MeetingFacts, { reader, presides }: { reader: Named; presides: boolean }): Message {
  const alert = { ...meetingAlert(facts, reader, ctx.clock.now(), false, null, presides), kind: 'meeting-alert', params: meetingParams(facts, reader) };
  const amount = amountFor({ class: 'meeting', secret: false, channel: 'sms' }, ctx.config.SECRET_NOTICES);
  return amount === 'nothing' ? { text: '' } : reduced(alert, amount, 'meeting');
}
