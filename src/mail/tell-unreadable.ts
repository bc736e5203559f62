import { mayAnswer } from '../../bots/answer-limit.js';
import { because, type Ctx } from '../context.js';
import { enqueue } from '../delivery/enqueue.js';
import { keys } from '../delivery/keys.js';
import { reviveMailbox } from '../people/mailbox.js';
import { findMailWriter } from '../people/mail-writer.js';
import type { Unreadable } from './read-letter.js';

/** An answer nobody waited for any more only confuses. */
const STALE_MS = 48 * 3_600_000;

/**
 * Asks somebody we know to write again, in short: their letter came and its words cannot be made out. To the address on
 * record and only where the letter came from it; once per letter. Rejects where that cannot be stored.
 */
export async function tellUnreadable(outer: Ctx, mail: Unreadable): Promise<void> {
  const ctx = because(outer, `${mail.channel}:${mail.messageId}`);
  const writer = await findMailWriter(ctx, mail.chatId);
  ctx.log.warn({ event: 'mail.words-unreadable', about: mail.about, known: writer?.address === mail.senderId });
  if (writer?.address !== mail.senderId) return;
  await reviveMailbox(ctx, writer);
  if (!(await mayAnswer(ctx, mail, 'hint'))) return;
  const { about } = mail;
  await enqueue(ctx, {
    key: keys.reply(ctx.cause),
    kind: 'reply',
    lane: 'normal',
    chat: { channel: 'email', to: writer.address },
    data: { text: askedAgain(about), ...(about ? { thread: about } : {}), ...(writer.agencyCode ? { agencyCode: writer.agencyCode } : {}) },
    ...(writer.personId ? { personId: writer.personId } : {}),
    ...(about?.startsWith('NV-') ? { taskCode: about } : {}),
    ...(about?.startsWith('HOP-') ? { meetingCode: about } : {}),
    expiresAt: new Date(ctx.clock.now().getTime() + STALE_MS),
  });
}

const askedAgain = (about: string | null): string =>
  [
    `⚠️ Thư trả lời chưa được ghi nhận${about ? ` · ${about}` : ''}`,
    'Hệ thống đã nhận thư nhưng không đọc được nội dung trả lời.',
    `Đề nghị trả lời lại ngắn gọn, bằng chữ thường ở đầu thư, ví dụ: ${about?.startsWith('HOP-') ? '“Tham dự” hoặc “Vắng: lý do”' : '“70% đã họp với các đơn vị”'}.`,
  ].join('\n');
