import type { Delivery } from './delivery.model.js';

type Addressed = Pick<Delivery, 'chat' | 'data' | 'kind'>;

/**
 * The agency whose mailbox a delivery goes to of itself; null for what goes to people, and for answers to what a mailbox
 * wrote. Such a copy names its address like an answer does, but stands to quiet hours, digests and a hold as messages to people do.
 */
export function mailboxAgency({ chat, data, kind }: Addressed): string | null {
  const code = data?.['agencyCode'];
  return chat && kind !== 'reply' && typeof code === 'string' ? code : null;
}

/** The same as a filter on deliveries. */
export const toMailboxes = { chat: { $ne: null }, 'data.agencyCode': { $gt: '' }, kind: { $ne: 'reply' } } as const;

/** Answers in a chat, as a filter: what goes to a named address and is no agency's copy. */
export const answers = { chat: { $ne: null }, $or: [{ 'data.agencyCode': null }, { kind: 'reply' }] } as const;

/** Who gets it, as one word for grouping: a person's id or "agency:STC"; null for answers. */
export function receiverOf(row: Addressed & Pick<Delivery, 'personId'>): string | null {
  const code = mailboxAgency(row);
  if (code !== null) return `agency:${code}`;
  return row.chat || !row.personId ? null : String(row.personId);
}
