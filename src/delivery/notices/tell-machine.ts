import type { Ctx } from '../../context.js';
import type { AnswerChannel } from '../../kernel/channels.js';
import { localDateOf } from '../../kernel/local-date.js';
import { findByChat } from '../../people/links/who-is.js';
import { findMailWriter } from '../../people/mail-writer.js';
import { keys } from '../keys.js';
import { tell } from './tell-office.js';

interface Chat {
  channel: AnswerChannel;
  chatId: string;
}

/** So much of one chat waits that more is refused: the office is told once a day, with whose chat it is. */
export const tellChatFull = (ctx: Ctx, chat: Chat): Promise<void> => tellAbout(ctx, 'chat-full', chat, null);

/** A chat is answered no more for now: the office is told once a day, with whose chat it is and `code`, what it was about last. */
export const tellAnswersStopped = (ctx: Ctx, chat: Chat, code: string | null): Promise<void> => tellAbout(ctx, 'answers-stopped', chat, code);

async function tellAbout(ctx: Ctx, kind: 'chat-full' | 'answers-stopped', chat: Chat, code: string | null): Promise<void> {
  const key = keys.machineTalk(kind, chat, localDateOf(ctx.clock.now()));
  const about = { taskCode: code?.startsWith('NV-') ? code : null, meetingCode: code?.startsWith('HOP-') ? code : null };
  await tell(ctx, { key, kind, lane: 'normal', data: { channel: chat.channel, ...about, ...(await whoseChat(ctx, chat)) } });
}

/** For the notice's renderer: a person, an agency's mailbox, or a phone several or none have. */
async function whoseChat(ctx: Ctx, chat: Chat): Promise<Record<string, string>> {
  if (chat.channel === 'email') {
    const writer = await findMailWriter(ctx, chat.chatId);
    return { ...(writer?.personId ? { personId: writer.personId } : {}), ...(writer?.agencyCode ? { agencyCode: writer.agencyCode } : {}) };
  }
  if (chat.channel === 'sms') {
    const holders = await ctx.db.Person.find({ phone: chat.chatId, active: true }, { _id: 1 }).limit(2).lean();
    const [only] = holders.length === 1 ? holders : [];
    return { phone: chat.chatId, ...(only ? { personId: String(only._id) } : {}) };
  }
  const known = await findByChat(ctx, chat.channel, chat.chatId);
  return known ? { personId: String(known.person._id) } : {};
}
