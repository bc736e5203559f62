import type { Delivery } from '../delivery.model.js';
import type { DeliveryPolicy } from '../policy.js';
import { DIGEST } from '../digest/digest-keys.js';

/**
 * When a message that was just taken counts as unheard; null: nobody waits for a sign. Urgent ones after minutes; of the
 * others those that something begins with, after a day, and what went where only a receipt tells whether it arrived
 * (`unheardMs`: the sender's own span for it). The shortest counts. Never answers, or what goes to one chat; of
 * digests only those that carry urgent matters of others (acting/swarm-of-others.ts).
 */
export function silentAt(
  delivery: Pick<Delivery, 'lane' | 'kind' | 'chat' | 'personId' | 'channel' | 'data'>, acceptedAt: Date, { silence }: Pick<DeliveryPolicy, 'silence'>, unheardMs?: number,
): Date | null {
  if (delivery.chat || !delivery.personId || (delivery.kind === DIGEST && !carriesUrgent(delivery)) || delivery.kind === 'reply') return null;
  const ofReceipt = unheardMs ?? (delivery.channel ? silence.receiptMs[delivery.channel] : undefined) ?? Infinity;
  const waitMs = Math.min(ofReceipt, spanOf(delivery, silence));
  return Number.isFinite(waitMs) ? new Date(acceptedAt.getTime() + waitMs) : null;
}

const carriesUrgent = ({ lane, data }: Pick<Delivery, 'lane' | 'data'>): boolean => lane === 'urgent' && data['style'] === 'others';

function spanOf({ lane, kind }: Pick<Delivery, 'lane' | 'kind'>, silence: DeliveryPolicy['silence']): number {
  if (lane === 'urgent') return silence.urgentMs;
  return lane === 'normal' && silence.normalKinds.includes(kind) ? silence.normalMs : Infinity;
}
