/** Longer answers are cut; the commands have their own, lower limits. */
const MAX_CHARS = 8_000;
/** Nobody writes more above a quotation; what stands behind is not looked at. */
const MAX_READ = 60_000;

const ORIGINAL = /^[\s*]*-{2,}\s*(?:original message|forwarded message|thư gốc|tin nhắn gốc|nội dung gốc|thư (?:đã )?(?:được )?chuyển tiếp|tin nhắn được chuyển tiếp)\s*-{2,}/i;
const RULE = /^\s*(?:_{10,}|-{10,}|={10,})\s*$/;
/** "Vào Th 2, 23 thg 11, 2026 lúc 09:00 Nhắc Việc <…> đã viết:", "On Mon, Nov 23, 2026 at 9:00 AM … wrote:", "2026-11-23 9:00 GMT+7 … <…>:" */
const ATTRIBUTION = /^\s*(?:(?:on|vào|ngày|lúc|am|le)\s.{4,300}?(?:wrote|đã viết|viết|đã gửi|schrieb|a écrit)\s*:|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s.{0,200}<[^<>\s]+@[^<>\s]+>\s*:?|.{0,200}<[^<>\s]+@[^<>\s]+>\s*(?:wrote|đã viết|viết)\s*:)\s*$/iu;
const FROM = /^[\s*>]*(?:from|từ|người gửi)\s*:\*?\s*\S/i;
const SENT = /^[\s*>]*(?:sent|date|đã gửi|ngày|ngày gửi|thời gian|to|tới|đến|người nhận|subject|chủ đề|tiêu đề)\s*:/i;
const SIGNATURE = /^\s*--\s?$/;
const DEVICE = /^\s*(?:sent from (?:my |mail |outlook|yahoo)|get outlook for|(?:được |đã )?gửi từ (?:iphone|ipad|điện thoại|thiết bị|outlook|yahoo|samsung|galaxy|gmail|máy))/i;
const CLOSING = /^\s*(?:trân trọng(?: cảm ơn| kính chào)?|kính thư|xin (?:trân trọng )?cảm ơn|(?:best |kind )?regards|thanks|cảm ơn)\s*[.,!]*\s*$/i;
const GREETING = /^\s*(?:kính (?:gửi|thưa|chào)|thưa|chào|dear|hi|hello)(?=[\s,:])[^%\d]{0,120}$/iu;

/**
 * What somebody wrote in answer to a mail, without the quotation, the signature, the salutation and the closing words. Knows
 * the ways of Gmail, Outlook, Apple Mail, Zimbra and Yahoo in Vietnamese and English, answers above, below and between the
 * quoted lines, and any line that speaks of one of our own addresses ("Nhắc Việc <…>:").
 */
export function cutReply(typed: string, own: readonly string[]): string {
  const lines = typed.slice(0, MAX_READ).normalize('NFC').replace(/\r\n?/g, '\n').replace(/\u00a0/g, ' ').split('\n');
  const quote = lines.findIndex((_line, i) => beginsQuote(lines, i, own));
  const above = quote < 0 ? lines : lines.slice(0, quote);
  const words = wordsOf(above);
  return (words === '' && quote >= 0 ? wordsOf(below(lines.slice(quote + 1))) : words).slice(0, MAX_CHARS);
}

function beginsQuote(lines: readonly string[], i: number, own: readonly string[]): boolean {
  const line = lines[i] ?? '';
  if (ORIGINAL.test(line) || RULE.test(line)) return true;
  if (FROM.test(line) && lines.slice(i + 1, i + 5).some((next) => SENT.test(next))) return true;
  // Mail programs wrap the long line that says who wrote when.
  return [1, 2, 3].some((n) => {
    const part = lines.slice(i, i + n);
    if (part.length < n || part.some((one) => one.trim() === '')) return false;
    const joined = part.join(' ');
    return ATTRIBUTION.test(joined) || (/:\s*$/.test(joined) && own.some((address) => joined.toLowerCase().includes(address)));
  });
}

/** An answer written below the quoted lines; only where the quotation shows its end by ">". */
function below(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => /^\s*>/.test(line));
  return last < 0 ? [] : lines.slice(last + 1);
}

function wordsOf(lines: readonly string[]): string {
  const own = lines.filter((line) => !/^\s*>/.test(line));
  const first = own.findIndex((line) => line.trim() !== '');
  if (first < 0) return '';
  const greeted = GREETING.test(own[first] ?? '') && own.slice(first + 1).some((line) => line.trim() !== '');
  const body = own.slice(greeted ? first + 1 : first);
  const end = body.findIndex((line, i) => SIGNATURE.test(line) || DEVICE.test(line) || (CLOSING.test(line) && body.slice(0, i).some((before) => before.trim() !== '')));
  return (end < 0 ? body : body.slice(0, end)).join('\n').replace(/\n{3,}/g, '\n\n').trim();
}
