import { DOUBT } from './attendance-words.js';
import { foldInPlace } from './tidy.js';
import { lowerInPlace, words } from './typed-words.js';

/** Words of an answer, folded: a line or a clause that has one is no mere courtesy. */
const ATTENDS = /(?<!\p{L})(?:du|tham gia|co mat|den|di|hop|nghi|thay|nhung|vang|nhan|toi|em|minh|om|benh|met|sot|cong tac|viec)(?!\p{L})|(?<!\p{L})bận(?!\p{L})/u;
const saysNothing = (text: string): boolean => !DOUBT.test(foldInPlace(text)) && !ATTENDS.test(foldInPlace(text)) && !ATTENDS.test(lowerInPlace(text)) && !/\d/.test(text);

/** "Kính gửi Văn phòng UBND tỉnh," up to its comma, colon, stop or line end. */
const GREETING = new RegExp(String.raw`^(?:${words('kính gửi|kính thưa|gửi')})(?!\p{L})[ :]*([^,.:;!?\n]{0,80})(?:[,.:;!]+\s*|\n+\s*)`, 'u');
const MOST_GREETINGS = 3;
const CLOSING_END = new RegExp(String.raw`[.,;!]\s+${words('trân trọng|trân trọng kính chào|trân trọng cảm ơn|trân trọng kính báo|xin trân trọng cảm ơn|xin cảm ơn|cảm ơn|kính thư|kính báo')}[\s.,!]*$`, 'u');

/**
 * What a letter, its signature taken off (signature.ts), says between greeting and closing formula: "Kính gửi Văn phòng, tôi tham dự. Trân trọng." is "tôi tham
 * dự". Nothing that could be part of an answer, or a doubt, is ever taken off, so that no refusal can become a yes.
 */
export const withoutCourtesy = (text: string): string => withoutClosing(withoutGreeting(text));

function withoutGreeting(text: string): string {
  let rest = text;
  for (let i = 0; i < MOST_GREETINGS; i++) {
    const found = GREETING.exec(lowerInPlace(rest));
    if (!found || found[0].length >= rest.length || !saysNothing(found[1] ?? '')) return rest;
    rest = rest.slice(found[0].length);
  }
  return rest;
}

function withoutClosing(text: string): string {
  const found = CLOSING_END.exec(lowerInPlace(text));
  return found && found.index > 0 ? text.slice(0, found.index + 1) : text;
}
