import { stripDiacritics } from '../../src/kernel/fold.js';

/** Family names of the province's peoples, as marked; the ones that are another word without marks count with their marks only. */
const SURNAMES =
  'nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi hồ ngô dương lý đào đoàn vương trịnh trương đinh lâm phùng mai cao hà lưu lương châu tạ tống giàng lò lù thào tẩn chảo nông triệu sùng hầu hạng tráng quàng cầm lèo lộc bế hứa thạch mạc kiều quách thái chu ninh nghiêm đàm khuất tô đỗ bàn phàn vàng cư mùa thền ma la lục vi vừ sì phù hảng đồng doãn tăng tôn viên'.split(' ');
/** "Do", "ban", "vang", "cu", "to", "mua", "vi", "la", "ma" are other words as they stand. */
const AMBIGUOUS = new Set(['do', 'ban', 'vang', 'cu', 'to', 'mua', 'vi', 'la', 'ma', 'then', 'phu', 'tang', 'ton', 'vien', 'dong', 'be', 'hua', 'si']);
const KNOWN = new Set(SURNAMES.flatMap((name) => [...(AMBIGUOUS.has(name) ? [] : [name]), ...(AMBIGUOUS.has(stripDiacritics(name)) ? [] : [stripDiacritics(name)])]));
/** No part of a name. */
const SPEAKS = new Set('không khong ko chưa vắng vâng dự tham bận ốm nhầm nham hủy huỷ rút họp hop muộn trễ đến đi thôi thoi từ chối xin sẽ se có tôi toi em'.split(' '));

/** Is this a full name, and nothing else: two to six capitalised words, the first a family name? */
export function isPersonName(typed: string): boolean {
  const parts = typed.normalize('NFC').trim().split(/\s+/);
  if (parts.length < 2 || parts.length > 6 || !parts.every((part) => /^\p{Lu}\p{L}*$/u.test(part))) return false;
  const [first = '', ...rest] = parts.map((part) => part.toLowerCase());
  return KNOWN.has(first) && rest.every((part) => !SPEAKS.has(part));
}
