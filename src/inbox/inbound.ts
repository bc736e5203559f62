import type { ChatChannel } from '../kernel/channels.js';

/** Something a person did in a chat, translated by a channel's `to-inbound.ts`; no provider word survives in it. */
export interface InboundMessage {
  channel: ChatChannel;
  /** The provider's id of this message or event, unique per channel. */
  messageId: string;
  /** Where an answer goes. */
  chatId: string;
  /** Set where others read along: nothing about anybody's work may be said there. */
  group?: true;
  /** Who did it, as the provider knows them. */
  senderId: string;
  senderName?: string;
  kind: 'text' | 'button' | 'contact' | 'attachment' | 'follow' | 'unfollow';
  /** Typed text (NFC) or the button's command. */
  text?: string;
  /** The provider's id of our message this one answers, if it is a reply. */
  replyTo?: string;
  /** A shared contact; `ownerId` is the provider's user id of the contact, if it has one. */
  contact?: { phone: string; ownerId?: string };
  attachments?: { kind: 'image' | 'file' | 'voice' | 'other'; fileId?: string; url?: string; name?: string; size?: number }[];
}
