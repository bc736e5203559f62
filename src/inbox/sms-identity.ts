import { createHash } from 'node:crypto';
import type { Ctx } from '../context.js';
import { localDateOf } from '../kernel/local-date.js';
import type { InboundRecord } from './inbound.model.js';

/** An SMSC that got no answer delivers again so soon. */
const REPEAT_MS = 60_000;

export interface IncomingSms {
  /** The number it came from, 84…. */
  phone: string;
  text: string;
  /** What the carrier calls it (user_message_reference, SMPP 3.4, 5.3.2.17); 0 or absent: nothing. */
  reference?: number;
}

/**
 * The id an SMS is kept under: a repetition by the carrier gets that of the first one. By the carrier's own reference where
 * there is one. Else equal words within a minute are a repetition only while nothing else of that number came in between:
 * "CO", "VANG", "CO" are three statements, and the last one counts. Two that arrive in the same moment get the same id, for
 * both follow the same one before.
 */
export async function identityOfSms(ctx: Ctx, { phone, text, reference = 0 }: IncomingSms): Promise<string> {
  const now = ctx.clock.now();
  if (reference > 0) return hashOf(phone, text, `ref:${reference}`, localDateOf(now));
  const last = await ctx.db.Inbound.findOne({ channel: 'sms', chatId: phone }, { messageId: 1, receivedAt: 1, 'message.text': 1 }).sort({ receivedAt: -1, _id: -1 }).lean<Pick<InboundRecord, 'messageId' | 'receivedAt' | 'message'>>();
  if (last && last.message.text === text && Math.abs(now.getTime() - last.receivedAt.getTime()) < REPEAT_MS) return last.messageId;
  return hashOf(phone, text, `after:${last?.messageId ?? ''}`);
}

const hashOf = (...parts: string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
