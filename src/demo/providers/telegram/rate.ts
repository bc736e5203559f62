import type { Clock } from '../../../kernel/clock.js';
import { ApiError } from './api-error.js';

/** core.telegram.org/bots/faq: about one message a second in one chat, about thirty a second over all. */
const PER_CHAT_MS = 1_000;
const OVERALL_PER_SECOND = 30;

/** Refuses what the real server would refuse under load. */
export function strictRate(clock: Clock): (chatId: string) => void {
  let sent: { chatId: string; at: number }[] = [];
  return (chatId) => {
    const now = clock.now().getTime();
    sent = sent.filter((s) => now - s.at < PER_CHAT_MS);
    if (sent.length >= OVERALL_PER_SECOND || sent.some((s) => s.chatId === chatId)) throw new ApiError(429, 'Too Many Requests: retry after 1', { retry_after: 1 });
    sent.push({ chatId, at: now });
  };
}
