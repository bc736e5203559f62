import { meetingsNamed } from './named-meeting.js';
import { takeCode, tasksNamed, type TaskRef } from './task-code.js';
import { foldInPlace, tidy } from './tidy.js';

/** A question about one task. `plain`: it asks what the task is or until when, and says nothing else. */
export interface TaskQuestion {
  task: TaskRef;
  plain: boolean;
}

/** Words of which a plain question is made, with or without the code between them. */
const PLAIN = /^(?:(?:cho|xin|hoi|toi|em|minh|anh|chi|dong chi|da|thua|a|nhe|voi|gui|ve|xem|doc|biet|noi dung|chi tiet|thong tin|tra cuu|cu the|viec|nhiem vu|van ban|han|thoi han|han xu ly|han chot|la|lam|gi|j|nao|the|nay|do|bao gio|khi nao|ngay nao|ngay may|den|may gio|cua|con|may ngay|bao nhieu ngay)(?!\p{L})[\s,.?!:-]*|[?\s,.:-]+)*$/u;
/** At least one of them asks. */
const ASKS = /\?|(?<!\p{L})(?:gi|j|nao|bao gio|hoi|xem|noi dung|chi tiet|thong tin|tra cuu|han|may gio|ngay may|may ngay|bao nhieu ngay)(?!\p{L})/u;
/** "Đã gửi nội dung" has been done. */
const HAS_BEEN = /(?<!\p{L})(?:da|dang|vua) (?:gui|xem|doc|biet|lam)(?!\p{L})/u;
/** A question in whatever words; typed without marks, "hay không" and "hay chưa" are questions at the end only. */
const QUESTION = new RegExp(
  [
    String.raw`\?`,
    String.raw`(?<!\p{L})(?:la (?:(?:viec|nhiem vu|van ban|cai) )?(?:gi|j|nao|sao)|(?:viec|noi dung|lam|can|cai|van ban|mau|don vi|co quan|phong|nguoi) (?:gi|nao|j)|bao gio|khi nao|luc nao|ngay nao|hom nao|(?:cho|voi|bao|hoi|gap|gui) ai|ai (?:phu trach|theo doi|nhan|chu tri|lam)|lam sao|lam the nao|nhu the nao|the nao|ra sao|o dau|ve dau|tai sao|vi sao|sao (?:lai|chua|khong)|bao nhieu|may (?:ngay|gio))(?!\p{L})`,
    String.raw`(?<!\p{L})(?:duoc|phai|dung|can) (?:khong|ko|k|hong|hok)(?: (?:a|anh|chi|em|vay|the|nhi|dong chi))*[\s.!]*$`,
    String.raw`^(?:da |thua )?(?:xin |cho )?(?:toi |em )?(?:xin )?hoi(?!\p{L})`,
  ].join('|'),
  'u',
);

/**
 * Reads an SMS that asks about the one task it names: "NV-27", "nv 27 la viec gi", "noi dung NV-27", "NV-27 gui cho ai".
 * A question is never a report, whatever number stands in it. Undefined: it asks nothing, or names several matters.
 */
export function readTaskQuestion(typed: string): TaskQuestion | undefined {
  const text = tidy(typed);
  const [named, another] = tasksNamed(text);
  if (!named || another || meetingsNamed(text).length > 0) return undefined;
  const words = foldInPlace(`${text.slice(0, named.at)} ${text.slice(named.at + named.length)}`).trim();
  if (!/[\p{L}\d?]/u.test(words)) return { task: named.task, plain: true };
  if (PLAIN.test(words) && ASKS.test(words) && !HAS_BEEN.test(words)) return { task: named.task, plain: true };
  return QUESTION.test(words) ? { task: named.task, plain: false } : undefined;
}

/** The number that stands right behind the code, if it can be a percent: "NV-27 35 ho da xong". */
export function numberBehindCode(typed: string): number | undefined {
  const digits = /^(\d{1,3})(?![\d.,/:-]*\d)/.exec(foldInPlace(takeCode(tidy(typed))?.rest ?? ''))?.[1];
  return digits !== undefined && Number(digits) <= 100 ? Number(digits) : undefined;
}
