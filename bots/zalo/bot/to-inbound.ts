import { z } from 'zod';
import type { InboundMessage } from '../../../src/inbox/inbound.js';

const id = z.union([z.string().min(1), z.int().transform(String)]);
const updateShape = z.object({
  event_name: z.string(),
  message: z.object({
    from: z.object({ id, display_name: z.string().optional(), is_bot: z.boolean().optional() }),
    chat: z.object({ id, chat_type: z.string().optional() }),
    message_id: id,
    /** Milliseconds. */
    date: z.number().optional().catch(undefined),
    text: z.string().optional(),
    caption: z.string().optional(),
    photo: z.string().optional(),
    url: z.string().optional(),
    voice_url: z.string().optional(),
  }),
});
type BotMessage = z.output<typeof updateShape>['message'];
type Said = Pick<InboundMessage, 'kind'> & Partial<InboundMessage>;

/** An update as it is worked on here; undefined where the body is none. */
export type BotUpdate = z.output<typeof updateShape>;

/** Reads both shapes that were seen: `{ ok, result: { event_name, message } }` and the update alone. */
export function readUpdate(body: unknown): BotUpdate | undefined {
  const wrapped = typeof body === 'object' && body !== null && 'result' in body ? body.result : body;
  const read = updateShape.safeParse(wrapped);
  return read.success ? read.data : undefined;
}

/** An update as the house knows it; undefined for what does not concern us (bots, chatter in groups, unknown events). */
export function toInbound({ event_name: event, message }: BotUpdate): InboundMessage | undefined {
  const what = said(event, message);
  if (!what || message.from.is_bot) return undefined;
  const group = message.chat.chat_type?.toUpperCase() === 'GROUP';
  // In groups only what is said to us is kept: commands.
  if (group && !(what.kind === 'text' && /^\s*[/／#]/.test(what.text ?? ''))) return undefined;
  const name = message.from.display_name?.normalize('NFC').trim();
  const base = { channel: 'zalo-bot', messageId: message.message_id, chatId: message.chat.id, senderId: message.from.id } as const;
  return { ...base, ...(group ? { group: true } : {}), ...(name ? { senderName: name } : {}), ...writtenAt(message), ...what };
}

/** Only the pace of a chat is counted by it; else what counts is when we stored it. */
const writtenAt = ({ date }: BotMessage): Pick<InboundMessage, 'writtenAt'> => (date && date > 0 && date < 8e15 ? { writtenAt: new Date(date) } : {});

function said(event: string, message: BotMessage): Said | undefined {
  const words = (message.text ?? message.caption ?? '').normalize('NFC').trim();
  const text = words ? { text: words } : {};
  const file = (kind: 'image' | 'voice' | 'other', url: string | undefined): Said => ({ kind: 'attachment', ...text, attachments: [{ kind, ...(url ? { url } : {}) }] });
  if (event === 'message.text.received') return { kind: 'text', ...text };
  if (event === 'message.image.received') return file('image', message.photo);
  if (event === 'message.voice.received') return file('voice', message.voice_url);
  if (event === 'message.sticker.received') return file('other', message.url);
  // Links, files, places: the platform does not pass on what they were.
  return event === 'message.unsupported.received' ? file('other', undefined) : undefined;
}
