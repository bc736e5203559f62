import { because, type Ctx } from '../src/context.js';
import type { DownloadOn } from '../src/inbox/download.js';
import type { AnyInbound, InboundMessage } from '../src/inbox/inbound.js';
import { findByChat, touchChat } from '../src/people/links/who-is.js';
import { privateChatsOnly } from '../src/texts/link-texts.js';
import { mayAnswer, unlessMachine } from './answer-limit.js';
import { answerMail } from './answer-mail.js';
import { answerPerson } from './answer-person.js';
import { answerSms } from './answer-sms.js';
import { answerStranger } from './answer-stranger.js';
import { answerEdit } from './edited-words.js';
import { reply } from './reply.js';

/**
 * Works on one stored message: who is it, which command, what is the answer. Knows no channel. Repeating it changes
 * nothing: facts and the answer are keyed by `<channel>:<message id>`. Rejects only for faults; the inbox then tries again.
 */
export async function handleInbound(outer: Ctx, message: AnyInbound, downloadOn: DownloadOn = () => undefined): Promise<void> {
  const ctx = because(outer, `${message.channel}:${message.messageId}`);
  if (message.channel === 'sms') return answerSms(ctx, message);
  if (message.channel === 'email') return answerMail(ctx, message, downloadOn('email'));
  if (message.kind === 'unfollow') return markGone(ctx, message);
  if (message.kind === 'edited') return answerEdit(ctx, message);
  if (message.group) return refuseGroup(ctx, message);
  const known = await findByChat(ctx, message.channel, message.chatId);
  if (known) await touchChat(ctx, message.channel, message.chatId);
  const answer = known ? await answerPerson(ctx, message, known, downloadOn(message.channel)) : await answerStranger(ctx, message);
  // Strangers have limits of their own.
  const leaving = answer && known ? await unlessMachine(ctx, message, answer) : answer;
  if (leaving) await reply(ctx, message, leaving, known?.person._id.toString());
}

/** The person left the bot: other channels take over until they write again. */
async function markGone(ctx: Ctx, { channel, chatId }: InboundMessage): Promise<void> {
  await ctx.db.ChatLink.updateOne({ channel, chatId, deadAt: null }, { $set: { deadAt: ctx.clock.now(), deadReason: 'unfollowed' } });
}

async function refuseGroup(ctx: Ctx, message: InboundMessage): Promise<void> {
  if (await mayAnswer(ctx, message, 'group')) await reply(ctx, message, privateChatsOnly());
}
