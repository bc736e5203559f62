import type { Ctx } from '../src/context.js';
import type { Delivery } from '../src/delivery/delivery.model.js';
import type { InboundMessage } from '../src/inbox/inbound.js';
import { DomainError } from '../src/kernel/errors.js';
import type { ChatLink } from '../src/people/links/chat-link.model.js';
import type { Person } from '../src/people/person.model.js';
import { personActor } from '../src/people/receivers.js';
import { setAwaiting } from '../src/people/links/who-is.js';
import { attachmentNotKept, meetingWordsNotUnderstood, notUnderstood, refused, unknownCommand, withFileNotKept } from '../src/texts/chat-texts.js';
import { alreadyLinked, welcomeBack } from '../src/texts/link-texts.js';
import type { Message } from '../src/texts/message.js';
import { mayAnswer, type Automatic } from './answer-limit.js';
import { linkCommands } from './answer-stranger.js';
import type { Command } from './commands/command.js';
import { findCommand, readCommand } from './commands/index.js';
import { findLinkCommand } from './commands/link-command.js';

/** Whose chat it is. */
export interface Known {
  person: Person;
  link: ChatLink;
}

/** What a linked person hears; undefined: silence. Only rules' "no" is answered here, everything else bubbles up. */
export async function answerPerson(ctx: Ctx, message: InboundMessage, known: Known): Promise<Message | undefined> {
  if (message.kind === 'contact') return alreadyLinked(known.person);
  if (message.kind === 'follow') return known.link.deadAt ? welcomeBack(known.person) : undefined;
  const words = (message.text ?? '').trim();
  if (message.kind !== 'attachment') return answerWords(ctx, message, known, words);
  if (words === '') return limited(ctx, message, 'attachment', attachmentNotKept());
  const answer = await answerWords(ctx, message, known, words);
  return answer && withFileNotKept(answer);
}

async function answerWords(ctx: Ctx, message: InboundMessage, known: Known, words: string): Promise<Message | undefined> {
  const call = readCommand(words);
  if (!call) return answerPlainText(ctx, message, known, words);
  const link = findLinkCommand(call, linkCommands);
  if (link) return (await link.command.run(ctx, message, { text: link.text, person: known.person })).message;
  if (!call.command) return limited(ctx, message, 'unknown-command', unknownCommand(call.name));
  const task = (await taskAnswered(ctx, message)) ?? awaited(ctx, known.link) ?? (call.command === findCommand('capnhat') ? await reportedBefore(ctx, known.person) : undefined);
  return run(ctx, call.command, known, { text: call.text, task });
}

/** Words without a command are a report if they answer a task's message or if we asked for one; else we ask. */
async function answerPlainText(ctx: Ctx, message: InboundMessage, known: Known, words: string): Promise<Message | undefined> {
  const about = await answered(ctx, message);
  if (about?.meetingCode && words !== '') return limited(ctx, message, 'hint', meetingWordsNotUnderstood(about.meetingCode));
  const task = about?.taskCode ?? awaited(ctx, known.link) ?? (await reportedBefore(ctx, known.person));
  const report = findCommand('capnhat');
  if (!task || !report || words === '') return limited(ctx, message, 'hint', notUnderstood());
  return run(ctx, report, known, { text: words, task });
}

async function run(ctx: Ctx, command: Command, { person, link }: Known, { text, task }: { text: string; task: string | undefined }): Promise<Message> {
  try {
    return await command.run(ctx, personActor(person, link.channel), { text, link, ...(task ? { replyTask: task } : {}) });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // A matter that is over will not take the next words either.
    if (link.awaiting && /^(task-(unknown|not-yours|closed)|forbidden)$/.test(error.code)) await setAwaiting(ctx, link, null);
    return refused(error);
  }
}

/** The task of our message that this one answers or whose button was tapped. */
async function taskAnswered(ctx: Ctx, message: InboundMessage): Promise<string | undefined> {
  return (await answered(ctx, message))?.taskCode ?? undefined;
}

/** Our message that this one answers. */
async function answered(ctx: Ctx, { channel, chatId, replyTo }: InboundMessage): Promise<Pick<Delivery, 'taskCode' | 'meetingCode'> | null> {
  return replyTo ? ctx.db.Delivery.findOne({ channel, to: chatId, providerId: replyTo }).sort({ createdAt: -1 }).lean<Delivery>() : null;
}

const awaited = (ctx: Ctx, link: ChatLink): string | undefined =>
  link.awaiting && link.awaiting.until > ctx.clock.now() ? link.awaiting.taskCode : undefined;

/**
 * The task this very message was written down for before a crash kept its answer from leaving; the wait for it is over by
 * then, and without this the second run would say that nothing was recorded.
 */
async function reportedBefore(ctx: Ctx, { agencyCode }: Person): Promise<string | undefined> {
  const task = await ctx.db.Task.findOne({ leadAgencyCode: agencyCode, 'progress.cause': ctx.cause }, { code: 1 }).lean();
  return task?.code;
}

async function limited(ctx: Ctx, chat: InboundMessage, kind: Automatic, answer: Message): Promise<Message | undefined> {
  return (await mayAnswer(ctx, chat, kind)) ? answer : undefined;
}
