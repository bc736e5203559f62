import { cut, MAX_BUTTONS, quoted, shortCode } from './common-texts.js';
import type { Button, Message } from './message.js';

type Choice = Extract<Button, { command: string }>;

/** Each with the matter it is about, so that choices of several messages can stand together. */
const namedChoices = (choices: readonly Choice[], year: number): Button[] =>
  choices.slice(0, MAX_BUTTONS).map(({ label, command }) => {
    const short = shortCode(/\b(?:NV|HOP)-\d{4}-\d{5,}\b/.exec(command)?.[0] ?? '', year);
    return { label: short && !label.includes(short) ? `${label} ${short}` : label, command };
  });

/** A number typed that two messages offer, or that may be a percent: all it may stand for, nothing done. */
export const whichChoice = (choices: readonly Choice[], { typed, year }: { typed: string; year: number }): Message => ({
  text: `Chưa rõ số ${/\d+/.exec(typed.normalize('NFKC'))?.[0] ?? ''} đồng chí chọn là việc nào, chưa ghi nhận gì. Đề nghị chọn lại:`,
  buttons: namedChoices(choices, year),
});

/** A yes to what offers more than a yes and a no: the same choices again, nothing done. */
export const questionAgain = (choices: readonly Choice[], { words, year }: { words: string; year: number }): Message => ({
  text: `Chưa rõ ${quoted(cut(words, 40))} là chọn mục nào, chưa ghi nhận gì. Đề nghị chọn:`,
  buttons: namedChoices(choices, year),
});
