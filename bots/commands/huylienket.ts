import type { ChatLink } from '../../src/people/links/chat-link.model.js';
import { unlinkChat } from '../../src/people/links/unlink-chat.js';
import { setAwaiting } from '../../src/people/links/who-is.js';
import type { Ctx } from '../../src/context.js';
import { askUnlink, linkKept, nothingToUnlink, unlinked } from '../../src/texts/link-texts.js';
import type { ChatIdentity } from '../../src/people/links/link-chat.js';
import type { LinkAnswer, LinkCommand } from './link-command.js';
import { lowerInPlace, words } from './typed-words.js';
import { AWAITING_MS } from './command.js';
import { isMereNod } from './parse-progress.js';
import { dropWords } from '../kept-words.js';
import { readAttendance } from './read-attendance.js';
import { foldInPlace, tidy } from './tidy.js';

const OPENING = String.raw`^(?:(?:dạ|da|vâng)[\s,.]+)?`;
const END = String.raw`(?:[\s,.!]+(?:ạ|a|nhé|nhe))?[\s,.!]*$`;
const YES = new RegExp(`${OPENING}${words('có|đồng ý|xác nhận|hủy|huỷ|hủy liên kết|huỷ liên kết|tôi muốn hủy|có hủy')}${END}`, 'u');
const NO = new RegExp(`${OPENING}(?:${words('không|đừng|thôi')}|ko|kg|k)(?: ${words('có|đồng ý|cần|muốn|phải')}){0,2}(?: ${words('hủy|huỷ')})?(?: ${words('liên kết')})?(?: ${words('nữa|đâu')})?${END}`, 'u');
const KEEP = new RegExp(`${OPENING}(?:${words('xin|tôi|cứ|vẫn')} ){0,2}${words('giữ|giữ lại|giữ nguyên|giữ liên kết|vẫn giữ liên kết')}${END}`, 'u');
/** About it, but both may be meant: "vâng", "có, không hủy". */
const NEAR = /(?<!\p{L})(?:huy|lien ket)(?!\p{L})|^(?:(?:da|vang),? )?(?:co|khong)(?!\p{L})\P{L}*(?:\p{L}+\P{L}*){0,2}$/u;

/**
 * An answer to "hủy liên kết?": "có", "dạ có", "đồng ý" and nothing else is a yes, "không", "thôi" a no; "vâng" or
 * "có, không hủy" may be either. Undefined: words about something else.
 */
export function readUnlinkAnswer(typed: string): 'yes' | 'no' | 'unsure' | undefined {
  const text = lowerInPlace(tidy(typed));
  if (YES.test(text)) return 'yes';
  if (NO.test(text) || KEEP.test(text)) return 'no';
  if (isMereNod(typed)) return 'unsure';
  if (readAttendance(typed)) return undefined;
  return NEAR.test(foldInPlace(text)) ? 'unsure' : undefined;
}

/** "/huylienket" asks first; "/huylienket có" and a yes after it make this chat nobody's, "/huylienket không" and a no keep it. */
export const huylienket: LinkCommand = {
  names: ['huylienket'],
  run: async (ctx, chat, { text, person }) => {
    const said = readUnlinkAnswer(text);
    if (!person || said === 'yes') return unlink(ctx, chat);
    const link = await ctx.db.ChatLink.findOne({ channel: chat.channel, chatId: chat.chatId }).lean<ChatLink>();
    if (said === 'no') {
      if (link?.awaiting?.kind === 'unlink') await setAwaiting(ctx, link, null);
      return { message: linkKept(person), done: false };
    }
    if (link) await setAwaiting(ctx, link, { kind: 'unlink', until: new Date(ctx.clock.now().getTime() + AWAITING_MS) });
    return { message: askUnlink(person), done: false };
  },
};

/** Ends the link of this chat, and first erases what was typed there and kept for a choice. */
export async function unlink(ctx: Ctx, chat: ChatIdentity): Promise<LinkAnswer> {
  await dropWords(ctx, chat);
  const person = await unlinkChat(ctx, { channel: chat.channel, chatId: chat.chatId });
  return person ? { message: unlinked(person), done: true } : { message: nothingToUnlink(), done: false };
}
