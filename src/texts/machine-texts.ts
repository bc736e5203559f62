import type { Message } from './message.js';

/** The last answer for now in a chat where a machine seems to write. */
export const lastAnswerForNow = (answer: Message): Message => ({
  ...answer,
  text: `${answer.text}\nĐã nhận nhiều tin liên tiếp giống nhau; nếu còn tin như vậy, hệ thống tạm ngừng trả lời tự động. Nội dung rõ ràng vẫn được ghi nhận.`,
});

/** Before words of an automatic mail, where the Office sees what was written and not counted. */
export const automaticWords = (words: string): string => `[Thư trả lời tự động] ${words}`;
