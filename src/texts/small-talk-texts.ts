import type { Task } from '../directives/task.model.js';
import { cut, MAX_BUTTONS, quoted, shortCode, taskButtons } from './common-texts.js';
import { readablePhone } from './delivery-texts.js';
import type { MeetingFacts } from './meeting-texts.js';
import type { Message } from './message.js';
import type { KeptWords } from './progress-texts.js';

/** "Ok anh", "đã nhận" while these wait for "Đã nhận": nothing is written before a tap. */
export function whatWasReceived(tasks: readonly Task[], meetings: readonly MeetingFacts[], year: number): Message {
  const waiting = [...tasks.map(({ code, content }) => ({ code, about: content, command: 'danhan' })), ...meetings.map(({ code, title }) => ({ code, about: title, command: 'xacnhan' }))].slice(0, MAX_BUTTONS);
  return {
    text: ['Chưa rõ tin trên có phải là xác nhận đã nhận không, nên chưa ghi nhận gì. Đúng thì chọn mục dưới đây:', ...waiting.map(({ code, about }) => `${shortCode(code, year)}: ${cut(about, 80)}`)].join('\n'),
    buttons: waiting.map(({ code, command }) => ({ label: `Đã nhận ${shortCode(code, year)}`, command: `/${command} ${code}` })),
  };
}

/** The same words where nothing waits. */
export const nothingWaits = (): Message => ({ text: 'Hệ thống đã nhận tin của đồng chí. Hiện không có việc nào chờ đồng chí xác nhận đã nhận.' });

/** A request for more time that may be about several tasks: whom to call, and each task as a button that puts the words on it. */
export function extensionOfWhich(open: readonly Task[], { words, token, year, office }: KeptWords & { year: number; office: string | undefined }): Message {
  const shown = open.slice(0, MAX_BUTTONS);
  return {
    text: [
      `Gia hạn do Văn phòng UBND tỉnh xem xét, không ghi qua tin nhắn: đề nghị gọi Văn phòng UBND tỉnh${office ? `, điện thoại ${readablePhone(office)}` : ''}.`,
      `Chưa rõ đồng chí xin cho nhiệm vụ nào, nội dung trên chưa được ghi nhận. Chọn mã nhiệm vụ để ghi ${quoted(cut(words, 120))} vào diễn biến cho Văn phòng đọc:${open.length > MAX_BUTTONS ? ' Gõ /nhiemvu để xem tất cả.' : ''}`,
      ...shown.map(({ code, content }) => `${shortCode(code, year)}: ${cut(content, 60)}`),
    ].join('\n'),
    buttons: shown.map(({ code }) => ({ label: shortCode(code, year), command: `/capnhat ${code} ghi ${token}` })),
  };
}

/** The same by letter in the thread of a task: the Office reads the words there, and the deadline stays. */
export const extensionByLetter = (code: string, words: string, office: string | undefined): Message => ({
  text: [
    `Gia hạn ${code} do Văn phòng UBND tỉnh xem xét, không ghi qua thư trả lời: đề nghị gọi Văn phòng UBND tỉnh${office ? `, điện thoại ${readablePhone(office)}` : ''}.`,
    `Nội dung ${quoted(cut(words, 200))} chưa được ghi vào tiến độ; hạn của nhiệm vụ giữ nguyên.`,
  ].join('\n'),
  buttons: taskButtons(code),
});
