import { cut } from './common-texts.js';
import type { Attachment, Message } from './message.js';

const named = (files: readonly Pick<Attachment, 'name'>[]): string => files.map(({ name }) => `“${cut(name, 80)}”`).join(', ');

/** For channels that cannot carry a file: where it is found instead. */
export const seeInSystem = (files: readonly Pick<Attachment, 'name'>[]): string => `Tệp ${named(files)}: xem trên hệ thống.`;

/** The text arrived, the file did not. */
export const fileNotSent = (files: readonly Pick<Attachment, 'name'>[]): Message => ({ text: `Chưa gửi được tệp ${named(files)} qua kênh này; đề nghị xem trên hệ thống.` });

/** The message as a channel without files says it; unchanged where there is none. */
export const withoutFiles = (message: Message): Message => {
  const { attachments = [], ...rest } = message;
  return attachments.length === 0 ? message : { ...rest, text: `${message.text}\n${seeInSystem(attachments)}` };
};
