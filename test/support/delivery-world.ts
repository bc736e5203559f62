import type { Ctx } from '../../src/context.js';
import { drainOutbox, type DrainOptions } from '../../src/delivery/outbox/drain-outbox.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import type { SendOutcome, Sender } from '../../src/delivery/sender.js';
import type { Channel, ChatChannel } from '../../src/kernel/channels.js';
import { noticeRenderers } from '../../src/delivery/notices/notice-renderers.js';
import { replyRenderer } from '../../src/delivery/notices/reply-renderer.js';
import type { Renderers } from '../../src/delivery/renderer.js';
import type { Person, PersonRole } from '../../src/people/person.model.js';

/** What a scripted sender was asked to send. */
export interface Sent {
  to: string;
  text: string;
  key: string;
}

type Answer = SendOutcome | ((to: string, signal: AbortSignal) => SendOutcome | Promise<SendOutcome>);

/** A sender that says what its script says, then accepts everything. */
export class ScriptedSender implements Sender {
  readonly channel: Channel;
  readonly truth: Sender['truth'];
  readonly sent: Sent[] = [];
  #script: Answer[] = [];
  constructor(channel: Channel, truth: Sender['truth'] = 'none') {
    this.channel = channel;
    this.truth = truth;
  }
  /** The next calls are answered so. */
  answer(...answers: Answer[]): this {
    this.#script.push(...answers);
    return this;
  }
  async send(to: string, message: { text: string }, { key, signal }: { key: string; signal: AbortSignal }): Promise<SendOutcome> {
    this.sent.push({ to, text: message.text, key });
    const answer = this.#script.shift() ?? { kind: 'accepted' as const, providerId: `${this.channel}-${this.sent.length}` };
    return typeof answer === 'function' ? answer(to, signal) : answer;
  }
}

/** Renders everything as "kind n" unless a story brings its own words. */
export const plainRenderers: Renderers = {
  ...noticeRenderers,
  reply: replyRenderer,
  note: async (_ctx, delivery) => ({ message: { text: `Tin ${String(delivery.data['n'] ?? '')}` } }),
};

let people = 0;

/** A person, with a live chat on each of the channels named. */
export async function newPerson(ctx: Ctx, name: string, options: { chats?: ChatChannel[]; roles?: PersonRole[]; phone?: string; deputyId?: Person['_id']; channelOrder?: string[] } = {}): Promise<Person> {
  const now = ctx.clock.now();
  const { chats = ['zalo'], roles = ['leader'], ...rest } = options;
  const person = await ctx.db.Person.create({ name, nameFold: name.toLowerCase(), position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles, createdAt: now, ...(rest.phone ? { phoneVerifiedAt: now } : {}), ...rest });
  for (const channel of chats) {
    const chatId = `${channel}-${name}-${++people}`;
    await ctx.db.ChatLink.create({ channel, chatId, senderId: chatId, personId: person._id, linkedAt: now, linkedBy: 'code', lastInboundAt: now });
  }
  return person.toObject() as Person;
}

export const drain = (ctx: Ctx, senders: readonly Sender[], options: Partial<DrainOptions> = {}): Promise<number> =>
  drainOutbox(ctx, { senders, renderers: plainRenderers, instance: 'one', ...options });

export const deliveryOf = async (ctx: Ctx, key: string): Promise<Delivery> => {
  const found = await ctx.db.Delivery.findOne({ key }).lean<Delivery>();
  if (!found) throw new Error(`no delivery ${key}`);
  return found;
};

/** What the office was told about delivering, as [kind, reason or channel]. */
export const noticesOf = async (ctx: Ctx): Promise<string[]> => {
  const found = await ctx.db.Delivery.find({ kind: { $in: ['chat-dead', 'delivery-dead', 'channel-stopped'] } }).sort({ _id: 1 }).lean<Delivery[]>();
  return found.map((d) => `${d.kind} ${String(d.data['reason'] ?? d.data['channel'])}`);
};
