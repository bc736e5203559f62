import type { Ctx } from '../../context.js';
import { chatChannels, type Channel, type ChatChannel } from '../../kernel/channels.js';
import type { ChatLink } from '../../people/links/chat-link.model.js';
import { officeStaff } from '../../people/receivers.js';
import type { Delivery } from '../delivery.model.js';
import { enqueueAll } from '../enqueue.js';
import type { Intent, Lane } from '../intent.js';
import { keys } from '../keys.js';

/** What the house tells the office about its own delivering. A notice that itself fails is not reported again: no loops. */
export const noticeKinds = ['chat-dead', 'delivery-dead', 'channel-stopped', 'nobody-there', 'grant-ending'] as const;
type NoticeKind = (typeof noticeKinds)[number];

const isNotice = (kind: string): boolean => (noticeKinds as readonly string[]).includes(kind);

const isChatChannel = (channel: Channel): channel is ChatChannel => (chatChannels as readonly Channel[]).includes(channel);

/** A message reached nobody, or may not have: the office is told once, with whom to call. Answers in a chat are not reported. */
export async function tellUndelivered(ctx: Ctx, delivery: Delivery, reason: string): Promise<void> {
  if (isNotice(delivery.kind) || delivery.chat || !delivery.personId) return;
  const data = { personId: delivery.personId.toString(), about: delivery.kind, taskCode: delivery.taskCode, meetingCode: delivery.meetingCode, reason };
  await tell(ctx, { key: keys.deliveryDead(delivery.key), kind: 'delivery-dead', lane: delivery.lane === 'urgent' ? 'urgent' : 'normal', data });
}

/** A message was due to people of whom there are none, such as an agency without a leader or officer: the office is told once. */
export async function tellNobodyThere(ctx: Ctx, intent: Pick<Intent, 'key' | 'kind' | 'data' | 'lane'>): Promise<void> {
  ctx.log.warn({ event: 'intents.nobody', key: intent.key, kind: intent.kind });
  if (isNotice(intent.kind)) return;
  const code = (name: string) => (typeof intent.data[name] === 'string' ? intent.data[name] : null);
  const data = { about: intent.kind, taskCode: code('taskCode'), meetingCode: code('meetingCode') };
  await tell(ctx, { key: keys.nobody(intent.key), kind: 'nobody-there', lane: intent.lane, data });
}

/** A chat is gone: its link is marked until the person returns, and the office is told once. */
export async function markChatDead(ctx: Ctx, chat: { channel: Channel; to: string }, code: string): Promise<void> {
  if (!isChatChannel(chat.channel)) return;
  const link = await ctx.db.ChatLink.findOne({ channel: chat.channel, chatId: chat.to, deadAt: null }).lean<ChatLink>();
  if (!link) return;
  // Told first: a crash in between tells again under the same key.
  const data = { personId: link.personId.toString(), channel: chat.channel };
  await tell(ctx, { key: keys.chatDead(link._id.toString(), link.lastInboundAt), kind: 'chat-dead', lane: 'normal', data });
  // Somebody who wrote meanwhile is alive.
  await ctx.db.ChatLink.updateOne({ _id: link._id, lastInboundAt: link.lastInboundAt }, { $set: { deadAt: ctx.clock.now(), deadReason: code } });
}

/** A channel refuses us: told at most once an hour. */
export async function tellChannelStopped(ctx: Ctx, channel: Channel, code: string): Promise<void> {
  const hour = Math.floor(ctx.clock.now().getTime() / 3_600_000);
  await tell(ctx, { key: keys.channelStopped(channel, hour), kind: 'channel-stopped', lane: 'urgent', data: { channel, code } });
}

/** The OA's permission ends so many days from now: told once per step of the same permission. */
export async function tellGrantEnding(ctx: Ctx, grant: { issuedAt: Date; endsAt: Date; daysLeft: number; step: number }): Promise<void> {
  const data = { endsAt: grant.endsAt.toISOString(), daysLeft: String(grant.daysLeft) };
  await tell(ctx, { key: keys.grantEnding(grant.issuedAt, grant.step), kind: 'grant-ending', lane: 'normal', data });
}

async function tell(ctx: Ctx, notice: { key: string; kind: NoticeKind; lane: Lane; data: Record<string, string | null> }): Promise<void> {
  const office = await officeStaff(ctx);
  ctx.log.warn({ event: `delivery.${notice.kind}`, office: office.length });
  await enqueueAll(ctx, office.map((person) => ({ ...notice, key: keys.forPerson(notice.key, person._id.toString()), personId: person._id.toString() })));
}
