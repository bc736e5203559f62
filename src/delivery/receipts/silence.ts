import type { Delivery } from '../delivery.model.js';
import type { DeliveryPolicy } from '../policy.js';
import { DIGEST } from '../digest/digest-keys.js';

/**
 * When a message that was just taken counts as unheard; null: nobody waits for a sign. Urgent ones after minutes; of the
 * others only those that something begins with, after a day. Never digests, reminders, answers, or what goes to one chat.
 */
export function silentAt(delivery: Pick<Delivery, 'lane' | 'kind' | 'chat' | 'personId'>, acceptedAt: Date, { silence }: Pick<DeliveryPolicy, 'silence'>): Date | null {
  if (delivery.chat || !delivery.personId || delivery.kind === DIGEST || delivery.kind === 'reply') return null;
  if (delivery.lane === 'urgent') return new Date(acceptedAt.getTime() + silence.urgentMs);
  const worth = delivery.lane === 'normal' && silence.normalKinds.includes(delivery.kind);
  return worth ? new Date(acceptedAt.getTime() + silence.normalMs) : null;
}
