import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import type { ChatChannel } from '../../kernel/channels.js';
import { DomainError } from '../../kernel/errors.js';
import type { ChatLink } from './chat-link.model.js';
import { hashLinkCode } from './issue-link-code.js';
import { countTry, forgetTries, keepTry } from './link-attempts.js';
import type { LinkCode } from './link-code.model.js';
import type { Person } from '../person.model.js';
import { normalisePhone } from '../phone.js';
import { proveByContact } from '../phones/prove-by-contact.js';
import { personActor } from '../receivers.js';

export interface ChatIdentity {
  channel: ChatChannel;
  chatId: string;
  /** The provider's id of who writes there. */
  senderId: string;
}

/**
 * Ties a chat to the person a one-time code was given to. A person has one chat per channel: linking again moves it.
 * Throws 'link-code-wrong', 'link-code-blocked' (three wrong codes, ten minutes), 'chat-taken' (the code stays good).
 */
export async function linkChat(ctx: Ctx, input: ChatIdentity & { code: string }): Promise<Person> {
  await countTry(ctx, input);
  const found = await usableCode(ctx, input);
  if (!found) {
    await keepTry(ctx, input);
    throw new DomainError('link-code-wrong');
  }
  await forgetTries(ctx, input);
  await mustBeFree(ctx, input, found.person);
  const { channel, chatId } = input;
  const used = { usedAt: ctx.clock.now(), usedBy: { channel, chatId, cause: ctx.cause } };
  const taken = await ctx.db.LinkCode.updateOne({ _id: found.code._id, $or: [{ usedAt: null }, { 'usedBy.cause': ctx.cause }] }, { $set: used });
  if (taken.matchedCount === 0) throw new DomainError('link-code-wrong');
  return tie(ctx, { ...input, person: found.person, linkedBy: 'code' });
}

/**
 * Ties a chat by a shared contact: it must be the sender's own, and its number must belong to exactly one active person.
 * Throws 'contact-not-own', 'contact-unknown', 'chat-taken'.
 */
export async function linkChatByContact(ctx: Ctx, input: ChatIdentity & { phone: string; ownerId?: string }): Promise<Person> {
  if (!input.ownerId || input.ownerId !== input.senderId) throw new DomainError('contact-not-own');
  const phone = normalisePhone(input.phone);
  const people = phone ? await ctx.db.Person.find({ phone, active: true }).limit(2).lean<Person[]>() : [];
  const [person] = people;
  if (!person || people.length > 1) throw new DomainError('contact-unknown');
  await mustBeFree(ctx, input, person);
  await proveByContact(ctx, person, { channel: input.channel, phone: input.phone, isOwn: true });
  return tie(ctx, { ...input, person, linkedBy: 'contact' });
}

/** A code somebody may still use here: unused and in time, or used a moment ago by this very cause. */
async function usableCode(ctx: Ctx, input: { code: string }): Promise<{ code: LinkCode; person: Person } | null> {
  const code = await ctx.db.LinkCode.findOne({ codeHash: hashLinkCode(input.code) }).lean<LinkCode>();
  if (!code) return null;
  const fresh = code.usedAt === null && code.expiresAt > ctx.clock.now();
  if (!fresh && code.usedBy?.cause !== ctx.cause) return null;
  const person = await ctx.db.Person.findOne({ _id: code.personId, active: true }).lean<Person>();
  return person && { code, person };
}

async function mustBeFree(ctx: Ctx, { channel, chatId }: ChatIdentity, person: Person): Promise<void> {
  const link = await ctx.db.ChatLink.findOne({ channel, chatId }).lean<ChatLink>();
  if (link && !link.personId.equals(person._id)) throw new DomainError('chat-taken');
}

async function tie(ctx: Ctx, input: ChatIdentity & { person: Person; linkedBy: ChatLink['linkedBy'] }): Promise<Person> {
  const { channel, chatId, senderId, person, linkedBy } = input;
  const now = ctx.clock.now();
  const fact = { chatId, senderId, linkedBy, linkedAt: now, lastInboundAt: now, deadAt: null, awaiting: null };
  try {
    await ctx.db.ChatLink.updateOne({ personId: person._id, channel }, { $set: fact, $unset: { deadReason: '' } }, { upsert: true });
  } catch (error) {
    // The chat was linked to someone else in this moment.
    if (isDuplicateKey(error)) throw new DomainError('chat-taken');
    throw error;
  }
  await recordAudit(ctx, personActor(person, channel), { action: 'chat.link', entity: 'person', entityKey: person._id.toString(), after: { channel, linkedBy } });
  return person;
}
