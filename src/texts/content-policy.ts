import { secretNoticeText } from './common-texts.js';
import type { Message } from './message.js';

/** What a message is, as far as it decides how much of it may leave. */
export type MessageClass = 'task' | 'meeting' | 'digest' | 'notice' | 'reply' | 'other';
/** Where it goes: the person's own chat, their mailbox, or the lock screen of a phone that others may see. */
export type Reach = 'chat' | 'mail' | 'phone';
/** All of it; a code and what to do (by SMS with an excerpt); "there is something, please sign in"; not even that. */
export type Amount = 'full' | 'short' | 'neutral' | 'nothing';

/**
 * How much may leave, for matters that are not secret. On a phone's lock screen a task is its code and what to do; by SMS an
 * excerpt of what it is about stands below (SMS_TASK_EXCERPT, excerpt.ts), because an official who has SMS only must know
 * what he confirms, as systems in use send the matter and keep back what is secret. A meeting is said in full, because whoever
 * is called away has to know to what. Blanks of approved templates are filled as the office chose them in the catalogue.
 * Notices name officials and their telephones, since somebody has to call.
 */
const open: Readonly<Record<MessageClass, Readonly<Record<Reach, Amount>>>> = {
  task: { chat: 'full', mail: 'full', phone: 'short' },
  meeting: { chat: 'full', mail: 'full', phone: 'full' },
  digest: { chat: 'full', mail: 'full', phone: 'short' },
  notice: { chat: 'full', mail: 'full', phone: 'full' },
  reply: { chat: 'full', mail: 'full', phone: 'full' },
  other: { chat: 'full', mail: 'full', phone: 'full' },
};

/** Secret documents never leave, whatever the channel; an answer to somebody who asks says at least where to look. */
const secret: Readonly<Record<'neutral' | 'none', Readonly<Record<MessageClass, Amount>>>> = {
  neutral: { task: 'neutral', meeting: 'neutral', digest: 'neutral', notice: 'neutral', reply: 'neutral', other: 'neutral' },
  none: { task: 'nothing', meeting: 'nothing', digest: 'nothing', notice: 'nothing', reply: 'neutral', other: 'nothing' },
};

const reaches: Readonly<Record<string, Reach>> = { sms: 'phone', zbs: 'phone', email: 'mail' };

/** The class of a kind of message ("task-reminder" -> "task"); notices are named by the room that says them. */
export function classOf(kind: string, isNotice: (kind: string) => boolean): MessageClass {
  if (isNotice(kind) || kind === 'meeting-unanswered') return 'notice';
  if (kind === 'reply' || kind === 'digest') return kind;
  if (kind.startsWith('task-')) return 'task';
  return kind.startsWith('meeting-') ? 'meeting' : 'other';
}

/** How much of a message of this class may leave by this channel. `secrets`: the setting SECRET_NOTICES. */
export const amountFor = (what: { class: MessageClass; secret: boolean; channel: string }, secrets: 'neutral' | 'none'): Amount =>
  what.secret ? secret[secrets][what.class] : open[what.class][reaches[what.channel] ?? 'chat'];

/** What an answer says of a secret matter. */
export const NEUTRAL_ANSWER = 'Việc này chỉ xem và cập nhật trên hệ thống, mời đồng chí đăng nhập.';

/** The message as it may leave. "nothing" is the caller's matter. `publicUrl`: where people sign in. */
export function reduced(message: Message, amount: Exclude<Amount, 'nothing'>, kind: MessageClass, publicUrl?: string): Message {
  if (amount === 'full') return message;
  const what = message.kind ? { kind: message.kind } : {};
  if (amount === 'neutral') return { ...what, text: kind === 'reply' ? NEUTRAL_ANSWER : secretNoticeText(publicUrl), subject: 'Có việc mới', params: {}, onlyInSystem: true };
  const { params, buttons, thread } = message;
  return {
    ...what,
    text: message.short ?? message.text.split('\n').slice(0, 2).join('\n'),
    ...(buttons ? { buttons } : {}),
    ...(thread ? { thread } : {}),
    ...(params ? { params } : {}),
  };
}
