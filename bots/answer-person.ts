import type { Ctx } from '../src/context.js';
import type { Delivery } from '../src/delivery/delivery.model.js';
import type { Download } from '../src/inbox/download.js';
import type { InboundMessage } from '../src/inbox/inbound.js';
import { yearOf } from '../src/kernel/local-date.js';
import { placeOf, tellingKinds } from '../src/meetings/was-told.js';
import type { ChatLink } from '../src/people/links/chat-link.model.js';
import type { Person } from '../src/people/person.model.js';
import { keepPhoneHint } from '../src/people/links/phone-hints.js';
import { proveByContact } from '../src/people/phones/prove-by-contact.js';
import { personActor } from '../src/people/receivers.js';
import { meetingWordsNotUnderstood, noMeetingToAnswer, notUnderstood, unknownCommand, whichMeeting } from '../src/texts/chat-texts.js';
import { questionAgain, whichChoice } from '../src/texts/choice-texts.js';
import { fileWithoutTask } from '../src/texts/file-texts.js';
import { alreadyLinked, welcomeBack } from '../src/texts/link-texts.js';
import { forPlace } from '../src/texts/meeting-texts.js';
import type { Message } from '../src/texts/message.js';
import { phoneConfirmed } from '../src/texts/phone-texts.js';
import { aboutNamedMeeting, askAbout, codedMeeting, taskOrInvitation } from './about-meeting.js';
import { filesAlone, wordsWithFiles } from './answer-files.js';
import { mayAnswer, type Automatic } from './answer-limit.js';
import { linkCommands } from './answer-stranger.js';
import { capnhat } from './commands/capnhat.js';
import { chitiet } from './commands/chitiet.js';
import { AWAITING_MS, type MeetingPlace } from './commands/command.js';
import { agrees, readBareAnswer, readComing } from './commands/coming-words.js';
import { hop } from './commands/hop.js';
import { readCommand } from './commands/index.js';
import { findLinkCommand } from './commands/link-command.js';
import { onlyPresides, ownCodes } from './commands/own-codes.js';
import { parseProgress } from './commands/parse-progress.js';
import { vang } from './commands/vang.js';
import { xacnhan } from './commands/xacnhan.js';
import { keepWords } from './kept-words.js';
import { lastShown } from './last-shown.js';
import { invitationMeant, isReceivedLabel } from './open-invitation.js';
import { offerTasks } from './offer-tasks.js';
import { run } from './run-command.js';
import { smallTalk } from './small-talk.js';
import { askedNow, meaningOf, namesTask, type Meant } from './plain-words.js';
import { closeUnlinkQuestion } from './unlink-question.js';
import { keepUnreadChat } from './unread-chat.js';
import { askedJustNow, askWhichMeeting } from './which-meeting.js';

/** Whose chat it is. */
export interface Known {
  person: Person;
  link: ChatLink;
  /** Files came along with the words. */
  files?: true;
}

/** What a linked person hears; undefined: silence. Only rules' "no" is answered here, everything else bubbles up. */
export async function answerPerson(ctx: Ctx, message: InboundMessage, known: Known, download?: Download): Promise<Message | undefined> {
  if (message.kind === 'contact') return ownNumber(ctx, message, known);
  if (message.kind === 'follow') return known.link.deadAt ? welcomeBack(known.person) : undefined;
  return answerSaid(ctx, message, known, download);
}

async function answerSaid(ctx: Ctx, message: InboundMessage, asked: Known, download: Download | undefined): Promise<Message | undefined> {
  const { known, answer } = await closeUnlinkQuestion(ctx, message, asked, await answered(ctx, message));
  if (answer) return answer;
  if (message.choices) return limited(ctx, message, 'hint', whichChoice(message.choices, { typed: message.text ?? '', year: yearOf(ctx.clock.now()) }));
  const words = (message.text ?? '').trim();
  if (message.kind !== 'attachment') return answerWords(ctx, message, known, words);
  const from = { person: known.person, download };
  if (words === '') {
    const about = await answered(ctx, message);
    const aboutMeeting = Boolean(about?.meetingCode && !about.taskCode);
    const task = about?.taskCode ?? (aboutMeeting ? undefined : awaited(ctx, known.link));
    return (await filesAlone(ctx, message, { ...from, task, aboutMeeting })) ?? limited(ctx, message, 'attachment', fileWithoutTask());
  }
  const said = await answerWords(ctx, message, { ...known, files: true }, words);
  return said && wordsWithFiles(ctx, message, said, from);
}

/** The own number, shared once more, proves it; everything else of the kind changes nothing. */
async function ownNumber(ctx: Ctx, { channel, chatId, senderId, contact }: InboundMessage, { person }: Known): Promise<Message> {
  if (channel === 'zalo' && contact && !contact.ownerId) await keepPhoneHint(ctx, { channel, chatId, phone: contact.phone });
  const proven = contact ? await proveByContact(ctx, person, { channel, phone: contact.phone, isOwn: contact.ownerId !== undefined && contact.ownerId === senderId }) : false;
  return proven ? phoneConfirmed() : alreadyLinked(person);
}

async function answerWords(ctx: Ctx, message: InboundMessage, known: Known, words: string): Promise<Message | undefined> {
  const call = readCommand(words);
  if (!call) return answerPlainText(ctx, message, known, words);
  const link = findLinkCommand(call, linkCommands);
  if (link) return (await link.command.run(ctx, message, { text: link.text, person: known.person })).message;
  if (!call.command) return limited(ctx, message, 'unknown-command', unknownCommand(call.name));
  const task = (await taskAnswered(ctx, message)) ?? awaited(ctx, known.link) ?? (call.command === capnhat ? await reportedBefore(ctx, known.person) : undefined);
  return run(ctx, call.command, known, { text: call.text, task, place: placeAnswered(await answered(ctx, message)) });
}

/** Words without a command: what they answer, what they name, what we asked for; else we ask. */
async function answerPlainText(ctx: Ctx, message: InboundMessage, known: Known, words: string): Promise<Message | undefined> {
  const about = await answered(ctx, message);
  const meant = words === '' ? ({ kind: 'nothing' } as const) : meaningOf(ctx, known.link, words, about);
  const asked = about || message.replyTo ? undefined : ((await againAsked(ctx, known, words, meant)) ?? (await doubt(ctx, known, words, meant)));
  if (asked) return limited(ctx, message, 'hint', asked);
  const small = meant.kind === 'report' ? await smallTalk(ctx, message, known, { words, awaited: meant.task, reports: true }) : undefined;
  if (small) return small.answer;
  if (meant.kind === 'meeting') return limited(ctx, message, 'hint', await aboutMeeting(ctx, known, { words, meant, about }));
  if (meant.kind === 'absence') return run(ctx, vang, known, { text: `${meant.meetingCode}${forPlace(meant.place)} ${words}`, task: undefined });
  if (meant.kind === 'details') return run(ctx, chitiet, known, { text: words, task: undefined });
  if (meant.kind === 'report') return run(ctx, capnhat, known, { text: words, task: meant.task });
  return (await writtenBefore(ctx, known, words)) ?? (await plainAnswer(ctx, message, known, words)) ?? (await otherWords(ctx, message, known, words));
}

/** Words in answer to an invitation: its buttons, with the words behind the one they seem to mean. */
async function aboutMeeting(ctx: Ctx, { person, link }: Known, { words, meant, about }: { words: string; meant: Extract<Meant, { kind: 'meeting' }>; about: Answers | null }): Promise<Message> {
  const place = otherThan(person, meant.place ?? placeAnswered(about)?.place);
  const coming = place ? undefined : readComing(words);
  const kept = coming && coming.note !== '' && coming.says !== 'either' ? { words: coming.note, token: await keepWords(ctx, link, coming.note), on: coming.says } : undefined;
  return meetingWordsNotUnderstood(meant.meetingCode, ctx.clock.now(), place, kept);
}

/** "Có", "đúng rồi" where a report is awaited and something else was asked since: the same choices once more, and nothing else. */
async function againAsked(ctx: Ctx, { link }: Known, words: string, meant: Meant): Promise<Message | undefined> {
  const asked = askedNow(ctx, link);
  if (meant.kind !== 'report' || asked?.kind !== 'progress' || !agrees(words)) return undefined;
  const shown = await lastShown(ctx, link, new Date(asked.until.getTime() - AWAITING_MS));
  return shown ? questionAgain(shown.choices, { words, year: yearOf(ctx.clock.now()) }) : undefined;
}

/** Words that may be meant for another matter than the one awaited: the question to ask. Nothing is written. */
async function doubt(ctx: Ctx, known: Known, words: string, meant: Meant): Promise<Message | undefined> {
  if (meant.kind === 'details' || namesTask(words)) return undefined;
  const awaitedMeeting = 'meetingCode' in meant ? meant.meetingCode : undefined;
  const named = await aboutNamedMeeting(ctx, known, { words, awaitedMeeting });
  if (named || meant.kind !== 'report' || !meant.task) return named;
  return taskOrInvitation(ctx, known, { words, task: meant.task });
}

/** Nothing they could answer: a report without its task is offered the open ones, the rest gets the form. */
async function otherWords(ctx: Ctx, message: InboundMessage, known: Known, words: string): Promise<Message | undefined> {
  const small = await smallTalk(ctx, message, known, { words });
  if (small) return small.answer;
  const coded = message.replyTo ? undefined : codedMeeting(words);
  if (coded) return coded.said === '' ? run(ctx, hop, known, { text: words, task: undefined }) : limited(ctx, message, 'hint', await askAbout(ctx, known, coded));
  const offered = message.replyTo ? undefined : await offerTasks(ctx, known, words);
  return limited(ctx, message, 'hint', offered ?? (readComing(words) ? noMeetingToAnswer() : await hint(ctx, known)));
}

/** "Đã nhận", "tôi sẽ dự" without a reply, where an invitation can be meant. */
async function plainAnswer(ctx: Ctx, message: InboundMessage, known: Known, words: string): Promise<Message | undefined> {
  // A reply to a message of ours that is about something else is not about the meeting.
  if (message.replyTo) return undefined;
  const meant = await invitationMeant(ctx, known.person, words);
  if (meant?.tap) return run(ctx, xacnhan, known, { text: meant.meeting.code, task: undefined });
  if (meant) return limited(ctx, message, 'hint', whichMeeting(meant.meeting, ctx.clock.now()));
  const read = parseProgress(words);
  if ('percent' in read && read.percent !== undefined) return undefined;
  const actor = personActor(known.person, known.link.channel);
  const coming = readComing(words) ?? ((await askedJustNow(ctx, actor)) ? readBareAnswer(words) : undefined);
  const asked = coming && (await askWhichMeeting(ctx, actor, { link: known.link, coming }));
  return asked && limited(ctx, message, 'hint', asked);
}

/** What to type instead, with a code of the reader's own. */
async function hint(ctx: Ctx, { person, link }: Known): Promise<Message> {
  const actor = personActor(person, link.channel);
  return notUnderstood({ ...(await ownCodes(ctx, actor)), presides: await onlyPresides(ctx, actor) });
}

/**
 * What this very message was written down for before a crash kept its answer from leaving; the wait for it is over by then,
 * and without this the second run would say that nothing was recorded.
 */
async function writtenBefore(ctx: Ctx, known: Known, words: string): Promise<Message | undefined> {
  const task = await reportedBefore(ctx, known.person);
  if (task) return run(ctx, capnhat, known, { text: words, task });
  const meeting = await ctx.db.Meeting.findOne({ 'attendees.personId': known.person._id, causes: ctx.cause }, { code: 1 }).lean();
  if (meeting && isReceivedLabel(words)) return run(ctx, xacnhan, known, { text: meeting.code, task: undefined });
  return meeting ? run(ctx, vang, known, { text: `${meeting.code} ${words}`, task: undefined }) : undefined;
}

/** The task of our message that this one answers or whose button was tapped. */
async function taskAnswered(ctx: Ctx, message: InboundMessage): Promise<string | undefined> {
  return (await answered(ctx, message))?.taskCode ?? undefined;
}

type Answers = Pick<Delivery, 'kind' | 'taskCode' | 'meetingCode' | 'personId' | 'behalfOf' | 'data'>;

/** Whom an invitation answered here invites. Buttons below other messages say it themselves. */
function placeAnswered(about: Answers | null): MeetingPlace | undefined {
  const invites = about?.meetingCode && (tellingKinds as readonly string[]).includes(about.kind) && about.data['deputy'] !== true;
  return invites && about.meetingCode ? { meetingCode: about.meetingCode, place: placeOf(about) } : undefined;
}

const otherThan = (person: Person, place: string | undefined): string | undefined => (place === String(person._id) ? undefined : place);

/** Our message that this one answers. */
async function answered(ctx: Ctx, { channel, chatId, replyTo }: InboundMessage): Promise<Answers | null> {
  return replyTo ? ctx.db.Delivery.findOne({ channel, to: chatId, providerId: replyTo }).sort({ createdAt: -1 }).lean<Delivery>() : null;
}

function awaited(ctx: Ctx, link: ChatLink): string | undefined {
  const asked = askedNow(ctx, link);
  return asked?.kind === 'progress' ? asked.taskCode : undefined;
}

/** The task this very message was a report on. */
async function reportedBefore(ctx: Ctx, { _id }: Person): Promise<string | undefined> {
  const task = await ctx.db.Task.findOne({ progress: { $elemMatch: { cause: ctx.cause, 'by.personId': _id.toString() } } } as never, { code: 1 }).lean();
  return task?.code;
}

async function limited(ctx: Ctx, chat: InboundMessage, kind: Automatic, answer: Message): Promise<Message | undefined> {
  if (kind === 'hint') await keepUnreadChat(ctx, chat, answer);
  return (await mayAnswer(ctx, chat, kind)) ? answer : undefined;
}
