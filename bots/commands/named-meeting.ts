import type { TaskRef } from './task-code.js';
import { foldInPlace } from './tidy.js';

/** "HOP-2", "HOP 2026/00002", "họp số 2", "cuộc họp 2", "giấy mời số 2"; "họp 9h", "họp 3 xã", "họp 9/11" name none. */
const CODED = String.raw`hop ?[-_.#] ?|hop(?=\d)|(?:cuoc |lich )?hop so[ :]*|cuoc hop[ :#]+|(?:giay|thu) moi(?: hop)? so[ :]*`;
const NUMBER = String.raw`(?:(20\d\d)\s*[-_/.]\s*)?0*(\d{1,7})(?!\d)`;
const NOT_A_NUMBER = String.raw`(?! ?(?:h|g|gio|phut|ngay|thang|xa|phuong|nguoi|don vi|ben|cap|lan)(?!\p{L})| ?[:/]\s?\d)`;
const FIRST = String.raw`(?:^|[,;:.!\n(]\s*|(?<![\p{L}\d])(?:vang|mat|du|den|nghi|nhan) )hop `;
const MEETING = new RegExp(String.raw`(?<![\p{L}\d])(?:${CODED})${NUMBER}${NOT_A_NUMBER}|${FIRST}${NUMBER}${NOT_A_NUMBER}(?=\s*$|\s*[,;.!)])`, 'gu');

/** The meetings named in a text, by number. */
export function meetingsNamed(text: string): TaskRef[] {
  return [...foldInPlace(text).matchAll(MEETING)].map(([, year, number, laterYear, laterNumber]) => refOf(number ?? laterNumber ?? '', year ?? laterYear));
}

const refOf = (number: string, year: string | undefined): TaskRef => ({ number: Number(number), ...(year ? { year: Number(year) } : {}) });

/** The text without the code of the meeting it answers ("HOP-2026-00031"); null: it names another one. */
export function withoutOwnMeeting(text: string, about: string | undefined): string | null {
  const [, year, number] = /^HOP-(\d{4})-(\d+)$/.exec(about ?? '') ?? [];
  const named = meetingsNamed(text);
  if (named.length === 0) return text;
  if (named.some((one) => one.number !== Number(number) || (one.year !== undefined && one.year !== Number(year)))) return null;
  // Positions hold: folding keeps every character in its place.
  let bare = text;
  for (const found of [...foldInPlace(text).matchAll(MEETING)].reverse()) {
    const lead = /^(?:[,;:.!\n(]\s*|(?:vang|mat|du|den|nghi|nhan) )/u.exec(found[0])?.[0].length ?? 0;
    bare = `${bare.slice(0, found.index + lead)}${bare.slice(found.index + found[0].length)}`;
  }
  return bare.replace(/\(\s*\)/g, ' ').replace(/ +(?=[\s,.;:!]|$)/g, '').replace(/[,;:]+(?=\s*(?:[.!]|$))/g, '').trim();
}
