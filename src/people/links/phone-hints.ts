import type { Ctx } from '../../context.js';
import type { ChatChannel } from '../../kernel/channels.js';
import type { Person } from '../person.model.js';
import { normalisePhone } from '../phone.js';

/** A number somebody typed into a form of the provider: may be edited there, so it proves nothing and links nobody. */
export interface PhoneHint {
  phone: string;
  channel: ChatChannel;
  chatId: string;
  at: Date;
}

const PREFIX = 'phone-hint:';
const KEPT_MS = 30 * 24 * 3_600_000;
const MOST = 20;

/** Keeps what a chat claims; a later claim of the same chat takes its place. Nothing is kept of what is no number. */
export async function keepPhoneHint(ctx: Ctx, { channel, chatId, phone }: { channel: ChatChannel; chatId: string; phone: string }): Promise<boolean> {
  const number = normalisePhone(phone);
  if (!number) return false;
  const at = ctx.clock.now();
  await ctx.db.State.updateOne({ _id: `${PREFIX}${channel}:${chatId}` }, { $set: { value: { phone: number, channel, chatId, at } satisfies PhoneHint, updatedAt: at } }, { upsert: true });
  return true;
}

/** Claims that concern this person: made in their own linked chats, or naming their number in a chat that is nobody's. */
export async function phoneHintsFor(ctx: Ctx, person: Pick<Person, '_id' | 'phone'>): Promise<(PhoneHint & { linked: boolean })[]> {
  const since = new Date(ctx.clock.now().getTime() - KEPT_MS);
  const found = await ctx.db.State.find({ _id: { $gte: PREFIX, $lt: `${PREFIX}~` }, updatedAt: { $gt: since } }).sort({ updatedAt: -1 }).limit(1_000).lean();
  const links = await ctx.db.ChatLink.find({ personId: person._id }, { channel: 1, chatId: 1 }).lean();
  const own = new Set(links.map(({ channel, chatId }) => `${channel}:${chatId}`));
  const hints = found.map(({ value }) => value as PhoneHint).map((hint) => ({ ...hint, linked: own.has(`${hint.channel}:${hint.chatId}`) }));
  return hints.filter(({ phone, linked }) => linked || (person.phone !== undefined && phone === person.phone)).slice(0, MOST);
}
