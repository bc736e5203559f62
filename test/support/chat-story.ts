import { handleInbound } from '../../bots/handle-inbound.js';
import { createTelegram } from '../../bots/telegram/index.js';
import { because, type Ctx } from '../../src/context.js';
import type { ChannelModule } from '../../src/delivery/channel-module.js';
import { drainOutbox } from '../../src/delivery/outbox/drain-outbox.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { deliveryRenderers } from '../../src/delivery/renderers.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import { drainInbox } from '../../src/inbox/drain-inbox.js';
import type { InboundMessage } from '../../src/inbox/inbound.js';
import { receive } from '../../src/inbox/receive.js';
import { issueLinkCode } from '../../src/people/links/issue-link-code.js';
import type { Person } from '../../src/people/person.model.js';
import { office } from './task-story.js';

/** A fresh one-time code for this person, as the Office would hand it over. */
export const codeFor = async (ctx: Ctx, person: Person): Promise<string> =>
  (await issueLinkCode(because(ctx, `code:${person.name}:${ctx.clock.now().getTime()}`), office, { personId: person._id.toString() })).code;

let nextMessage = 1;

/** An answer names a matter in full the first time and in short from then on; the reader's own words are quoted as they are. */
function mustNameOnceInFull(text: string): void {
  const own = text.replace(/“[^”]*”/gu, '');
  for (const [full, kind, number] of own.matchAll(/\b(NV|HOP)-\d{4}-0*(\d+)\b/g)) {
    const names = [...own.matchAll(new RegExp(`\\b(?:${full}|${kind}-${number})\\b`, 'g'))].map(([name]) => name);
    if (names.indexOf(full) !== names.lastIndexOf(full) || names[0] !== full) throw new Error(`${full} named as ${names.join(', ')} in: ${text}`);
  }
}

/** What one chat says to handleInbound, without any channel, and what the outbox would answer. */
export function chatOf(ctx: Ctx, chatId: string) {
  const tell = async (message: Partial<InboundMessage>): Promise<string | undefined> => {
    const messageId = message.messageId ?? String(nextMessage++);
    await handleInbound(ctx, { channel: 'telegram', chatId, senderId: chatId, kind: 'text', ...message, messageId });
    const text = (await replyTo(messageId))?.data['text'] as string | undefined;
    mustNameOnceInFull(text ?? '');
    return text;
  };
  const replyTo = (messageId: string) => ctx.db.Delivery.findOne({ key: `reply:telegram:${messageId}` }).lean();
  return { tell, say: (text: string) => tell({ text }), replyTo };
}

/** A chat that the person has linked with a code of the Office. */
export async function linkedChat(ctx: Ctx, person: Person, chatId: string): Promise<ReturnType<typeof chatOf>> {
  const chat = chatOf(ctx, chatId);
  await chat.say(`/lienket ${await codeFor(ctx, person)}`);
  return chat;
}

/** The Telegram channel with inbox and outbox behind it; nothing runs by itself but the channel. */
export function telegramHouse(ctx: Ctx): { channel: ChannelModule; settle(): Promise<void> } {
  const channel = createTelegram(ctx, { receive: async (message) => void (await receive(ctx, message)), receipt: async () => {} });
  const round = async (): Promise<number> =>
    (await drainInbox(ctx, { handle: handleInbound, instance: 'test' })) +
    (await relayIntents(ctx)) +
    (await drainOutbox(ctx, { senders: [channel.sender], renderers: { ...deliveryRenderers, ...taskRenderers }, instance: 'test', policy: { quiet: null } }));
  return {
    channel,
    settle: async () => {
      while ((await round()) > 0);
    },
  };
}
