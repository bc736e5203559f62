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
/** Words of a refusal, a change of mind, a condition: below a signature or within a salutation they are still the answer. */
const REFUSES = /(?<!\p{L})(?:không|khong|ko|chưa|chẳng|vắng|vang(?! [aA] )|bận|ốm|nằm viện|nhưng|nhung|nếu|neu|muộn|muon|trễ|trực tuyến|truc tuyen|online|từ chối|tu choi|nhầm|nham|hủy|huỷ|rút|rut lai|thôi|đính chính|dinh chinh|hoãn|p\/s|ps|tái bút)(?!\p{L})|^huy[\s.!]*(?:nhe|bo)?[\s.!]*$/u;
/** These too, where no mark of its own says that a signature begins. */
const SPEAKS = /[?%]|(?<!\p{L})(?:xin|sẽ|se|tôi|toi|nghỉ|thay|cử|họp|hop|tham dự|tham du|dự(?! án)|du(?! an)|đi|đến|om|ban (?:hop|viec|cong tac))(?!\p{L})/u;
const GREETING = /^\s*(?:kính (?:gửi|thưa|chào)|thưa|chào|dear|hi|hello)(?=[\s,:])[^%\d]{0,120}$/iu;

/**
 * What somebody wrote in answer to a mail, without the quotation, the signature, the salutation and the closing words. Knows
 * the ways of Gmail, Outlook, Apple Mail, Zimbra and Yahoo in Vietnamese and English, answers above, below and between the
 * quoted lines, and any line that speaks of one of our own addresses ("Nhắc Việc <…>:").
 */
export function cutReply(typed: string, own: readonly string[]): string {
  const lines = typed.slice(0, MAX_READ).normalize('NFC').replace(/\r\n?/g, '\n').replace(/\u00a0/g, ' ').split('\n');
  const worded = lines.findIndex(hasWords);
  const quote = lines.findIndex((_line, i) => beginsQuote(lines, i, { own, above: worded >= 0 && worded < i }));
  const above = quote < 0 ? lines : lines.slice(0, quote);
  const words = wordsOf(above);
  return (words === '' && quote >= 0 && !isForwarded(lines, quote, own) ? wordsOf(below(lines.slice(quote + 1))) : words).slice(0, MAX_CHARS);
}

/** What stands behind the head of a letter that is not ours was written by somebody else. */
function isForwarded(lines: readonly string[], i: number, own: readonly string[]): boolean {
  const head = lines.slice(i, i + 8);
  const headed = ORIGINAL.test(head[0] ?? '') || FROM.test(head.find((line) => line.trim() !== '' && !RULE.test(line)) ?? '');
  return headed && !own.some((address) => head.join('\n').toLowerCase().includes(address));
}

/** `above`: something was written above this line. */
function beginsQuote(lines: readonly string[], i: number, { own, above }: { own: readonly string[]; above: boolean }): boolean {
  const line = lines[i] ?? '';
  if (ORIGINAL.test(line)) return true;
  if (RULE.test(line) && (above || isQuoted(lines.slice(i + 1, i + 6).find((next) => next.trim() !== '') ?? ''))) return true;
  if (FROM.test(line) && isHeaderBlock(lines, i, above)) return true;
  // Mail programs wrap the long line that says who wrote when.
  return [1, 2, 3].some((n) => {
    const part = lines.slice(i, i + n);
    if (part.length < n || part.some((one) => one.trim() === '')) return false;
    const joined = part.join(' ');
    return ATTRIBUTION.test(joined) || (/:\s*$/.test(joined) && own.some((address) => joined.toLowerCase().includes(address)));
  });
}

/**
 * The lines "From, Sent, To, Subject" that Outlook puts above a quotation. At the very top they have to be more certain: a
 * mail may begin with "Từ: 70% đã họp" and go on with "Ngày: 1/1".
 */
function isHeaderBlock(lines: readonly string[], i: number, above: boolean): boolean {
  const headers = lines.slice(i + 1, i + 5).filter((line) => SENT.test(line));
  return headers.length > 0 && (headers.length > 2 || above || [lines[i] ?? '', ...headers].some((line) => line.includes('@')));
}

const isQuoted = (line: string): boolean => FROM.test(line) || ORIGINAL.test(line) || ATTRIBUTION.test(line) || /^\s*>/.test(line);

/** Whether anything but quoted lines and strokes was written. */
export const hasWords = (text: string): boolean => text.split('\n').some((line) => !/^\s*>/.test(line) && /[\p{L}\p{N}]/u.test(line));

/** An answer written below the quoted lines; only where the quotation shows its end by ">". */
function below(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => /^\s*>/.test(line));
  return last < 0 ? [] : lines.slice(last + 1);
}

function wordsOf(lines: readonly string[]): string {
  const own = lines.filter((line) => !/^\s*>/.test(line));
  const first = own.findIndex((line) => line.trim() !== '');
  if (first < 0) return '';
  const greeted = GREETING.test(own[first] ?? '') && !says(own.slice(first, first + 1), [REFUSES, SPEAKS]) && own.slice(first + 1).some((line) => line.trim() !== '');
  const body = own.slice(greeted ? first + 1 : first);
  const end = body.findIndex((_line, i) => beginsSignature(body, i));
  return (end < 0 ? body : body.slice(0, end)).join('\n').replace(/\n{3,}/g, '\n\n').trim();
}

/** Whatever stands behind is taken off, so it must not say anything: "Trân trọng, … P/S: tôi không dự được nữa". */
function beginsSignature(body: readonly string[], i: number): boolean {
  const line = body[i] ?? '';
  const behind = body.slice(i + 1);
  if (SIGNATURE.test(line) || DEVICE.test(line)) return !says(behind, [REFUSES]);
  return CLOSING.test(line) && body.slice(0, i).some((before) => before.trim() !== '') && !says(behind, [REFUSES, SPEAKS]);
}

const says = (lines: readonly string[], patterns: readonly RegExp[]): boolean => lines.some((line) => patterns.some((pattern) => pattern.test(line.trim().toLowerCase())));
