import { formatWeekday } from '../kernel/local-date.js';
import { cut, quoted } from './common-texts.js';
import { meetingTime, type MeetingFacts } from './meeting-texts.js';
import type { Message } from './message.js';

/** "1,2 MB", "340 KB". */
export const sizeText = (bytes: number): string =>
  bytes >= 1_000_000 ? `${(bytes / 1_000_000).toFixed(1).replace('.', ',')} MB` : `${Math.max(1, Math.round(bytes / 1_000))} KB`;

interface FileFacts {
  name: string;
  size: number;
}

const fileLine = ({ name, size }: FileFacts): string => `Tệp: ${quoted(cut(name, 100))} (${sizeText(size)}).`;

/** A document for a meeting follows the invitation. */
export const meetingFile = (meeting: MeetingFacts, file: FileFacts, now: Date): Message => ({
  text: [`📅 Tài liệu họp · ${meeting.code}`, `${meetingTime(meeting.startsAt, now)}, tại ${cut(meeting.place, 200)}.`, fileLine(file)].join('\n'),
});

/** The text of a directing document, or what belongs to it. */
export const taskFile = (task: { code: string; directive: { symbol: string; issuedOn: string } }, file: FileFacts): Message => ({
  text: [`🔔 Tài liệu kèm nhiệm vụ · ${task.code}`, `Văn bản ${task.directive.symbol}, ${formatWeekday(task.directive.issuedOn)}.`, fileLine(file)].join('\n'),
});

/** Why a file that somebody sent was not kept. */
export const fileProblems = {
  'no-task': 'chưa rõ tệp thuộc nhiệm vụ nào',
  'too-large': 'tệp lớn hơn 10 MB',
  'type-unsupported': 'chỉ nhận PDF, ảnh, Word, Excel, PowerPoint và ghi âm',
  empty: 'tệp rỗng',
  'not-allowed': 'địa chỉ tải tệp không thuộc nhà cung cấp',
  gone: 'nhà cung cấp không còn giữ tệp',
  'not-downloaded': 'chưa tải được từ nhà cung cấp',
  'not-supported': 'kênh này không chuyển nội dung loại này',
} as const;

export type FileProblem = keyof typeof fileProblems;

/** What became of the files that came with a message. */
export interface FileResult {
  kept: FileFacts[];
  failed: { name: string; problem: FileProblem }[];
}

/** Added to the answer: what was kept with the report, and what was not and why. Never silent. */
export function withFiles(answer: Message, { kept, failed }: FileResult): Message {
  const lines = [
    ...(kept.length > 0 ? [`Đã lưu kèm ${kept.map((file) => `${quoted(cut(file.name, 80))} (${sizeText(file.size)})`).join(', ')}.`] : []),
    ...failed.map(({ name, problem }) => `Chưa lưu được tệp${name ? ` ${quoted(cut(name, 80))}` : ''}: ${fileProblems[problem]}. Đề nghị gửi lại hoặc chuyển qua hệ thống quản lý văn bản.`),
  ];
  return { ...answer, text: [answer.text, ...lines].join('\n') };
}

/** A file after a report: it goes with it. */
export const filesAdded = (code: string, result: FileResult): Message =>
  withFiles({ text: result.kept.length > 0 ? `✅ Đã bổ sung vào báo cáo ${code}.` : `Báo cáo ${code} vẫn được giữ như đã ghi.` }, result);

/** The note of a report that consists of files alone. */
export const filesAsNote = (names: readonly string[]): string => {
  const known = names.filter((name) => name !== '');
  return known.length > 0 ? `Gửi tệp: ${known.map((name) => cut(name, 80)).join(', ')}` : 'Gửi tệp đính kèm';
};

/** A file that belongs to nothing: not kept, and how it would be. */
export const fileWithoutTask = (): Message => ({
  text: [
    'Tệp chưa được lưu: chưa rõ thuộc nhiệm vụ nào.',
    'Đề nghị trả lời trực tiếp tin nhắc việc bằng tệp này, hoặc ghi chú thích: /capnhat NV-12 70% nội dung; cũng có thể gửi tệp trong 10 phút sau khi cập nhật.',
  ].join('\n'),
});

