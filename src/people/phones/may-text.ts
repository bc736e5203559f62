import type { ChatLink } from '../links/chat-link.model.js';
import type { Person } from '../person.model.js';

type Reachable = Pick<Person, 'phone' | 'phoneVerifiedAt'>;

/**
 * May messages with content go to this person's phone number (SMS, ZBS by phone)? Only once somebody has proven to hold the
 * phone: numbers are mistyped and handed on to strangers. `verifiedOnly` false: the office vouches for its list.
 */
export const mayText = (person: Reachable, verifiedOnly: boolean): boolean => Boolean(person.phone) && (!verifiedOnly || Boolean(person.phoneVerifiedAt));

const BY_UID = 'uid:';

/**
 * Where template messages of Zalo's (ZBS) reach a person: the Official Account's chat where there is a live one (no number is
 * needed for it and it costs less), else the phone number, where texts may go there. Null: nowhere.
 */
export function zbsAddress(person: Reachable, links: readonly Pick<ChatLink, 'channel' | 'chatId' | 'deadAt'>[], verifiedOnly: boolean): string | null {
  const chat = links.find((link) => link.channel === 'zalo' && link.deadAt === null);
  if (chat) return BY_UID + chat.chatId;
  return mayText(person, verifiedOnly) ? (person.phone ?? null) : null;
}

/** The OA's user id in an address of `zbsAddress`; null for a phone number. */
export const uidIn = (address: string): string | null => (address.startsWith(BY_UID) ? address.slice(BY_UID.length) : null);
