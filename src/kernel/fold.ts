/**
 * Text for comparing and searching: Vietnamese diacritics removed, đ -> d, lower case, single spaces.
 * "GIẢI NGÂN", "giải ngân" in NFD and "giai  ngan" all give "giai ngan".
 */
export const fold = (text: string): string => stripDiacritics(text).toLowerCase().replace(/\s+/g, ' ').trim();

/** Same letters without diacritics, case kept (SMS text). */
export const stripDiacritics = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').normalize('NFC');
