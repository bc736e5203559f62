import type { Ctx } from '../../../src/context.js';
import { isDuplicateKey } from '../../../src/db/counters.js';
import { fold } from '../../../src/kernel/fold.js';
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
  const others = offers.filter((one) => one.key !== key && now.getTime() - one.at.getTime() < KEPT_MS);
  return [...others, { key, at: now, shown: offers.some((one) => one.key === key && one.shown), choices: [...choices] }].slice(-KEPT);
}

/** "1", "1.", "số 1", "chọn 1", full-width digits; undefined for everything else. */
export function readNumber(text: string): number | undefined {
  const found = /^(?:chon |so |chon so |#)?\s?(\d{1,2})\s?[.)]?$/.exec(fold(text.normalize('NFKC')));
  return found ? Number(found[1]) : undefined;
}

/**
 * What this number may stand for: the choice of the newest message with choices, and of the one before as well where the newest
 * may not be on the phone or not be seen yet. More than one is for a question, never for a guess. Pure.
 */
export function meantBy(offers: readonly Offer[], number: number, now: Date): Choice[] {
  const found: Choice[] = [];
  for (const { key, at, shown: sure, choices } of offers.filter((one) => now.getTime() - one.at.getTime() < KEPT_MS).toReversed()) {
    const choice = choices[number - 1];
    if (choice && !found.some(({ command }) => command === choice.command)) found.push(choice);
    // An answer to what was just typed is waited for.
    if (sure && (key.startsWith('reply:') || now.getTime() - at.getTime() >= UNSEEN_MS)) break;
  }
  return found;
}

/**
 * What a typed number stands for in this chat; `choices`: it has to be asked back. Undefined: nothing. While a report is awaited
 * a number is a percent, unless choices were offered since: then it may be both.
 */
export async function chosen(ctx: Ctx, chatId: string, text: string): Promise<{ command: string } | { choices: Choice[] } | undefined> {
  const number = readNumber(text);
  if (number === undefined) return undefined;
  const now = ctx.clock.now();
  const [link, memory] = await Promise.all([ctx.db.ChatLink.findOne({ channel: 'zalo-bot', chatId }, { awaiting: 1 }).lean(), load(ctx, chatId)]);
  const offers = memory?.offers ?? [];
  const awaiting = link?.awaiting?.kind === 'progress' && link.awaiting.until > now ? link.awaiting : null;
  const newest = offers.at(-1);
  if (awaiting && !(newest && newest.at.getTime() > awaiting.until.getTime() - AWAITING_MS)) return undefined;
  const found = meantBy(offers, number, now);
  const [only, another] = found;
  if (!only) return undefined;
  return another || awaiting ? { choices: found } : { command: only.command };
}

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
