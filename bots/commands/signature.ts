import { isPersonName } from './person-name.js';
import { foldInPlace } from './tidy.js';
import { lowerInPlace, words } from './typed-words.js';

const LONGEST_LINE = 100;
const CLOSING = new RegExp(String.raw`^${words('trân trọng|trân trọng kính chào|trân trọng cảm ơn|trân trọng kính báo|xin trân trọng cảm ơn|xin cảm ơn|cảm ơn|kính thư|kính báo|thân ái')}[\s.,!]*$`, 'u');
const POST = /^(?:(?:q\.?|quyen|pho|tl\.?|kt\.?|tm\.?) ?)*(?:giam doc|chu tich|truong (?:phong|ban|doan)|pho|chanh (?:van phong|thanh tra)|bi thu|chuyen vien|van thu|can bo|cong chuc|ke toan|hieu truong|vien truong|chi cuc truong|cuc truong|tong giam doc|thu ky)(?!\p{L})/u;
const OFFICE = /^(?:so|ubnd|hdnd|van phong|vp|phong|trung tam|chi cuc|cuc|cong an|bo chi huy|ban (?:dan toc|quan ly|chi huy|chi dao|to chuc|tuyen giao|dan van|noi chinh|phap che|thuong truc)|huyen uy|thanh uy|tinh uy|dang uy|tinh|thanh pho|thi xa|huyen|xa|phuong|thi tran|truong|benh vien|kho bac|uy ban)(?!\p{L})/u;
const LABEL = String.raw`(?:sdt|dt|dtdd|dd|dien thoai|di dong|tel|phone|mobile|hotline|fax|e-?mail|mail|website|web)[ :.]*`;
const CONTACT = new RegExp(String.raw`^(?:(?:${LABEL})?(?:\+?[\d(][\d\s().\-]{6,20}\d|[\w.+-]+@[\w.-]+|(?:https?://|www\.)\S+)[\s;,|/\-]*)+$`, 'u');
/** Words of an answer; a post or an office has none of them. */
const SPEAKS = new RegExp(
  String.raw`[?%]|(?<!\p{L})(?:${words('không|ko|chưa|chẳng|vắng|!bận|ốm|nhưng|nếu|muộn|trễ|trực tuyến|online|từ chối|xin|sẽ|!đã|đang|tôi|em|!mình|nhầm|!hủy|!huỷ|rút|thôi|!lại|đi|đến|nghỉ|thay|cử|họp|tham dự|có mặt|trước|hoãn|quên|đính chính|vẫn|được|cho')}|ban (?:hop|viec|cong tac|roi)|${words('dự')}(?! án| an)|${words('bệnh')}(?! viện| vien))(?!\p{L})`,
  'u',
);

const pieces = (line: string): string[] => line.split(/\s+[-–|]\s+|[,;|]\s+/u).filter((piece) => piece.trim() !== '');
const isPost = (piece: string): boolean => (POST.test(foldInPlace(piece)) || OFFICE.test(foldInPlace(piece))) && !SPEAKS.test(lowerInPlace(piece)) && !/\d/.test(piece);

function isSignature(line: string): boolean {
  if (line.length > LONGEST_LINE) return false;
  return CONTACT.test(foldInPlace(line)) || pieces(line).every((piece) => isPersonName(piece) || isPost(piece.trim()) || CONTACT.test(foldInPlace(piece.trim())));
}

const names = (line: string): boolean => pieces(line).some(isPersonName);

/**
 * The words above a plain signature: a name, a post, an office, a telephone, behind an empty line or a closing formula. Every
 * line of it has one of these closed forms and a name is among them, so that nothing somebody says is ever taken off.
 */
export function withoutSignature(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  for (let i = 1; i < lines.length; i++) {
    const behind = lines.slice(i).filter((line) => line !== '');
    const begins = lines[i] !== '' && (lines[i - 1] === '' || CLOSING.test(lowerInPlace(lines[i - 1] ?? '')));
    if (begins && behind.every(isSignature) && behind.some(names) && lines.slice(0, i).some((line) => line !== '')) return lines.slice(0, i).join('\n').trim();
  }
  return text;
}
