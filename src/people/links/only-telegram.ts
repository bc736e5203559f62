import type { Channel } from '../../kernel/channels.js';

/** What the rule needs to know of the ways to a person. */
export interface Ways {
  /** Channels of living linked chats. */
  chats: readonly Channel[];
  /** A number that SMS or template messages may use. */
  phone: boolean;
  email: boolean;
}

/**
 * True where an urgent alert could reach this person by Telegram alone. A state blocking order stands since 21/05/2025:
 * Telegram may be silent for days, so it must never be the only way. `open`: channels this house has. Pure.
 */
export function onlyTelegram({ chats, phone, email }: Ways, open: ReadonlySet<Channel>): boolean {
  const ways = new Set<Channel>(chats.filter((channel) => open.has(channel)));
  if (phone) for (const channel of ['sms', 'zbs'] as const) if (open.has(channel)) ways.add(channel);
  if (email && open.has('email')) ways.add('email');
  return ways.size === 1 && ways.has('telegram');
}
