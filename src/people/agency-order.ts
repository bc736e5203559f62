import type { Agency } from './agency.model.js';

/** The provincial level as documents list it; communes of all kinds come after it. */
const LEVELS: readonly Agency['type'][] = ['province', 'office', 'office-unit', 'department', 'inspectorate', 'board', 'service-unit', 'vertical', 'ward', 'commune', 'special-zone'];

/** The departments in the order of NĐ 150/2025, the optional ones after the twelve; a department not named here follows them A to Z. */
const DEPARTMENTS = ['Nội vụ', 'Tư pháp', 'Tài chính', 'Công Thương', 'Nông nghiệp', 'Xây dựng', 'Khoa học', 'Văn hóa', 'Giáo dục', 'Y tế', 'Ngoại vụ', 'Dân tộc', 'Du lịch'];

const vietnamese = new Intl.Collator('vi');

type Named = Pick<Agency, 'type' | 'name' | 'order'>;

/** A place given by people comes before every place that is not. */
const placeOf = ({ order }: Named): number => order ?? Number.MAX_SAFE_INTEGER;

function rankOf({ type, name }: Named): number {
  const bare = name.normalize('NFC').replace(/^Sở\s+/, '');
  const place = type === 'department' ? DEPARTMENTS.findIndex((one) => bare.startsWith(one)) : 0;
  return LEVELS.indexOf(type) * 100 + (place < 0 ? 99 : place);
}

const isCommune = ({ type }: Named): boolean => type === 'commune' || type === 'ward' || type === 'special-zone';

/** Without the words before the name, so that "Phường Sa Pa" and "Xã Bát Xát" stand in one list. */
const bareName = ({ name }: Named): string => name.replace(/^(?:UBND\s+)?(?:xã|phường|đặc khu)\s+/i, '');

/**
 * For sorting agencies as an office lists them: the province, its Office, departments, others; then communes A to Z in
 * Vietnamese order. A place given to an agency (`order`) counts first among those of its level.
 */
export function inOfficialOrder(a: Named, b: Named): number {
  const level = Number(isCommune(a)) - Number(isCommune(b));
  if (level !== 0) return level;
  if (placeOf(a) !== placeOf(b)) return placeOf(a) - placeOf(b);
  if (isCommune(a)) return vietnamese.compare(bareName(a), bareName(b));
  return rankOf(a) - rankOf(b) || vietnamese.compare(a.name, b.name);
}
