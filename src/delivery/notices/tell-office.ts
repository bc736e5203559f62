import type { Ctx } from '../../context.js';
import { chatChannels, type Channel, type ChatChannel } from '../../kernel/channels.js';
import type { ChatLink } from '../../people/links/chat-link.model.js';
import type { Agency } from '../../people/agency.model.js';
import type { Person } from '../../people/person.model.js';
import { officeStaff } from '../../people/receivers.js';
import type { Delivery } from '../delivery.model.js';
import { enqueueAll } from '../enqueue.js';
import type { Asked, Intent, Lane } from '../intent.js';
import { localDateOf } from '../../kernel/local-date.js';
import { keys } from '../keys.js';
import { isNotice, type NoticeKind } from './notice-kinds.js';
import { placesInSwarm } from './swarm.js';

export { noticeKinds } from './notice-kinds.js';

const isChatChannel = (channel: Channel): channel is ChatChannel => (chatChannels as readonly Channel[]).includes(channel);

/** A message reached nobody, or may not have: the office is told once, with whom to call. Answers in a chat are not reported. */
export const tellUndelivered = (ctx: Ctx, delivery: Delivery, reason: string): Promise<void> => tellAllUndelivered(ctx, [{ delivery, reason }]);

/** The same for several, in two round trips. */
export async function tellAllUndelivered(ctx: Ctx, undelivered: readonly { delivery: Delivery; reason: string }[]): Promise<void> {
  const notices = undelivered.flatMap(({ delivery, reason }) => {
    if (isNotice(delivery.kind) || delivery.chat || !delivery.personId) return [];
    const data = { personId: delivery.personId.toString(), about: delivery.kind, taskCode: delivery.taskCode, meetingCode: delivery.meetingCode, reason };
    return [{ key: keys.deliveryDead(delivery.key), kind: 'delivery-dead', lane: delivery.lane === 'urgent' ? 'urgent' : 'normal', data } as const];
  });
  if (notices.length > 0) await tell(ctx, ...notices);
}

/** A message was due to people of whom there are none, such as an agency without a leader or officer: the office is told once. */
export async function tellNobodyThere(ctx: Ctx, intent: Pick<Intent, 'key' | 'kind' | 'data' | 'lane'>): Promise<void> {
  ctx.log.warn({ event: 'intents.nobody', key: intent.key, kind: intent.kind });
  if (isNotice(intent.kind)) return;
  const code = (name: string) => (typeof intent.data[name] === 'string' ? intent.data[name] : null);
  const data = { about: intent.kind, taskCode: code('taskCode'), meetingCode: code('meetingCode') };
  await tell(ctx, { key: keys.nobody(intent.key), kind: 'nobody-there', lane: intent.lane, data });
}

/** An urgent message was taken by every channel there is, and nobody answers: the office is told once, with whom to call. */
export async function tellSilent(ctx: Ctx, delivery: Delivery): Promise<void> {
  if (isNotice(delivery.kind) || !delivery.personId) return;
  const data = { personId: delivery.personId.toString(), about: delivery.kind, taskCode: delivery.taskCode, meetingCode: delivery.meetingCode };
  await tell(ctx, { key: keys.silent(delivery.key), kind: 'silent', lane: 'urgent', data });
}

/** Somebody is away for good and nobody acts for them, or deputies point in a circle: the office is told once a day for each of them. */
export async function tellPersonGone(ctx: Ctx, delivery: Delivery, trouble: string): Promise<void> {
  if (isNotice(delivery.kind) || !delivery.personId) return;
  const personId = delivery.personId.toString();
  const data = { personId, about: delivery.kind, taskCode: delivery.taskCode, meetingCode: delivery.meetingCode, trouble };
  await tell(ctx, { key: keys.personGone(personId, localDateOf(ctx.clock.now())), kind: 'person-gone', lane: delivery.lane === 'urgent' ? 'urgent' : 'normal', data });
}

/** A chat is gone: its link is marked until the person returns, and the office is told once. */
export async function markChatDead(ctx: Ctx, chat: { channel: Channel; to: string }, code: string): Promise<void> {
  if (chat.channel === 'email') return markMailboxDead(ctx, chat.to, code);
  if (!isChatChannel(chat.channel)) return;
  const link = await ctx.db.ChatLink.findOne({ channel: chat.channel, chatId: chat.to, deadAt: null }).lean<ChatLink>();
  if (!link) return;
  // Told first: a crash in between tells again under the same key.
  const data = { personId: link.personId.toString(), channel: chat.channel };
  await tell(ctx, { key: keys.chatDead(link._id.toString(), link.lastInboundAt), kind: 'chat-dead', lane: 'normal', data });
  // Somebody who wrote meanwhile is alive.
  await ctx.db.ChatLink.updateOne({ _id: link._id, lastInboundAt: link.lastInboundAt }, { $set: { deadAt: ctx.clock.now(), deadReason: code } });
}

/** A mail address is gone: whoever has it gets no mail there until it is edited or writes to us, and the office is told. */
export async function markMailboxDead(ctx: Ctx, address: string, code: string): Promise<void> {
  const now = ctx.clock.now();
  const gone = { email: address, 'emailDead.address': { $ne: address } };
  const people = await ctx.db.Person.find(gone, { _id: 1 }).lean<Pick<Person, '_id'>[]>();
  const agencies = await ctx.db.Agency.find(gone, { code: 1 }).lean<Pick<Agency, 'code'>[]>();
  const notice = (owner: string, whose: Record<string, string>): Notice =>
    ({ key: keys.mailboxDead(owner, address, localDateOf(now)), kind: 'chat-dead', lane: 'normal', data: { ...whose, channel: 'email', address } });
  const notices = [...people.map(({ _id }) => notice(String(_id), { personId: String(_id) })), ...agencies.map(({ code: agency }) => notice(agency, { agencyCode: agency }))];
  // Told first: a crash in between tells again under the same keys.
  if (notices.length > 0) await tell(ctx, ...notices);
  const mark = { $set: { emailDead: { address, at: now, code } } };
  await ctx.db.Person.updateMany(gone, mark);
  await ctx.db.Agency.updateMany(gone, mark);
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

interface Notice {
  key: string;
  kind: NoticeKind;
  lane: Lane;
  data: Record<string, string | number | null>;
  /** Follows from what a person did just now: leaves on days off too. */
  asked?: Asked;
}

/** Tells everybody of the Office, each under the notice's key and their own: once, however often it is asked for. */
export async function tell(ctx: Ctx, ...notices: Notice[]): Promise<void> {
  const office = await officeStaff(ctx);
  for (const { kind } of notices) ctx.log.warn({ event: `delivery.${kind}`, office: office.length });
  const placeOf = await placesInSwarm(ctx, office, notices);
  await enqueueAll(ctx, notices.flatMap((notice) => office.map((person) => {
    const personId = person._id.toString();
    return { ...notice, key: keys.forPerson(notice.key, personId), personId, ...placeOf(person, notice) };
  })));
}
