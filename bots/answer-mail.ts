import type { Ctx } from '../src/context.js';
import type { Delivery } from '../src/delivery/delivery.model.js';
import { enqueue } from '../src/delivery/enqueue.js';
import { keys } from '../src/delivery/keys.js';
import type { Download } from '../src/inbox/download.js';
import type { CalendarReply, InboundMail } from '../src/inbox/inbound.js';
import { isKept, keepUnread } from '../src/inbox/keep-unread.js';
import { DomainError } from '../src/kernel/errors.js';
import { editionOfVersion } from '../src/meetings/change-meeting.js';
import type { Meeting } from '../src/meetings/meeting.model.js';
import { placeOf, tellingKinds } from '../src/meetings/was-told.js';
import type { Actor } from '../src/people/actor.js';
import { reviveMailbox } from '../src/people/mailbox.js';
import { findMailWriter, type MailWriter } from '../src/people/mail-writer.js';
import { meetingWordsNotUnderstood, notUnderstood, refused, unknownCommand } from '../src/texts/chat-texts.js';
import { asLetter, calendarOfAnother, filesNotKept, fromOtherAddress, letterNamesAnother, letterNotUnderstood, letterOfAnother, mailboxAnswersNoMeeting } from '../src/texts/mail-texts.js';
import type { MeetingAnswer } from '../src/texts/answer-texts.js';
import { automaticWords } from '../src/texts/machine-texts.js';
import type { Message } from '../src/texts/message.js';
import { filesAlone, wordsWithFiles } from './answer-files.js';
import { mayAnswer, unlessMachine, type Automatic } from './answer-limit.js';
import { asksExtension } from './commands/asks-extension.js';
import { findCommand, readCommand } from './commands/index.js';
import { parseProgress } from './commands/parse-progress.js';
import { readAttendance } from './commands/read-attendance.js';
import { otherMeetingNamed } from './other-meeting.js';
import { refOf } from './commands/which-task.js';

/** An answer nobody waited for any more only confuses; mail is read later than chats. */
const STALE_MS = 48 * 3_600_000;

const commandOf: Readonly<Record<MeetingAnswer, string>> = { received: 'xacnhan', attending: 'thamdu', absent: 'vang' };

/**
 * Works on one mail whose reply address was signed by us. It also has to come from the address on record of the person or
 * agency that address names; else nothing is written and only the address on record hears of it, once an hour. Answers go
 * to the address on record, never to the sender line; a machine's letter is noted and not answered. Repeating it changes nothing.
 */
export async function answerMail(ctx: Ctx, mail: InboundMail, download?: Download): Promise<void> {
  const writer = await findMailWriter(ctx, mail.chatId);
  if (!writer) return void ctx.log.info({ event: 'mail.nobody' });
  if (mail.automatic) return noteAutomatic(ctx, mail, writer);
  if (mail.senderId !== writer.address) {
    ctx.log.warn({ event: 'mail.other-address', about: mail.about });
    const told = await limited(ctx, mail, 'other-address', fromOtherAddress(mail.about));
    return told && reply(ctx, mail, writer, told);
  }
  await reviveMailbox(ctx, writer);
  const answer = await answerTo(ctx, mail, { writer, download });
  const leaving = answer && (await unlessMachine(ctx, mail, answer));
  if (leaving) await reply(ctx, mail, writer, leaving);
}

/** Seen by the Office at the matter it is about, once, and never answered. */
async function noteAutomatic(ctx: Ctx, { about, text, senderId }: InboundMail, writer: MailWriter): Promise<void> {
  ctx.log.info({ event: 'mail.automatic', about });
  const { personId } = writer;
  if (!about || !personId || senderId !== writer.address) return;
  const words = automaticWords(text);
  if (await isKept(ctx, { matter: about, personId, text: words })) return;
  await keepUnread(ctx, { matter: about, personId, channel: 'email', text: words });
}

/** Files go with the report the words made, or are a report themselves; a mailbox's files are named only. */
async function answerTo(ctx: Ctx, mail: InboundMail, { writer, download }: { writer: MailWriter; download: Download | undefined }): Promise<Message | undefined> {
  const { attachments: files = [], about } = mail;
  const { person } = writer;
  if (files.length > 0 && person && mail.text === '' && !mail.calendar) {
    const task = about?.startsWith('NV-') ? about : undefined;
    return (await filesAlone(ctx, mail, { person, download, task, aboutMeeting: about?.startsWith('HOP-') ?? false })) ?? limited(ctx, mail, 'hint', notUnderstood());
  }
  const said = await wordsOf(ctx, mail, writer.actor);
  if (!said || files.length === 0) return said;
  return person ? wordsWithFiles(ctx, mail, said, { person, download }) : filesNotKept(said, files.map(({ name = '' }) => name));
}

/** Only rules' "no" is answered here, everything else bubbles up. */
async function wordsOf(ctx: Ctx, mail: InboundMail, actor: Actor): Promise<Message | undefined> {
  try {
    return await understand(ctx, mail, actor);
  } catch (error) {
    if (error instanceof DomainError) return refused(error);
    throw error;
  }
}

async function understand(ctx: Ctx, mail: InboundMail, actor: Actor): Promise<Message | undefined> {
  const { about, text } = mail;
  const task = { ...(about?.startsWith('NV-') ? { replyTask: about } : {}), ...(mail.attachments ? { files: true } : {}) };
  const call = readCommand(text);
  if (call?.command) return call.command.run(ctx, actor, { text: call.text, link: null, ...task });
  if (call) return limited(ctx, mail, 'unknown-command', unknownCommand(call.name));
  if (about?.startsWith('HOP-')) return answerInvitation(ctx, mail, { actor, code: about });
  if (text === '' && !mail.attachments) return undefined;
  const report = findCommand('capnhat');
  if (!about || !report || text === '') return limited(ctx, mail, 'hint', notUnderstood());
  if (actor.kind === 'person' && about.startsWith('NV-') && (asksExtension(text) || parseProgress(text, refOf(about)).kind === 'unclear')) await keepUnread(ctx, { matter: about, personId: actor.personId, channel: 'email', text });
  return report.run(ctx, actor, { text, link: null, ...task });
}

async function answerInvitation(ctx: Ctx, mail: InboundMail, { actor, code }: { actor: Actor; code: string }): Promise<Message | undefined> {
  const { calendar } = mail;
  if (calendar?.attendee !== undefined && calendar.attendee !== mail.senderId) return answeredByAnother(ctx, mail, { actor, code, calendar });
  const read = calendar ? (calendar.uid.startsWith(`${code}.`) ? calendar : undefined) : readAttendance(mail.text, code);
  if (!read) {
    if (mail.text === '') return undefined;
    if (actor.kind === 'person') await keepUnread(ctx, { matter: code, personId: actor.personId, channel: 'email', text: mail.text });
    const other = calendar ? undefined : await otherMeetingNamed(ctx, actor, { text: mail.text, code });
    return limited(ctx, mail, 'hint', other ? letterNamesAnother({ code, other }, ctx.clock.now()) : letterNotUnderstood(meetingWordsNotUnderstood(code, ctx.clock.now()), { code, kept: actor.kind === 'person' }));
  }
  if (actor.kind !== 'person') return limited(ctx, mail, 'hint', mailboxAnswersNoMeeting(code));
  const told = await invitationOf(ctx, mail, code);
  await mustKnowThisVersion(ctx, mail, { code, told });
  // The entry in the calendar names the attendee, as does the letter replied to.
  const place = calendar ? /\.([0-9a-f]{24})@/.exec(calendar.uid)?.[1] : told && told.data['deputy'] !== true ? placeOf(told) : undefined;
  const said = await findCommand(commandOf[read.answer])?.run(ctx, actor, { text: `${code} ${read.note}`.trim(), link: null, ...(place ? { replyPlace: { meetingCode: code, place } } : {}) });
  return said && asLetter(said);
}

/** The entry of a calendar answers in the name of another address than the letter comes from: whose answer is it? */
async function answeredByAnother(ctx: Ctx, mail: InboundMail, { actor, code, calendar }: { actor: Actor; code: string; calendar: CalendarReply }): Promise<Message | undefined> {
  if (actor.kind === 'person') await keepUnread(ctx, { matter: code, personId: actor.personId, channel: 'email', text: calendarOfAnother(calendar) });
  return limited(ctx, mail, 'hint', letterOfAnother({ code, attendee: calendar.attendee ?? '' }));
}

type Invitation = Pick<Delivery, 'data' | 'personId' | 'behalfOf'>;

/** Our letter about this meeting that the mail replies to: the newest one its writer's program names. */
async function invitationOf(ctx: Ctx, { replyTo, references = [] }: InboundMail, code: string): Promise<Invitation | null> {
  const ids = [...references, ...(replyTo ? [replyTo] : [])];
  if (ids.length === 0) return null;
  const ours = { channel: 'email' as const, providerId: { $in: ids }, meetingCode: code, kind: { $in: [...tellingKinds] } };
  return ctx.db.Delivery.findOne(ours, { data: 1, personId: 1, behalfOf: 1 }).sort({ createdAt: -1, _id: -1 }).lean<Invitation>();
}

/** An answer to an earlier invitation must not count for a time its writer has not heard of. Throws changed-meanwhile. */
async function mustKnowThisVersion(ctx: Ctx, { calendar }: InboundMail, { code, told }: { code: string; told: Invitation | null }): Promise<void> {
  const version = told?.data['version'];
  if (!calendar && typeof version !== 'number') return;
  const meeting = await ctx.db.Meeting.findOne({ code }, { version: 1, history: 1 }).lean<Pick<Meeting, 'version' | 'history'>>();
  // Entries of calendars count editions: another chair replaces them too.
  const old = meeting && (calendar ? calendar.sequence < editionOfVersion(meeting) : Number(version) < meeting.version);
  if (old) throw new DomainError('changed-meanwhile');
}

async function limited(ctx: Ctx, mail: InboundMail, kind: Automatic, answer: Message): Promise<Message | undefined> {
  return (await mayAnswer(ctx, mail, kind)) ? answer : undefined;
}

/** Back into the thread of the matter, through the outbox; once per mail, however often it is worked on. */
const reply = (ctx: Ctx, mail: InboundMail, writer: MailWriter, answer: Message): Promise<void> =>
  enqueue(ctx, {
    key: keys.reply(ctx.cause),
    kind: 'reply',
    lane: 'normal',
    chat: { channel: 'email', to: writer.address },
    data: {
      text: answer.text,
      ...(answer.buttons?.length ? { buttons: JSON.stringify(answer.buttons) } : {}),
      ...(mail.about ? { thread: mail.about } : {}),
      ...(answer.onlyInSystem ? { onlyInSystem: true } : {}),
      ...(writer.agencyCode ? { agencyCode: writer.agencyCode } : {}),
    },
    ...(writer.personId ? { personId: writer.personId } : {}),
    ...(mail.about?.startsWith('NV-') ? { taskCode: mail.about } : {}),
    ...(mail.about?.startsWith('HOP-') ? { meetingCode: mail.about } : {}),
    expiresAt: new Date(ctx.clock.now().getTime() + STALE_MS),
  });
