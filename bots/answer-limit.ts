import type { Ctx } from '../src/context.js';
import { tellAnswersStopped } from '../src/delivery/notices/tell-machine.js';
import type { AnyInbound } from '../src/inbox/inbound.js';
import type { AnswerChannel } from '../src/kernel/channels.js';
import { lastAnswerForNow } from '../src/texts/machine-texts.js';
import type { Message } from '../src/texts/message.js';
import { ANSWERS_IN_A_ROW, mattersOf, printOf, rowOf, type Turn } from './machine-talk.js';

/** Kinds of automatic answer that could feed a loop between two machines. */
export type Automatic = 'stranger' | 'how-to-link' | 'hint' | 'thanks' | 'unknown-command' | 'attachment' | 'group' | 'other-address' | 'sms' | 'sms-question';

interface Rule {
  /** At most so many in any hour. */
  perHour: number;
  /** Not more often than this, in milliseconds. */
  everyMs: number;
}

const HOUR_MS = 3_600_000;
const rules: Record<Automatic, Rule> = {
  stranger: { perHour: 5, everyMs: 0 },
  'how-to-link': { perHour: 5, everyMs: 10 * 60_000 },
  group: { perHour: 1, everyMs: 0 },
  'other-address': { perHour: 1, everyMs: 0 },
  // Each costs money, and an auto-reply on the other side would answer for ever. What was written down is confirmed all the same.
  sms: { perHour: 5, everyMs: 0 },
  'sms-question': { perHour: 10, everyMs: 0 },
  // People we know: an hour of silence would look like a fault, so what they ask for on purpose may be asked more often.
  hint: { perHour: 30, everyMs: 0 },
  'unknown-command': { perHour: 30, everyMs: 0 },
  // Politeness needs no answer each time, and machines thank for thanks.
  thanks: { perHour: 2, everyMs: 10 * 60_000 },
  attachment: { perHour: 30, everyMs: 0 },
};
/** A chat that is nobody's gets five automatic answers an hour in all, whatever their kind. */
const SHARED: readonly Automatic[] = ['stranger', 'how-to-link'];

/** Of these the Office hears when they come to an end: somebody it knows may be waiting for an answer. */
const TOLD: readonly Automatic[] = ['hint', 'unknown-command', 'attachment', 'sms', 'sms-question'];

interface Chat {
  channel: AnswerChannel;
  chatId: string;
}

interface Given {
  kind: Automatic;
  at: Date;
  cause: string;
  /** Something said since was understood: it counts no more. */
  forgiven?: true;
}

/**
 * Whether one more automatic answer may go to this chat now; if so it is counted. The same cause asked again gets the
 * same yes. One chat's messages are worked on one after the other, so reading and then writing is safe.
 */
export const mayAnswer = async (ctx: Ctx, chat: Chat, kind: Automatic): Promise<boolean> => (await answersLeft(ctx, chat, kind)) !== 'none';

/** The same, and whether it is the last one for now: then it has to say so. */
export async function answersLeft(ctx: Ctx, chat: Chat, kind: Automatic): Promise<'more' | 'last' | 'none'> {
  const now = ctx.clock.now();
  const given = await givenTo(ctx, chat);
  const before = given.findIndex((g) => g.cause === ctx.cause);
  const taken = given.slice(0, before < 0 ? given.length : before).filter((g) => g.kind === kind && !g.forgiven).length;
  const left = taken + 1 < rules[kind].perHour ? 'more' : 'last';
  if (before >= 0) return left;
  if (!allowed(given, kind, now)) {
    ctx.log.warn({ event: 'chat.silenced', kind });
    if (TOLD.includes(kind)) await tellAnswersStopped(ctx, chat, null);
    return 'none';
  }
  await keepGiven(ctx, chat, [...given, { kind, at: now, cause: ctx.cause }]);
  return left;
}

/**
 * Somebody who was hinted at has been understood since, as people are in the end: those hints count no more. Once an hour,
 * so that a machine that is understood now and then is not answered for ever.
 */
export async function understoodAgain(ctx: Ctx, chat: Chat, kind: Automatic): Promise<void> {
  const given = await givenTo(ctx, chat);
  if (given.some(({ forgiven }) => forgiven) || !given.some((g) => g.kind === kind)) return;
  await keepGiven(ctx, chat, given.map((g) => (g.kind === kind ? { ...g, forgiven: true } : g)));
}

const idOf = ({ channel, chatId }: Chat): string => `answers:${channel}:${chatId}`;

/** What went to this chat within the hour. */
async function givenTo(ctx: Ctx, chat: Chat): Promise<Given[]> {
  const record = await ctx.db.State.findById(idOf(chat)).lean();
  return ((record?.value ?? []) as Given[]).filter(({ at }) => ctx.clock.now().getTime() - at.getTime() < HOUR_MS);
}

async function keepGiven(ctx: Ctx, chat: Chat, value: Given[]): Promise<void> {
  await ctx.db.State.updateOne({ _id: idOf(chat) }, { $set: { value, updatedAt: ctx.clock.now() } }, { upsert: true });
}

function allowed(given: readonly Given[], kind: Automatic, now: Date): boolean {
  const counted = SHARED.includes(kind) ? given.filter((g) => SHARED.includes(g.kind)) : given.filter((g) => g.kind === kind && !g.forgiven);
  const recently = given.some((g) => g.kind === kind && now.getTime() - g.at.getTime() < rules[kind].everyMs);
  return counted.length < rules[kind].perHour && !recently;
}

/** Turns remembered of a chat. */
const REMEMBERED = 8;

/**
 * The answer to somebody we know as it may leave, whatever made it; undefined: silence, since a machine seems to write there
 * (machine-talk.ts) and was answered five times in a row. What it wrote has been worked on all the same. The fifth answer says
 * so, and the Office is told once a day. The same cause asked again gets the same. Not for SMS: what was written down there is
 * always confirmed, and all else limited above.
 */
export async function unlessMachine(ctx: Ctx, message: AnyInbound, answer: Message): Promise<Message | undefined> {
  const _id = `talk:${message.channel}:${message.chatId}`;
  const turns = ((await ctx.db.State.findById(_id).lean())?.value ?? []) as Turn[];
  const turn = turns.find(({ cause }) => cause === ctx.cause) ?? (await turnOf(ctx, message, { answer, before: turns }));
  if (turn.row === ANSWERS_IN_A_ROW) await tellAnswersStopped(ctx, message, codeOf(turn, answer));
  if (!turns.includes(turn)) await ctx.db.State.updateOne({ _id }, { $set: { value: [...turns, turn].slice(-REMEMBERED), updatedAt: ctx.clock.now() } }, { upsert: true });
  if (turn.row >= ANSWERS_IN_A_ROW) return void ctx.log.warn({ event: 'chat.machine', channel: message.channel });
  return turn.row === ANSWERS_IN_A_ROW - 1 ? lastAnswerForNow(answer) : answer;
}

async function turnOf(ctx: Ctx, message: AnyInbound, { answer, before }: { answer: Message; before: readonly Turn[] }): Promise<Turn> {
  const now = ctx.clock.now().getTime();
  const about = 'about' in message ? message.about : null;
  // What a person is quoted with may name anything.
  const ours = [answer.text.replace(/“[^”]*”/gu, ''), ...(answer.buttons ?? []).flatMap((button) => ('command' in button ? button.command : []))];
  const turn = {
    cause: ctx.cause, at: now, written: Math.min(now, message.writtenAt?.getTime() ?? now),
    matter: mattersOf(about, message.text ?? null, ...ours), print: printOf(message.text ?? ''), unclear: await wasUnclear(ctx, message),
  };
  return { ...turn, row: rowOf(message, turn, before) };
}

/** Answered by a hint that was counted for this very message. */
async function wasUnclear(ctx: Ctx, { channel, chatId }: AnyInbound): Promise<boolean> {
  const record = await ctx.db.State.findById(idOf({ channel, chatId })).lean();
  return ((record?.value ?? []) as Given[]).some(({ cause }) => cause === ctx.cause);
}

/** The one matter it is about, as it is written in full. */
const codeOf = ({ matter }: Turn, answer: Message): string | null => (matter.includes(' ') ? null : (/(?:NV|HOP)-\d{4}-\d{5,}/.exec(answer.text)?.[0] ?? null));
