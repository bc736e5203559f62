import type { Ctx } from '../../src/context.js';
import { unreadAbout } from '../../src/inbox/keep-unread.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import { cut } from '../../src/texts/common-texts.js';
import { channelWords, wordOf } from '../locale/words.js';

/** Characters shown of one message. */
const SHOWN = 200;

/** By person (an id), what they wrote about a matter that was not understood, since the answer they gave at `since`. */
export async function unreadLines(ctx: Ctx, matter: string): Promise<(personId: string, since: Date | null) => string[]> {
  const kept = await unreadAbout(ctx, matter);
  return (personId, since) => kept.filter((one) => String(one.personId) === personId && (!since || one.at > since)).map(({ text, channel, at }) => `viết: “${cut(text, SHOWN)}”, chưa tính (${wordOf(channelWords, channel)}, ${formatInstant(at)})`);
}
