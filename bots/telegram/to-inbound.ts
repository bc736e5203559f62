import { z } from 'zod';
import type { InboundMessage } from '../../src/inbox/inbound.js';

const user = z.object({ id: z.int(), is_bot: z.boolean().optional(), first_name: z.string().optional(), last_name: z.string().optional() });
const chat = z.object({ id: z.int(), type: z.string() });
const file = z.object({ file_id: z.string(), file_name: z.string().optional(), file_size: z.number().optional() });
/** Kinds of message that carry something to look at or hear, none of which we keep. */
const OTHER_MEDIA = ['audio', 'video', 'video_note', 'animation', 'sticker', 'location', 'venue', 'poll', 'dice', 'story'] as const;
const otherMedia = Object.fromEntries(OTHER_MEDIA.map((kind) => [kind, z.unknown().optional()])) as Record<(typeof OTHER_MEDIA)[number], z.ZodOptional<z.ZodUnknown>>;
const messageShape = z.object({
  message_id: z.int().optional(),
  /** Unix seconds. */
  date: z.int().optional(),
  from: user.optional(),
  chat,
  text: z.string().optional(),
  caption: z.string().optional(),
  reply_to_message: z.object({ message_id: z.int(), from: user.optional() }).optional(),
  contact: z.object({ phone_number: z.string(), user_id: z.int().optional() }).optional(),
  document: file.optional(),
  photo: z.array(file).optional(),
  voice: file.optional(),
  /** Present where the message was forwarded: the words are somebody else's. */
  forward_origin: z.unknown().optional(),
  forward_date: z.unknown().optional(),
  ...otherMedia,
});
const updateShape = z.object({
  update_id: z.int(),
  message: messageShape.optional(),
  edited_message: messageShape.optional(),
  callback_query: z.object({ from: user, data: z.string().optional(), message: messageShape.optional() }).optional(),
  my_chat_member: z
    .object({ chat, from: user, old_chat_member: z.object({ status: z.string() }), new_chat_member: z.object({ status: z.string() }) })
    .optional(),
});
type User = z.output<typeof user>;
type Chat = z.output<typeof chat>;
type TelegramUpdate = z.output<typeof updateShape>;
type TelegramMessage = NonNullable<TelegramUpdate['message']>;
type Said = Pick<InboundMessage, 'kind'> & Partial<InboundMessage>;

/** Whether something that came in is an update at all. */
export const isUpdate = (body: unknown): boolean => updateShape.safeParse(body).success;

/** An update as the house knows it; undefined for what does not concern us (bots, channels, chatter in groups, service notes). */
export function toInbound(update: unknown): InboundMessage | undefined {
  const read = updateShape.safeParse(update);
  if (!read.success) return undefined;
  const { update_id: id, message, edited_message: edited, callback_query: tap, my_chat_member: member } = read.data;
  if (message?.from) return envelope(id, { from: message.from, chat: message.chat }, writtenAt(message, said(message)));
  if (edited?.from) return envelope(id, { from: edited.from, chat: edited.chat }, changed(edited));
  if (tap?.message && tap.data) return envelope(id, { from: tap.from, chat: tap.message.chat }, tapped(tap.data, tap.message.message_id));
  if (member) return envelope(id, member, membership(member));
  return undefined;
}

function envelope(updateId: number, { from, chat }: { from: User; chat: Chat }, what: Said | undefined): InboundMessage | undefined {
  if (!what || from.is_bot || chat.type === 'channel') return undefined;
  const group = chat.type !== 'private';
  // In groups only what is said to us is kept: commands, and being added.
  if (group && !(what.kind === 'follow' || (what.kind === 'text' && /^\s*[/／]/.test(what.text ?? '')))) return undefined;
  const name = [from.first_name, from.last_name].filter(Boolean).join(' ').normalize('NFC');
  const base = { channel: 'telegram', messageId: String(updateId), chatId: String(chat.id), senderId: String(from.id) } as const;
  return { ...base, ...(group ? { group: true } : {}), ...(name ? { senderName: name } : {}), ...what };
}

/** Telegram puts 0 on what is too old to be shown. */
const writtenAt = ({ date }: TelegramMessage, what: Said | undefined): Said | undefined => (what && date ? { ...what, writtenAt: new Date(date * 1000) } : what);

/** Telegram says so too where only a preview was added, or a place moves on; words alone are looked at. */
function changed({ message_id: edits, text, caption, forward_origin: forwarded }: TelegramMessage): Said | undefined {
  const words = text ?? caption;
  return edits === undefined || words === undefined || forwarded !== undefined ? undefined : { kind: 'edited', edits: String(edits), text: words.normalize('NFC') };
}

function said(message: TelegramMessage): Said | undefined {
  const { contact, reply_to_message: answered } = message;
  const replyTo = answered?.from?.is_bot ? { replyTo: String(answered.message_id) } : {};
  const sentAs = message.message_id === undefined ? {} : { sentAs: String(message.message_id) };
  if (message.forward_origin !== undefined || message.forward_date !== undefined) return { kind: 'attachment', attachments: [{ kind: 'other' }] };
  if (contact) return { kind: 'contact', contact: { phone: contact.phone_number, ...(contact.user_id === undefined ? {} : { ownerId: String(contact.user_id) }) } };
  if (message.text !== undefined) return { kind: 'text', text: message.text.normalize('NFC'), ...replyTo, ...sentAs };
  const attachments = attached(message);
  if (attachments.length === 0) return undefined;
  return { kind: 'attachment', attachments, ...(message.caption ? { text: message.caption.normalize('NFC'), ...sentAs } : {}), ...replyTo };
}

function attached(message: TelegramMessage): NonNullable<InboundMessage['attachments']> {
  const of = (kind: 'image' | 'file' | 'voice', from: z.output<typeof file> | undefined) =>
    from ? [{ kind, fileId: from.file_id, ...(from.file_name ? { name: from.file_name } : {}), ...(from.file_size === undefined ? {} : { size: from.file_size }) }] : [];
  // A photo comes in several sizes, the largest last.
  const known = [...of('image', message.photo?.at(-1)), ...of('file', message.document), ...of('voice', message.voice)];
  return known.length === 0 && OTHER_MEDIA.some((kind) => message[kind] !== undefined) ? [{ kind: 'other' }] : known;
}

/** A button acts as if its command had been typed; the message it hangs on is what it answers. */
const tapped = (command: string, messageId: number | undefined): Said => ({
  kind: 'button',
  text: command.normalize('NFC'),
  ...(messageId === undefined ? {} : { replyTo: String(messageId) }),
});

/** Private chats: blocked and unblocked. Groups: only being added matters, to say that groups are not served. */
function membership({ chat: { type }, old_chat_member: was, new_chat_member: is }: NonNullable<TelegramUpdate['my_chat_member']>): Said | undefined {
  const inside = (status: string) => status === 'member' || status === 'administrator' || status === 'creator';
  if (inside(is.status) && !inside(was.status)) return { kind: 'follow' };
  return type === 'private' && is.status === 'kicked' ? { kind: 'unfollow' } : undefined;
}
