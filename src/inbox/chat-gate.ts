import type { Ctx } from '../context.js';
import type { AnyInbound } from './inbound.js';

/** Nobody types so much; an album of twenty pictures forwarded three times fits. */
export const MOST_A_MINUTE = 60;
const MINUTE_MS = 60_000;
/** So many chats are remembered; more than a province has. */
const CHATS = 20_000;

interface Window {
  since: number;
  taken: number;
  told: boolean;
}

/** Decides before anything is stored; `taken` counts what was stored. */
export interface ChatGate {
  opens(message: AnyInbound): boolean;
  taken(message: AnyInbound): void;
}

/**
 * A limit per chat at the door: what one chat sends beyond sixty messages in a minute is not stored, so that a machine gone
 * wild costs no database and keeps nobody waiting. Its provider is answered as usual, or it would repeat it all. Each process
 * counts for itself; what could not be stored does not count, so a provider's repeats get in.
 */
export function createChatGate(ctx: Ctx): ChatGate {
  const windows = new Map<string, Window>();
  const windowOf = ({ channel, chatId }: AnyInbound): Window => {
    const now = ctx.clock.now().getTime();
    const chat = `${channel}:${chatId}`;
    const known = windows.get(chat);
    if (known && now - known.since < MINUTE_MS && now >= known.since) return known;
    const fresh = { since: now, taken: 0, told: false };
    windows.delete(chat);
    windows.set(chat, fresh);
    const [oldest] = windows.size > CHATS ? windows.keys() : [];
    if (oldest !== undefined) windows.delete(oldest);
    return fresh;
  };
  return {
    opens: (message) => {
      const window = windowOf(message);
      if (window.taken < MOST_A_MINUTE) return true;
      if (!window.told) ctx.log.warn({ event: 'inbox.flood', channel: message.channel });
      window.told = true;
      return false;
    },
    taken: (message) => void windowOf(message).taken++,
  };
}
