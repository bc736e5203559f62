import type { Channel } from '../../kernel/channels.js';
import type { Person } from '../../people/person.model.js';
import { amountFor, classOf, reduced } from '../../texts/content-policy.js';
import { furtherAttempt, onBehalf } from '../../texts/delivery-texts.js';
import type { Message } from '../../texts/message.js';
import { withExcerpt } from '../../texts/sms/excerpt.js';
import { onLeave } from '../acting/acting-person.js';
import type { Delivery } from '../delivery.model.js';
import { DIGEST } from '../digest/digest-keys.js';
import { renderDigest } from '../digest/render-digest.js';
import { isNotice } from '../notices/notice-kinds.js';
import { arrivedMeanwhile } from '../receipts/arrived-meanwhile.js';
import type { Rendered } from '../renderer.js';
import { isSecret, speak, type Spoken, type Tongue } from './speak.js';

/**
 * What leaves, just before the call: in words as the facts are now, no more of it than this channel may carry, and with the
 * line that says why it comes this way. The only place that decides how much of a message leaves the house.
 */
export async function prepareMessage(tongue: Tongue, delivery: Delivery, to: { person: Person | null; channel: Channel }): Promise<Rendered> {
  const { ctx } = tongue;
  const why = delivery.follows ? await arrivedMeanwhile(ctx, delivery) : null;
  if (why) return { suppress: why };
  const { rendered, absent, also } = await inWords(tongue, delivery, to.person);
  if (!('message' in rendered)) return rendered;
  const secret = await isSecret(ctx, delivery, rendered);
  const what = { class: classOf(delivery.kind, isNotice), secret, channel: to.channel };
  const amount = amountFor(what, ctx.config.SECRET_NOTICES);
  if (amount === 'nothing') return { suppress: 'secret-kept' };
  const short = reduced({ ...rendered.message, kind: delivery.kind }, amount, what.class, ctx.config.PUBLIC_URL);
  const message = amount === 'short' && to.channel === 'sms' ? withExcerpt(short, rendered.message.matter, ctx.config.SMS_TASK_EXCERPT) : short;
  return { message: amount === 'neutral' ? message : explained(message, delivery, { absent, also, person: to.person, now: ctx.clock.now() }), secret, ...(rendered.kept ? { kept: rendered.kept } : {}) };
}

async function inWords(tongue: Tongue, delivery: Delivery, person: Person | null): Promise<Spoken> {
  if (delivery.kind === DIGEST) return { rendered: await renderDigest(tongue, delivery, person), absent: null, also: [] };
  return speak(tongue, delivery, person);
}

/** Says who it was meant for, and that another channel was tried before. */
function explained(message: Message, delivery: Delivery, { absent, also, person, now }: { absent: Person | null; also: Person[]; person: Person | null; now: Date }): Message {
  const away = [...(absent ? [absent] : []), ...also].map(({ name, position, leave, active }) => ({ name, position, until: active && onLeave({ leave }, now) ? new Date(leave?.until ?? now) : null }));
  const addressed = person && away.length > 0 ? onBehalf(message, { deputy: person, away, own: !absent }) : message;
  return delivery.follows ? furtherAttempt(addressed) : addressed;
}
