import type { Ctx } from '../context.js';
import { tellChatFull } from '../delivery/notices/tell-machine.js';
import type { AnyInbound } from './inbound.js';
import { receive } from './receive.js';

/** Nobody types so much; an album of twenty pictures forwarded three times fits. */
export const MOST_A_MINUTE = 60;
/** So many messages of one chat may wait to be worked on; more is a machine gone wild. */
export const MOST_WAITING = 2_000;
const MINUTE_MS = 60_000;
/** So many chats are remembered; more than a province has. */
const CHATS = 20_000;
/** A full chat is counted again so often. */
const AGAIN_MS = 10_000;

interface Turn {
  written: number;
  turn: number;
}

interface Chat {
  /** The last sixty that were stored. */
  last: Turn[];
  /** So many may be stored before the waiting ones are counted again. */
  room: number;
  fullUntil: number;
}

export interface ChatGate {
  /** Stores it, for its turn. 'refused': the chat is full, nothing was stored. Rejects where storing fails. */
  take(message: AnyInbound): Promise<'new' | 'duplicate' | 'refused'>;
}

/**
 * The door all channels come in by. Nothing a person wrote is thrown away: what one chat wrote beyond sixty messages in a
 * minute is stored and worked on at that pace, so that a machine gone wild keeps nobody waiting. Counted by the time of
 * writing where the provider tells it: what gathered during an outage came in slowly. Only where `mostWaiting` of one chat wait is
 * more refused, and the Office told once a day. Each process counts for itself; what was not stored does not count.
 */
export function createChatGate(ctx: Ctx, { mostWaiting = MOST_WAITING }: { mostWaiting?: number } = {}): ChatGate {
  const chats = new Map<string, Chat>();
  return {
    take: async (message) => {
      const chat = chatOf(chats, message);
      if (await isFull(ctx, chat, { message, mostWaiting })) return refuse(ctx, message);
      const now = ctx.clock.now().getTime();
      const written = Math.min(now, message.writtenAt?.getTime() ?? now);
      const turn: Turn = { written, turn: turnOf(chat.last, written, now) };
      chat.last = [...chat.last, turn].slice(-MOST_A_MINUTE);
      chat.room--;
      const took = await receive(ctx, message, new Date(turn.turn)).catch((error: unknown) => {
        giveBack(chat, turn);
        throw error;
      });
      if (took === 'duplicate') giveBack(chat, turn);
      return took;
    },
  };
}

function chatOf(chats: Map<string, Chat>, { channel, chatId }: AnyInbound): Chat {
  const key = `${channel}:${chatId}`;
  const chat = chats.get(key) ?? { last: [], room: MOST_A_MINUTE, fullUntil: 0 };
  chats.delete(key);
  chats.set(key, chat);
  const [oldest] = chats.size > CHATS ? chats.keys() : [];
  if (oldest !== undefined) chats.delete(oldest);
  return chat;
}

/** Now, unless all of the last sixty were written within a minute of it: then a minute after the first of them. */
function turnOf(last: readonly Turn[], written: number, now: number): number {
  const [first] = last;
  if (!first || last.length < MOST_A_MINUTE || last.some((one) => Math.abs(one.written - written) >= MINUTE_MS)) return now;
  // A clock that was set back keeps nobody waiting for longer.
  return Math.min(Math.max(now, first.turn + MINUTE_MS), now + (MOST_WAITING / MOST_A_MINUTE + 1) * MINUTE_MS);
}

function giveBack(chat: Chat, turn: Turn): void {
  chat.last = chat.last.filter((one) => one !== turn);
  chat.room++;
}

async function isFull(ctx: Ctx, chat: Chat, { message: { channel, chatId }, mostWaiting }: { message: AnyInbound; mostWaiting: number }): Promise<boolean> {
  if (chat.room > 0) return false;
  const now = ctx.clock.now().getTime();
  if (now < chat.fullUntil && chat.fullUntil - now <= AGAIN_MS) return true;
  const waiting = await ctx.db.Inbound.countDocuments({ channel, chatId, state: { $in: ['new', 'claimed'] } }, { limit: mostWaiting });
  chat.room = mostWaiting - waiting;
  if (chat.room > 0) return false;
  chat.fullUntil = now + AGAIN_MS;
  return true;
}

async function refuse(ctx: Ctx, message: AnyInbound): Promise<'refused'> {
  await tellChatFull(ctx, message);
  return 'refused';
}
