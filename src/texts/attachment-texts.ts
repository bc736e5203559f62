import { cut } from './common-texts.js';
import type { Attachment, Message } from './message.js';

const named = (files: readonly Pick<Attachment, 'name'>[]): string => files.map(({ name }) => `“${cut(name, 80)}”`).join(', ');

/** For channels that cannot carry a file: where it is found instead; it is named once, by `text` or here. */
function seeInSystem(files: readonly Pick<Attachment, 'name'>[], { text, address }: { text: string; address: string | undefined }): string {
  const told = files.every(({ name }) => [80, 100].some((length) => text.includes(`“${cut(name, length)}”`)));
  return `${told ? 'Đề nghị xem tệp' : `Tệp ${named(files)}: xem`} trên hệ thống${address ? `: ${address}` : '.'}`;
}

/** The text arrived, the file did not. */
export const fileNotSent = (files: readonly Pick<Attachment, 'name'>[]): Message => ({ text: `Chưa gửi được tệp ${named(files)} qua kênh này; đề nghị xem trên hệ thống.` });

/** The message as a channel without files says it; unchanged where there is none. `address`: of the system (PUBLIC_URL). */
export const withoutFiles = (message: Message, address?: string): Message => {
  const { attachments = [], ...rest } = message;
  return attachments.length === 0 ? message : { ...rest, text: `${message.text}\n${seeInSystem(attachments, { text: message.text, address })}` };
};
