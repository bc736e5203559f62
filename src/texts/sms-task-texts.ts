import type { Task } from '../directives/task.model.js';
import { yearOf } from '../kernel/local-date.js';
import { cut, shortCode } from './common-texts.js';
import { NEUTRAL_ANSWER } from './content-policy.js';
import { readablePhone } from './delivery-texts.js';
import { stageLabels } from './labels.js';
import type { Message } from './message.js';
import { toPlain } from './sms/charset.js';
import { excerptOf } from './sms/excerpt.js';
import type { Moment } from './task-texts.js';
import { dueWithRemaining } from './when-texts.js';

/** Answers by SMS about tasks, written with diacritics like all others; the SMS room takes them off. */
const sms = (text: string): Message => ({ text });

/** "DA NHAN NV-12" was written down. */
export const smsTaskAcknowledged = ({ code }: { code: string }, now: Date): Message => sms(`Đã ghi ${shortCode(code, yearOf(now))}: đồng chí đã nhận nhiệm vụ.`);

/** "NV-12 70 nội dung" was written down. */
export const smsProgressSaved = ({ code }: { code: string }, { percent, note }: { percent: number; note: string }, now: Date): Message =>
  sms(`Đã ghi ${shortCode(code, yearOf(now))}: ${percent}%${note ? `, ${cut(note, 60)}` : ''}.${percent === 100 ? ' Chờ Văn phòng xác nhận.' : ''}`);

/** A report that can be read in two ways; `number`: of the task it names; `percent`: what it may say; `done`: all of it, or not? */
export function smsReportUnclear({ number, percent, done = false }: { number?: number | undefined; percent?: number | undefined; done?: boolean } = {}): Message {
  const code = `NV-${number ?? 12}`;
  if (done) return sms(`Chưa ghi. Đã hoàn thành toàn bộ ${code} thì soạn: ${code} 100. Chưa xong hết thì soạn: ${code}, số phần trăm, nội dung.`);
  if (number !== undefined && percent !== undefined) return sms(`Chưa ghi. Có phải ${code} đạt ${percent}%? Đúng thì soạn: ${code} ${percent} và nội dung nếu có; chưa đúng, đề nghị soạn lại số đúng.`);
  return sms(`Chưa ghi. Đề nghị soạn mã, số phần trăm rồi nội dung, ví dụ: ${code} ${percent ?? 70} đã họp các đơn vị.`);
}

/** Words that speak of progress and name no task: of the only one that is open, or of which? */
export function smsProgressOf(codes: readonly string[], { percent, now }: { percent: number | undefined; now: Date }): Message {
  const short = codes.map((code) => shortCode(code, yearOf(now)));
  const [first = 'NV-12', another] = short;
  const example = `${first} ${percent ?? 70}`;
  if (another) return sms(`Chưa ghi: chưa rõ báo cáo việc nào (${short.slice(0, 5).join(', ')}). Đề nghị soạn kèm mã, ví dụ: ${example} nội dung.`);
  return sms(percent === undefined ? `Chưa ghi. Báo cáo ${first}: soạn mã, số phần trăm rồi nội dung, ví dụ: ${example} nội dung.` : `Chưa ghi. Có phải ${first} đạt ${percent}%? Đúng thì soạn: ${example} và nội dung nếu có.`);
}

/** Somebody of the Office with their number, or the Office's number. */
export type WhomToCall = { name: string; phone: string } | string;

const called = (call: WhomToCall | null): string => (call === null ? 'gọi Văn phòng' : typeof call === 'string' ? `gọi ${call}` : `gọi đồng chí ${call.name}, ${readablePhone(call.phone)}`);

/** To a request for more time on a task: deadlines are moved by the Office alone. */
export const smsMoreTime = ({ code }: { code: string }, { now, call }: { now: Date; call: WhomToCall | null }): Message =>
  sms(`Chưa ghi. Gia hạn ${shortCode(code, yearOf(now))} do Văn phòng xem xét, không ghi qua tin nhắn: đề nghị ${called(call)}. Nội dung tin đã lưu để Văn phòng đọc.`);

/** The same, of a task that is not named. */
export function smsMoreTimeWhich(codes: readonly string[], { now, call }: { now: Date; call: WhomToCall | null }): Message {
  const which = codes.length > 1 ? ` hoặc soạn kèm mã (${codes.slice(0, 4).map((code) => shortCode(code, yearOf(now))).join(', ')})` : '';
  return sms(`Chưa ghi. Gia hạn do Văn phòng xem xét, không ghi qua tin nhắn: đề nghị ${called(call)}${which}.`);
}

/** Most characters of the content in an answer to who asks. */
export const MOST_CONTENT = 200;
/** Two parts. */
const TWO_PARTS = 306;

/** What a task is, to somebody who asks; `most`: so much of the content; `call`: where the question was another one, which only a person can answer. */
export function smsTaskDetails(task: Task, { now, calendar, most, mayReport, call }: Moment & { most: number; mayReport: boolean; call: WhomToCall | null }): Message {
  const short = shortCode(task.code, yearOf(now));
  const how = task.stage === 'new' ? `soạn DA NHAN ${short} hoặc ${short} 70 nội dung` : `soạn ${short} 70 nội dung`;
  const behind = [
    `Hạn: ${dueWithRemaining(task, now, calendar)}. ${stageLabels[task.stage]} ${task.percent}%.`,
    ...(mayReport ? [`Trả lời: ${how}.`] : []),
    ...(call === null ? [] : [`Tin trên chưa ghi là báo cáo; hỏi thêm: ${called(call)}.`]),
  ].join(' ');
  const head = `Nội dung ${short}: `;
  const content = most === 0 ? 'xem trên hệ thống' : excerptOf(task.content, Math.max(60, Math.min(most, TWO_PARTS - toPlain(`${head}. ${behind}`).length)));
  return sms(`${head}${content.replace(/\.$/, '')}. ${behind}`);
}

/** A secret matter: not even what it is. */
export const smsSecretTask = (): Message => sms(NEUTRAL_ANSWER);

/** Several tasks carry that number, or the matter is not for this way. */
export const smsTaskElsewhere = (): Message => sms('Chưa ghi. Đề nghị báo cáo nhiệm vụ này trên hệ thống Nhắc Việc.');

/** A task answered from a number several people share. */
export const smsTaskUnclearWho = (): Message => sms('Chưa ghi: số này nhiều người dùng chung. Đề nghị báo cáo qua Zalo hoặc trên hệ thống.');
