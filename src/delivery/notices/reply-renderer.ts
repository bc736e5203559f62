import type { Button } from '../../texts/message.js';
import type { Renderer } from '../renderer.js';

/** Answers in a chat carry their words in `data.text` and `data.buttons` (JSON of Button[]): they answer what was asked then. */
export const replyRenderer: Renderer = async (_ctx, { data }) => {
  const buttons = typeof data['buttons'] === 'string' ? (JSON.parse(data['buttons']) as Button[]) : [];
  return { message: { text: String(data['text'] ?? ''), ...(buttons.length > 0 ? { buttons } : {}), ...(typeof data['thread'] === 'string' ? { thread: data['thread'] } : {}), ...(data['askContact'] === true ? { askContact: true } : {}), ...(data['onlyInSystem'] === true ? { onlyInSystem: true } : {}) } };
};
