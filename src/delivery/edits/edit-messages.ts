import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import type { Message } from '../../texts/message.js';
import { SECRET_NOTICE } from '../../texts/common-texts.js';
import type { Delivery } from '../delivery.model.js';
import { pauseOf, readChannels, takeCalls } from '../limits/channel-state.js';
import { defaultPolicy, type DeliveryPolicy } from '../policy.js';
import type { Sender } from '../sender.js';
import { saidAt, type ChangedMatter, type Matters, type Standing } from './matters.js';

/** Looked at in one run, so that edits never crowd out what has to be sent. */
const MATTERS_AT_ONCE = 20;
const EDITS_AT_ONCE = 30;
/** Older messages have scrolled away; nobody taps them any more. */
const NOT_OLDER_MS = 30 * 24 * 3_600_000;
/** In one chat only the last messages about a matter are followed. */
const KEPT_PER_CHAT = 6;

interface Run {
  ctx: Ctx;
  senders: ReadonlyMap<Channel, Sender>;
  policy: Pick<DeliveryPolicy, 'limits'>;
  left: number;
  edited: number;
  /** Channels that do not answer now: asked again with the next tick. */
  resting: Set<Channel>;
}

/**
 * Tick: where a task or meeting has changed, the earlier messages about it get a line that says so and lose the buttons that
 * no longer fit, on channels that can edit. Best effort and level-triggered: a mark written with the fact says what is due; a
 * message that cannot be edited any more is left as it is and nobody is alarmed. Returns how many were edited.
 */
export async function editMessages(ctx: Ctx, senders: readonly Sender[], rooms: readonly Matters[], policy: Partial<DeliveryPolicy> = {}): Promise<number> {
  const able = new Map(senders.filter((sender) => sender.edit).map((sender) => [sender.channel, sender]));
  const run: Run = { ctx, senders: able, policy: { ...defaultPolicy, ...policy }, left: EDITS_AT_ONCE, edited: 0, resting: await restingOf(ctx, [...able.keys()]) };
  for (const room of rooms) {
    for (const matter of await room.changed(ctx, MATTERS_AT_ONCE)) {
      if (run.left <= 0) return run.edited;
      if (await follow(run, room, matter)) await room.settled(ctx, matter);
    }
  }
  return run.edited;
}

async function restingOf(ctx: Ctx, channels: Channel[]): Promise<Set<Channel>> {
  const states = await readChannels(ctx, channels);
  return new Set([...states].filter(([, state]) => pauseOf(state, ctx.clock.now())).map(([channel]) => channel));
}

/** True where every message about the matter looks as it should, or cannot be helped. */
async function follow(run: Run, room: Matters, { code }: ChangedMatter): Promise<boolean> {
  const deliveries = await messagesAbout(run, room.field, code);
  if (deliveries.length === 0) return true;
  const standings = await room.standings(run.ctx, code, deliveries);
  for (const [i, delivery] of deliveries.entries()) {
    const standing = standings.get(delivery._id.toString());
    if (!standing) continue;
    // Under the newest message of a chat stand the buttons; older ones would only invite a second tap on the same thing.
    const newest = deliveries.findIndex((other) => other.channel === delivery.channel && other.to === delivery.to) === i;
    const wanted = newest || !standing.line ? standing : { ...standing, buttons: [] };
    const stamp = stampOf(wanted);
    if (stamp !== delivery.shown && !(await edit(run, delivery, wanted, stamp))) return false;
  }
  return true;
}

/** Null: as it was sent. */
const stampOf = ({ line, buttons }: Standing): string | null => (line === null ? null : JSON.stringify([line, ...buttons.map((b) => ('command' in b ? b.command : b.url))]));

/** Newest first, a few per chat; only what a person has on a screen that can be changed. */
async function messagesAbout({ ctx, senders }: Run, field: Matters['field'], code: string): Promise<Delivery[]> {
  const since = new Date(ctx.clock.now().getTime() - NOT_OLDER_MS);
  const found = await ctx.db.Delivery.find({ [field]: code, createdAt: { $gte: since } }).sort({ createdAt: -1, _id: -1 }).limit(2_000).lean<Delivery[]>();
  const counts = new Map<string, number>();
  return found.filter((delivery) => {
    const { channel, to, providerId, text, kind, data } = delivery;
    // An answer without buttons has nothing to follow, and crowds nothing out.
    if (kind === 'reply' && !data['buttons']) return false;
    if (!channel || !to || !providerId || !text || !senders.has(channel) || text.startsWith(SECRET_NOTICE) || text.startsWith('[')) return false;
    const chat = `${channel}:${to}`;
    counts.set(chat, (counts.get(chat) ?? 0) + 1);
    return (counts.get(chat) ?? 0) <= KEPT_PER_CHAT;
  }).sort((a, b) => saidAt(b).getTime() - saidAt(a).getTime());
}

/** False: not now. */
async function edit(run: Run, delivery: Delivery, { line, buttons }: Standing, stamp: string | null): Promise<boolean> {
  const { channel, to, providerId, text } = delivery;
  const sender = channel ? run.senders.get(channel) : undefined;
  if (!sender?.edit || !channel || !to || !providerId || !text) return true;
  if (run.left <= 0 || run.resting.has(channel)) return false;
  const { ordinary } = await takeCalls(run.ctx, channel, { urgent: 0, ordinary: 1 }, run.policy.limits[channel]);
  if (ordinary === 0) return false;
  run.left--;
  const message: Message = { text: line ? `${text}\n${line}` : text, buttons };
  const outcome = await sender.edit({ to, providerId }, message, AbortSignal.timeout(defaultPolicy.callTimeoutMs));
  if (outcome === 'later') run.resting.add(channel);
  if (outcome === 'later') return false;
  if (outcome === 'edited') run.edited++;
  // What the person reads has changed: the ledger shall know. What is gone is remembered too, so that it is not asked for again.
  const changed = outcome === 'edited' ? { $inc: { rev: 1 }, $set: { shown: stamp, unsealed: true } } : { $set: { shown: stamp } };
  await run.ctx.db.Delivery.updateOne({ _id: delivery._id }, changed);
  return true;
}
