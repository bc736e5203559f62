import type { Types } from 'mongoose';
import type { Ctx } from '../../src/context.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import { can } from '../../src/people/policy.js';
import { messageWord } from '../locale/message-word.js';
import { channelWords, deliveryReasonWords, deliveryWords, wordOf } from '../locale/words.js';
import { arrivedElsewhere } from '../resources/arrived-elsewhere.js';
import { deliveryTone } from '../resources/delivery-resource.js';
import { receiverNames } from '../resources/names.js';

const SHOWN = 60;

/** Messages about a task or a meeting, or to a person, newest first, for those who may read deliveries; null for others. */
export async function deliveriesAbout(ctx: Ctx, actor: Actor, about: { taskCode: string } | { meetingCode: string } | { personId: Types.ObjectId }) {
  if (!can(actor, 'delivery.read')) return null;
  const rows = await ctx.db.Delivery.find(about)
    .select('createdAt key finishedAt personId data.agencyCode data.again follows kind taskCode meetingCode channel state reason acceptedAt').sort({ createdAt: -1, _id: -1 }).limit(SHOWN).lean<Delivery[]>().exec();
  const [receiverOf, wayOf] = [await receiverNames(ctx, rows), await arrivedElsewhere(ctx, rows)];
  return rows.map((row) => ({
    id: String(row._id),
    at: formatInstant(row.acceptedAt ?? row.createdAt),
    person: receiverOf(row).person,
    kind: messageWord(row),
    about: row.taskCode ?? row.meetingCode ?? '',
    channel: wordOf(channelWords, row.channel),
    state: wordOf(deliveryWords, row.state),
    tone: wayOf(row) ? 'quiet' : deliveryTone(row.state),
    reason: [wordOf(deliveryReasonWords, row.reason), wayOf(row) && `đã đến bằng ${wayOf(row)}`].filter(Boolean).join('; '),
  }));
}
