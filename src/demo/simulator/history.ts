import type { Ctx } from '../../context.js';
import type { Delivery } from '../../delivery/delivery.model.js';
import type { Task } from '../../directives/task.model.js';
import type { Channel } from '../../kernel/channels.js';
import type { ChatLink } from '../../people/links/chat-link.model.js';
import type { Person } from '../../people/person.model.js';
import { encodeSms } from '../../texts/sms/encode.js';
import { linked } from '../../texts/link-texts.js';
import { progressSaved } from '../../texts/progress-texts.js';
import type { PhoneMessage } from '../providers/phone-network.js';
import { smsNote } from './networks.js';
import { pastCard, zbsAddresses } from './past-cards.js';

/** Begins the ids of messages from before the opening: they can be read, not tapped. */
export const HISTORY = 'lich-su:';
const MOST = 60;
/** An answer came so soon. */
const ANSWERED_MS = 2_000;

export type History = (phone: { channel: Channel; userId: string }) => Promise<PhoneMessage[]>;

const line = (id: string, from: PhoneMessage['from'], text: string, at: Date): PhoneMessage => ({ id: `${HISTORY}${id}`, from, text, at, buttons: [], edited: false });

/**
 * What a phone shows of the weeks before the opening, from the ledger: the greeting when it was linked, what was sent to it,
 * and what its owner reported from it. The stand-in providers begin empty; their own messages follow.
 */
export const historyFrom = (ctx: Ctx): History => async ({ channel, userId }) => {
  const to = channel === 'zbs' ? await zbsAddresses(ctx, userId) : [userId];
  const sent = await ctx.db.Delivery.find({ channel, to: { $in: to }, providerId: /^minh-hoa:/ }).sort({ acceptedAt: -1 }).limit(MOST).lean<Delivery[]>();
  const files = await filesIn(ctx, sent);
  const received = await Promise.all(sent.map(async (d) => (channel === 'sms' ? sms(d) : { ...line(d.key, 'bot', d.text ?? '', d.acceptedAt ?? d.createdAt), ...(channel === 'zbs' ? await pastCard(ctx, d) : channel === 'zalo-bot' ? {} : files.get(String(d.data['fileId']))) })));
  const link = await ctx.db.ChatLink.findOne({ channel: channel as ChatLink['channel'], chatId: userId }).lean<ChatLink>();
  const owner = link && (await ctx.db.Person.findById(link.personId).lean<Person>());
  const greeting = link && owner ? [line(`link:${userId}`, 'bot', linked(owner).text, link.linkedAt)] : [];
  const said = owner ? await reportsOf(ctx, owner, channel) : [];
  return [...greeting, ...said, ...received].sort((a, b) => a.at.getTime() - b.at.getTime());
};

/** The files that went with them, by id. */
async function filesIn(ctx: Ctx, sent: readonly Delivery[]): Promise<Map<string, Pick<PhoneMessage, 'attachment'>>> {
  const ids = sent.flatMap(({ data }) => (typeof data['fileId'] === 'string' ? [data['fileId']] : []));
  const files = ids.length > 0 ? await ctx.db.StoredFile.find({ _id: { $in: ids } }, { name: 1, size: 1 }).lean() : [];
  return new Map(files.map(({ _id, name, size }) => [_id.toString(), { attachment: { name, size } }]));
}

function sms(delivery: Delivery): PhoneMessage {
  const text = encodeSms(delivery.text ?? '', { unicode: false, maxParts: 3, note: ' ...' }).text;
  return { ...line(delivery.key, 'bot', text, delivery.acceptedAt ?? delivery.createdAt), note: smsNote(text, false) };
}

/** Each report as it was typed, and the answer it got. */
async function reportsOf(ctx: Ctx, { _id }: Person, channel: Channel): Promise<PhoneMessage[]> {
  const personId = _id.toString();
  const tasks = await ctx.db.Task.find({ progress: { $elemMatch: { 'by.personId': personId, 'by.channel': channel, cause: /^demo:/ } } }).lean<Task[]>();
  return tasks.flatMap((task) =>
    task.progress.flatMap((entry, i) => {
      const { by, cause, percent, note, at } = entry;
      if (by.personId !== personId || by.channel !== channel || !cause.startsWith('demo:')) return [];
      const answer = progressSaved(task, entry, { before: task.progress[i - 1]?.percent }).text;
      return [line(cause, 'user', `/capnhat ${task.code} ${percent}% ${note}`.trim(), at), line(`reply:${cause}`, 'bot', answer, new Date(at.getTime() + ANSWERED_MS))];
    }),
  );
}
