import type { Ctx } from '../../context.js';
import type { ChannelPorts } from '../../delivery/channel-module.js';
import type { EsmsRequests } from './esms-requests.js';

/** How eSMS says a message went; from its callback and from GetSendStatus, which use the same words. "refused": by a person at eSMS. */
export type EsmsEnd = 'delivered' | 'failed' | 'refused' | 'waiting';

/** SendStatus: 1 waits for approval, 2 waits to be sent, 4 refused, 5 done (then the counters tell how), 7 sent and not yet reported. */
export function endOf(fields: Record<string, unknown>): EsmsEnd {
  const status = numberIn(fields['SendStatus']);
  if (status === 4) return 'refused';
  if (status !== 5) return 'waiting';
  if (numberIn(fields['SendSuccess']) >= 1) return 'delivered';
  return numberIn(fields['SendFailed']) >= 1 ? 'failed' : 'waiting';
}

const numberIn = (value: unknown): number => (typeof value === 'number' || (typeof value === 'string' && /^\d{1,6}$/.test(value)) ? Number(value) : 0);

/** Records an end once known. Rejects where it could not be stored. */
export async function recordEnd(ctx: Ctx, { ports, requests }: { ports: Pick<ChannelPorts, 'receipt'>; requests: EsmsRequests }, requestId: string, end: EsmsEnd): Promise<void> {
  if (end === 'waiting') return;
  if (end === 'delivered') await ports.receipt(requestId, 'delivered', ctx.clock.now());
  else {
    ctx.log.warn({ event: 'sms.undelivered', driver: 'esms', requestId });
    await ports.receipt(requestId, 'failed', ctx.clock.now(), `esms-${end === 'refused' ? 'refused' : 'undelivered'}`);
  }
  await requests.done(requestId);
}
