import type { Ctx } from '../../../src/context.js';
import { isDuplicateKey } from '../../../src/db/counters.js';
import { fold } from '../../../src/kernel/fold.js';

/** A number somebody may answer with, and what it stands for. */
interface Choice {
  n: number;
  command: string;
  /** The delivery that offered it. */
  key: string;
  at: Date;
}

interface Memory {
  rev: number;
  /** The number given last. */
  last: number;
  choices: Choice[];
}

const HIGHEST = 99;
/** After so long without an offer the count starts at 1 again; older numbers hold until they are given anew. */
const RESTART_MS = 12 * 3_600_000;
const KEPT_MS = 7 * 24 * 3_600_000;
const ROUNDS = 20;

const idOf = (chatId: string): string => `zalo-bot:choices:${chatId}`;

/**
 * The numbers for the commands of one delivery, remembered before it is sent. They count on from message to message, because
 * Zalo Bot cannot tell which message somebody answers: "1" always means what stood beside "1". A repeat gets the same numbers.
 */
export async function offer(ctx: Ctx, chatId: string, { key, commands }: { key: string; commands: readonly string[] }): Promise<number[]> {
  if (commands.length === 0) return [];
  for (let round = 0; round < ROUNDS; round++) {
    const memory = await load(ctx, chatId);
    const same = (memory?.choices ?? []).filter((choice) => choice.key === key);
    if (same.length === commands.length && same.every((choice, i) => choice.command === commands[i])) return same.map((choice) => choice.n);
    const next = withOffer(memory, { key, commands, now: ctx.clock.now() });
    if (await store(ctx, chatId, memory, next.memory)) return next.numbers;
  }
  throw new Error('the numbers of a chat are too busy');
}

/** Adds an offer. Pure: the rule by which numbers are given. */
export function withOffer(memory: Memory | null, offered: { key: string; commands: readonly string[]; now: Date }): { memory: Memory; numbers: number[] } {
  const { key, commands, now } = offered;
  const young = (memory?.choices ?? []).filter((choice) => now.getTime() - choice.at.getTime() < KEPT_MS);
  const idle = !young.some((choice) => now.getTime() - choice.at.getTime() < RESTART_MS);
  const last = memory?.last ?? 0;
  const first = idle || last + commands.length > HIGHEST ? 1 : last + 1;
  const fresh = commands.map((command, i): Choice => ({ n: first + i, command, key, at: now }));
  const numbers = fresh.map((choice) => choice.n);
  const kept = young.filter((choice) => !numbers.includes(choice.n));
  return { memory: { rev: (memory?.rev ?? 0) + 1, last: numbers.at(-1) ?? last, choices: [...kept, ...fresh] }, numbers };
}

/** "1", "1.", "số 1", "chọn 1", full-width digits; undefined for everything else. */
export function readNumber(text: string): number | undefined {
  const found = /^(?:chon |so |chon so |#)?\s?(\d{1,2})\s?[.)]?$/.exec(fold(text.normalize('NFKC')));
  return found ? Number(found[1]) : undefined;
}

/** The command a typed number stands for in this chat. None while a report is awaited: there "50" is a percent. */
export async function chosen(ctx: Ctx, chatId: string, text: string): Promise<string | undefined> {
  const number = readNumber(text);
  if (number === undefined) return undefined;
  const now = ctx.clock.now();
  const [link, memory] = await Promise.all([ctx.db.ChatLink.findOne({ channel: 'zalo-bot', chatId }, { awaiting: 1 }).lean(), load(ctx, chatId)]);
  if (link?.awaiting && link.awaiting.until > now) return undefined;
  return memory?.choices.find((choice) => choice.n === number && now.getTime() - choice.at.getTime() < KEPT_MS)?.command;
}

const load = async (ctx: Ctx, chatId: string): Promise<Memory | null> => ((await ctx.db.State.findById(idOf(chatId)).lean())?.value as Memory | undefined) ?? null;

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
