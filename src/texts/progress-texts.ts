import type { ProgressEntry, Task } from '../directives/task.model.js';
import { yearOf } from '../kernel/local-date.js';
import { cut, MAX_BUTTONS, quoted, shortCode, taskButtons } from './common-texts.js';
import type { Button, Message } from './message.js';

/** Why a report was not understood; see the parser of "/capnhat". */
export type NotUnderstood = 'percent-range' | 'which-number' | 'which-task' | 'percent-in-text' | 'about-percent' | 'code-in-text' | 'done-or-not' | 'no-words';

/** The right form, on the reader's own task where it is known. */
const formOf = (code = 'NV-12', percent = 70): string => `/capnhat ${code} ${percent}% nội dung`;

/** Who hears of a report; `held`: sending is on hold, so that the Office hears of it later. */
const officeHears = (held: boolean): string => (held ? 'Văn phòng UBND tỉnh sẽ được báo khi mở lại việc gửi.' : 'Văn phòng UBND tỉnh đã được báo.');

/** What was written down, in the person's own words. `before`: the percent it had; `held`: sending is on hold. */
export function progressSaved(task: Task, entry: ProgressEntry, { before, held = false }: { before: number | undefined; held?: boolean }): Message {
  const note = entry.note ? ` — ${quoted(cut(entry.note, 200))}` : '';
  const lowered = before !== undefined && entry.percent < before ? ` (trước đó ${before}%)` : '';
  const next =
    entry.stage === 'submitted'
      ? 'Nhiệm vụ chuyển sang chờ Văn phòng UBND tỉnh xác nhận.'
      : officeHears(held);
  return { text: `✅ Đã ghi nhận ${task.code}: ${entry.percent}%${lowered}${note}. ${next}\n${correction(task, entry)}` };
}

/** How a slip is put right: the log keeps both lines, the later one counts. */
const correction = (task: Task, entry: ProgressEntry): string => `Nếu chưa đúng, đề nghị gõ lại mã, số đúng và lý do, ví dụ: ${shortCode(task.code, yearOf(entry.at))} ${near(entry.percent)}% nhập nhầm.`;

/** Another number beside the one written down. */
const near = (percent: number): number => (percent >= 95 ? percent - 5 : percent + 5);

/** A note without a percent. `held`: sending is on hold. */
export const noteSaved = (task: Task, entry: ProgressEntry, held = false): Message => ({
  text: `✅ Đã ghi nhận nội dung ${task.code}: ${quoted(cut(entry.note, 200))}. Tiến độ giữ nguyên ${entry.percent}%. ${officeHears(held)}`,
});

/** After a tap on "Cập nhật": one question. */
export const askProgress = (task: Task): Message => ({
  text: [
    `Cập nhật ${task.code} (đang ghi nhận ${task.percent}%): ${cut(task.content, 120)}`,
    'Đề nghị đồng chí gửi tiến độ và nội dung trong 10 phút tới, ví dụ: 70% đã họp với các đơn vị. Đã xong toàn bộ thì gõ: xong.',
  ].join('\n'),
});

/** Words typed that a button can still put where they belong. `token`: the end of the button's command. */
export interface KeptWords {
  words: string;
  token: string;
}

/** More than one task is open, and none was named. `said`: something was typed; it is lost unless `kept`. */
export function whichTask(open: readonly Task[], year: number, said: boolean, kept?: KeptWords): Message {
  const buttons: Button[] = open.slice(0, MAX_BUTTONS).map((task) => ({ label: shortCode(task.code, year), command: `/capnhat ${task.code}${kept ? ` ${kept.token}` : ''}` }));
  const more = open.length > MAX_BUTTONS ? ' Gõ /nhiemvu để xem tất cả.' : '';
  if (kept) {
    const lines = open.slice(0, MAX_BUTTONS).map((task) => `${shortCode(task.code, year)}: ${cut(task.content, 60)}`);
    return { text: [`Chưa rõ đồng chí cập nhật nhiệm vụ nào, nội dung trên chưa được ghi nhận. Chọn mã nhiệm vụ để ghi ${quoted(cut(kept.words, 120))} vào nhiệm vụ đó:${more}`, ...lines].join('\n'), buttons };
  }
  return {
    text: `Chưa rõ đồng chí cập nhật nhiệm vụ nào${said ? ', nội dung trên chưa được ghi nhận' : ''}. Gõ: ${formOf(open[0] && shortCode(open[0].code, year))}, hoặc chọn một nhiệm vụ đang mở.${more}`,
    buttons,
  };
}

/**
 * Words that are a report for all we know, on this task: nothing is written before a tap. `percent`: what they seem to say;
 * `why` we ask. Words alone are offered too, except where the number is all they say.
 */
export function isThisMeant({ code, content, percent: stands }: Task, { words, token, percent, why }: KeptWords & { percent: number | undefined; why: NotUnderstood }, year: number): Message {
  const short = shortCode(code, year);
  const done = percent === 100 ? `Báo hoàn thành ${short}` : `Ghi ${percent}% vào ${short}`;
  const correct = percent === undefined && why === 'done-or-not' ? `đã hoàn thành toàn bộ, đề nghị gõ: ${short} xong` : 'chưa đúng, đề nghị gõ lại mã và số đúng';
  return {
    text: [`Chưa ghi nhận ${quoted(cut(words, 120))}: ${meantOf(code, { percent, why })}`, `Đang ghi nhận ${stands}%: ${cut(content, 120)}`, `Đúng thì chọn mục dưới đây; ${correct}.`].join('\n'),
    buttons: [
      ...(percent === undefined ? [] : [{ label: done, command: `/capnhat ${code} ${percent}% ${token}` }]),
      ...(percent === undefined || why !== 'about-percent' ? [{ label: `Ghi nội dung vào ${short}, giữ ${stands}%`, command: `/capnhat ${code} ghi ${token}` }] : []),
    ],
  };
}

/** The question about such words. */
function meantOf(code: string, { percent, why }: { percent: number | undefined; why: NotUnderstood }): string {
  if (percent === 100) return `có phải đã hoàn thành toàn bộ ${code} (100%)?`;
  if (percent !== undefined) return `có phải ${code} đạt ${percent}%?`;
  return why === 'done-or-not' ? `chưa rõ ${code} đã hoàn thành toàn bộ hay chưa.` : `có phải nội dung báo cáo ${code}?`;
}

/** The same in a letter in the thread of the task, which needs no code: the sentence to answer with. */
export function letterUnclear({ code }: Task, { why, words, percent }: { why: NotUnderstood; words: string; percent: number | undefined }): Message {
  const answer = percent === 100 ? '“xong”' : percent === undefined ? '“70% đã họp với các đơn vị”' : `“${percent}%”`;
  const first = percent === undefined ? `${reasons[why]}, nên chưa ghi nhận ${quoted(cut(words, 120))} vào ${code}.` : `Chưa ghi nhận ${quoted(cut(words, 120))}: ${meantOf(code, { percent, why })}`;
  const how = percent === undefined ? `Đề nghị trả lời thư này bằng phần trăm rồi nội dung, ví dụ: ${answer}${why === 'done-or-not' ? ', hoặc “xong” khi đã hoàn thành toàn bộ' : ''}.` : `Nếu đúng, đề nghị trả lời thư này: ${answer}, kèm nội dung nếu có; chưa đúng thì ghi số đúng.`;
  return { text: `${first}\n${how}`, buttons: taskButtons(code) };
}

/** Nothing is open to report on. */
export const nothingToReport = (): Message => ({ text: 'Hiện đồng chí không có nhiệm vụ nào đang mở để cập nhật.' });

const reasons: Readonly<Record<NotUnderstood, string>> = {
  'percent-range': 'Tiến độ là số nguyên từ 0 đến 100',
  'which-number': 'Chưa rõ con số trong tin là phần trăm, mã nhiệm vụ hay số lượng',
  'which-task': 'Chưa rõ đồng chí cập nhật nhiệm vụ nào',
  'percent-in-text': 'Chưa rõ tiến độ của nhiệm vụ là bao nhiêu phần trăm',
  'about-percent': 'Chưa rõ con số chính xác của tiến độ',
  'code-in-text': 'Chưa rõ nội dung trên có phải là báo cáo tiến độ không',
  'done-or-not': 'Chưa rõ nhiệm vụ đã hoàn thành toàn bộ hay còn phần việc khác',
  'no-words': 'Tin chưa có nội dung cập nhật',
};

/** On doubt nothing is written: the reason, and the right form, with the one number that was typed. */
export function notUnderstood(why: NotUnderstood, now: Date, code?: string, percent?: number): Message {
  const reason = percent === undefined ? reasons[why] : `Chưa rõ ${percent}% có phải là tiến độ của nhiệm vụ không`;
  const done = why === 'done-or-not' ? `, hoặc: /capnhat ${code ? shortCode(code, yearOf(now)) : 'NV-12'} xong` : '';
  return { text: `${reason}, nên chưa ghi nhận.\nĐề nghị gõ phần trăm ngay sau mã: ${formOf(code, percent)}${done}.`, ...(code ? { buttons: taskButtons(code) } : {}) };
}

/** "Đã nhận" has been written down. */
export const taskAcknowledged = (task: Task, now: Date): Message => ({
  text: `✅ Đã ghi nhận ${task.code}: cơ quan đã nhận nhiệm vụ. Khi có kết quả, đề nghị cập nhật: /capnhat ${shortCode(task.code, yearOf(now))} 70% nội dung.`,
  buttons: taskButtons(task.code),
});

/** Several years have a task of this number; `command` is what was asked of it. */
export const sameNumber = (found: readonly Task[], command = 'capnhat'): Message => ({
  text: `Có ${found.length} nhiệm vụ cùng số này ở các năm khác nhau. Đề nghị chọn một nhiệm vụ, hoặc gõ mã đầy đủ như ${found[0]?.code ?? 'NV-2026-00012'}.`,
  buttons: found.slice(0, MAX_BUTTONS).map((task) => ({ label: task.code, command: `/${command} ${task.code}` })),
});

/** A task of a secret document is not spoken of in a chat, not even by its code. */
export const notInChat = (): Message => ({ text: 'Việc này chỉ xem và cập nhật trên hệ thống, mời đồng chí đăng nhập. Nội dung trên chưa được ghi nhận.', onlyInSystem: true });
