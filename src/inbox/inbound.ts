import type { ChatChannel } from '../kernel/channels.js';

/** Something a person did in a chat, translated by a channel's `to-inbound.ts`; no provider word survives in it. */
export interface InboundMessage {
  channel: ChatChannel;
  /** The provider's id of this message or event, unique per channel. */
  messageId: string;
  /** Where an answer goes. */
  chatId: string;
  /** When it was written, by the provider's clock; absent where it does not say. */
  writtenAt?: Date;
  /** Set where others read along: nothing about anybody's work may be said there. */
  group?: true;
  /** Who did it, as the provider knows them. */
  senderId: string;
  senderName?: string;
  kind: 'text' | 'button' | 'contact' | 'attachment' | 'follow' | 'unfollow' | 'edited';
  /** Typed text (NFC) or the button's command. */
  text?: string;
  /** The provider's id of our message this one answers, if it is a reply. */
  replyTo?: string;
  /** The provider's id of these words themselves, where it is not `messageId` and later events name it. */
  sentAs?: string;
  /** Of words changed after they were sent: the `sentAs` of the ones before. */
  edits?: string;
  /** What a typed number may stand for, where it may be several things: to be asked back. */
  choices?: { label: string; command: string }[];
  /** A shared contact; `ownerId` is the provider's user id of the contact, if it has one. */
  contact?: { phone: string; ownerId?: string };
  attachments?: { kind: 'image' | 'file' | 'voice' | 'other'; fileId?: string; url?: string; name?: string; size?: number }[];
}

/** What an answer says about an invitation in the writer's own calendar (RFC 5546 REPLY). */
export interface CalendarReply {
  /** Of the invitation answered. */
  uid: string;
  sequence: number;
  answer: 'attending' | 'absent' | 'received';
  note: string;
  /** Address of the one who answers, lower case; '' where there is none. */
  attendee?: string;
}

/** An answer by mail. Who wrote it is known from the signed reply address it was sent to, never from its sender line. */
export interface InboundMail {
  channel: 'email';
  messageId: string;
  /** The writer, "p:<person id>" or "a:<agency id>": one after the other is worked on. */
  chatId: string;
  /** When our mailbox got it. */
  writtenAt?: Date;
  /** A machine wrote it: it is noted, and neither counts nor is answered. */
  automatic?: true;
  /** The address in the sender line, lower case; anybody can write it. */
  senderId: string;
  kind: 'text';
  /** What was written above the quotation, NFC. */
  text: string;
  /** The matter of the reply address, "NV-2026-00012"; null: an address for nothing in particular. */
  about: string | null;
  /** Message-ID of the mail answered. */
  replyTo?: string;
  /** Message-IDs of the mails before it in its thread, as its writer's program knows them. */
  references?: string[];
  calendar?: CalendarReply;
  /** Files that came along; `fileId` is "<uid validity>:<uid>/<print of the letter>/<Message-ID>#<number from 0>". */
  attachments?: InboundMessage['attachments'];
}

/** An answer by SMS. Whose number it is stands in the register; who sent it can be feigned and several may share the phone. */
export interface InboundSms {
  channel: 'sms';
  messageId: string;
  writtenAt?: undefined;
  /** The number it came from, 84…: where an answer goes, and one after the other is worked on. */
  chatId: string;
  senderId: string;
  kind: 'text';
  text: string;
  /** It came in so many pieces and this is the first of them: more than fits into one SMS. */
  pieces?: number;
}

export type AnyInbound = InboundMessage | InboundMail | InboundSms;
