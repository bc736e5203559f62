import type { Button } from './message.js';

/** What every secret matter says on a third party's channel, and nothing else but where to sign in. */
export const SECRET_NOTICE = '🔔 Kính gửi đồng chí: có việc mới, đề nghị đồng chí đăng nhập hệ thống Nhắc Việc để xem.';

/** The same, with the address of the system where it is known (PUBLIC_URL). */
export const secretNoticeText = (publicUrl?: string): string => (publicUrl ? `${SECRET_NOTICE}\n${publicUrl}` : SECRET_NOTICE);

/** "nhận thay đồng chí Hoàng Văn Dật": in somebody's place. */
export const inPlaceOf = ({ name }: { name: string }): string => `nhận thay đồng chí ${name}`;

/** People's words between Vietnamese quotation marks. */
export const quoted = (words: string): string => `“${words}”`;

/** Cuts on a word, at most `max` characters with the dots; line breaks become blanks. Never cuts a letter in two. */
export function cut(text: string, max: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line;
  const head = line.slice(0, max - 1);
  const lastBlank = line[max - 1] === ' ' ? head.length : head.lastIndexOf(' ');
  const kept = lastBlank > max / 2 ? head.slice(0, lastBlank) : head.replace(/[\ud800-\udbff]$/, '').replace(/\p{M}+$/u, '');
  return `${kept.replace(/[\s,;:.–-]+$/, '')}…`;
}

/** "NV-2026-00012" as people say it: "NV-12" within its year, in full for other years. */
export function shortCode(code: string, year: number): string {
  const parts = /^([A-Z]+)-(\d{4})-0*(\d+)$/.exec(code);
  return parts && Number(parts[2]) === year ? `${parts[1]}-${parts[3]}` : code;
}

/** "Kính gửi đồng chí Hoàng Văn Dật, Giám đốc Sở Tài chính."; an agency has no post: "Kính gửi Sở Tài chính." */
export const addressed = ({ name, position }: { name: string; position: string }): string =>
  position ? `Kính gửi đồng chí ${name}, ${position}.` : `Kính gửi ${name}.`;

/** Buttons under everything that asks for an answer on a task. */
export const taskButtons = (code: string): Button[] => [
  { label: 'Cập nhật', command: `/capnhat ${code}` },
  { label: 'Chi tiết', command: `/chitiet ${code}` },
];

/** Under a task just assigned: to take note of it comes first. */
export const newTaskButtons = (code: string): Button[] => [{ label: 'Đã nhận', command: `/danhan ${code}` }, ...taskButtons(code)];

/** Channels draw at most five buttons. */
export const MAX_BUTTONS = 5;
