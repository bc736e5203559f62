import type { Ctx } from '../../../src/context.js';
import { isDuplicateKey } from '../../../src/db/counters.js';
import { fold } from '../../../src/kernel/fold.js';
import { yearOf } from '../../../src/kernel/local-date.js';
import { percentChoice } from '../../../src/texts/zalo-bot-texts.js';
import { AWAITING_MS } from '../../commands/command.js';

/** What a number below a message stands for. */
export interface Choice {
  label: string;
  command: string;
}

/** The choices of one message, numbered from 1. */
interface Offer {
  /** The delivery. */
  key: string;
  at: Date;
  /** The phone shows it for sure; else nobody knows. */
  shown: boolean;
  choices: Choice[];
}

interface Memory {
  rev: number;
  /** In the order they were sent, the newest last. */
  offers: Offer[];
}

const KEPT = 10;
const KEPT_MS = 7 * 24 * 3_600_000;
/** Who answers so shortly after a message arrived may not have seen it yet. */
const UNSEEN_MS = 5_000;
const ROUNDS = 20;
/** Lists are shorter: a number from here on is no slip for one of a list. */
const LEAST_PERCENT = 10;

const idOf = (chatId: string): string => `zalo-bot:choices:${chatId}`;

/**
 * Remembers the choices of one delivery before it is sent. Every message numbers its own from 1: Zalo Bot cannot tell which
 * message somebody answers, so a number means the newest message that offers choices.
 */
export async function offer(ctx: Ctx, chatId: string, { key, choices }: { key: string; choices: readonly Choice[] }): Promise<void> {
  if (choices.length > 0) await change(ctx, chatId, (offers) => withOffer(offers, { key, choices, now: ctx.clock.now() }));
}

/** The message is on the phone. */
export const shown = (ctx: Ctx, chatId: string, key: string): Promise<void> => change(ctx, chatId, (offers) => (offers.some((one) => one.key === key) ? offers.map((one) => (one.key === key ? { ...one, shown: true } : one)) : null));

/** The message surely never left: its numbers mean nothing. */
export const withdraw = (ctx: Ctx, chatId: string, key: string): Promise<void> => change(ctx, chatId, (offers) => (offers.some((one) => one.key === key && !one.shown) ? offers.filter((one) => one.key !== key || one.shown) : null));

/** Adds an offer as the newest; a repeat moves to the end. Pure. */
export function withOffer(offers: readonly Offer[], { key, choices, now }: { key: string; choices: readonly Choice[]; now: Date }): Offer[] {
  const others = offers.filter((one) => one.key !== key && isKept(one, now));
  return [...others, { key, at: now, shown: offers.some((one) => one.key === key && one.shown), choices: [...choices] }].slice(-KEPT);
}

/** "1", "1.", "số 1", "chọn 1", full-width digits; undefined for everything else. */
export function readNumber(text: string): number | undefined {
  const found = /^(?:chon |so |chon so |#)?\s?(\d{1,2})\s?[.)]?$/.exec(fold(text.normalize('NFKC')));
  return found ? Number(found[1]) : undefined;
}

/** What a number may stand for; `percent`: the report awaited may be meant as well. */
interface MeantNumber {
  choices: Choice[];
  percent: boolean;
}

/**
 * What this number may stand for: the choice of the newest message with choices, and of the one before as well where the newest
 * may not be on the phone or not be seen yet. `askedAt`: when a report was asked for; what was offered before that is not meant
 * any more, and the percent is only where nothing offered since is seen for sure. More than one is for a question, never for a
 * guess. Pure.
 */
export function meantBy(offers: readonly Offer[], number: number, { now, askedAt = null }: { now: Date; askedAt?: Date | null }): MeantNumber {
  const choices: Choice[] = [];
  for (const { key, at, shown: sure, choices: listed } of offers.filter((one) => isKept(one, now)).toReversed()) {
    if (askedAt && at < askedAt) break;
    const choice = listed[number - 1];
    if (choice && !choices.some((one) => isSame(one, choice))) choices.push(choice);
    // An answer to what was just typed is waited for.
    if (sure && (key.startsWith('reply:') || now.getTime() - at.getTime() >= UNSEEN_MS)) return { choices, percent: false };
  }
  return { choices, percent: askedAt !== null };
}

const isKept = ({ at }: Offer, now: Date): boolean => now.getTime() - at.getTime() < KEPT_MS;

/** Equal but for the mark of the words that go with them: the newer one counts. */
const isSame = (one: Choice, other: Choice): boolean => withoutMark(one.command) === withoutMark(other.command);
const withoutMark = (command: string): string => command.replace(/ ~[0-9a-f]{8}$/, '');

/**
 * What a typed number stands for in this chat; `choices`: it has to be asked back. Undefined: nothing, or the percent of the
 * report awaited. A number the newest list does not have is that percent only where the list is about the same task and the number
 * is no slip for one of it; else it is asked back.
 */
export async function chosen(ctx: Ctx, chatId: string, text: string): Promise<{ command: string } | { choices: Choice[] } | undefined> {
  const number = readNumber(text);
  if (number === undefined) return undefined;
  const now = ctx.clock.now();
  const [link, memory] = await Promise.all([ctx.db.ChatLink.findOne({ channel: 'zalo-bot', chatId }, { awaiting: 1 }).lean(), load(ctx, chatId)]);
  const offers = memory?.offers ?? [];
  const asked = link?.awaiting?.kind === 'progress' && link.awaiting.until > now ? link.awaiting : null;
  const { choices, percent } = meantBy(offers, number, { now, askedAt: asked && new Date(asked.until.getTime() - AWAITING_MS) });
  const [only, another] = choices;
  if (only && !another && !percent) return { command: only.command };
  if (!asked) return only ? { choices } : undefined;
  if (!only && (percent || saysPercent(offers.at(-1), number, asked.taskCode))) return undefined;
  return { choices: [...choices, ...(percent || !only ? [percentChoice(asked.taskCode, number, yearOf(now))] : [])] };
}

/** 35 below "1. Ghi 20% vào NV-26"; 3 may be a slip for 2. */
const saysPercent = (newest: Offer | undefined, number: number, task: string): boolean => number >= LEAST_PERCENT && newest !== undefined && newest.choices.every(({ command }) => command.includes(task));

/** Where memory is of an older kind, or there is none, nothing was offered. */
const load = async (ctx: Ctx, chatId: string): Promise<Memory | null> => {
  const value = (await ctx.db.State.findById(idOf(chatId)).lean())?.value as Partial<Memory> | undefined;
  return value ? { rev: value.rev ?? 0, offers: value.offers ?? [] } : null;
};

/** Null: nothing to change. */
async function change(ctx: Ctx, chatId: string, next: (offers: readonly Offer[]) => Offer[] | null): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const memory = await load(ctx, chatId);
    const offers = next(memory?.offers ?? []);
    if (!offers || (await store(ctx, chatId, memory, { rev: (memory?.rev ?? 0) + 1, offers }))) return;
  }
  throw new Error('the numbers of a chat are too busy');
}

/** Compare and set: two instances that write to one chat at once take turns. */
async function store(ctx: Ctx, chatId: string, before: Memory | null, value: Memory): Promise<boolean> {
  const _id = idOf(chatId);
  const updatedAt = ctx.clock.now();
  if (before) return (await ctx.db.State.updateOne({ _id, 'value.rev': before.rev }, { $set: { value, updatedAt } })).matchedCount === 1;
  try {
    await ctx.db.State.create({ _id, value, updatedAt });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
