import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { chatChannels, type Channel } from '../../kernel/channels.js';
import { DomainError } from '../../kernel/errors.js';
import type { Actor } from '../../people/actor.js';
import type { Person } from '../../people/person.model.js';
import { mayText, zbsAddress } from '../../people/phones/may-text.js';
import { mustBeAllowed } from '../../people/policy.js';
import { channelInWords, channelTest } from '../../texts/delivery-texts.js';
import { enqueue } from '../enqueue.js';
import { keys } from '../keys.js';
import type { Renderer } from '../renderer.js';

/** The kind of message a test is; templates of this kind serve it on ZBS. */
export const TEST_KIND = 'channel-test';
/** A test that leaves much later tells nothing. */
const USEFUL_MS = 10 * 60_000;

/**
 * Sends a test to the signed-in account's own person, on exactly this channel and by the ordinary way through the outbox.
 * Throws forbidden, account-without-person, channel-not-linked, phone-not-verified, channel-needs-template.
 */
export async function sendTest(ctx: Ctx, actor: Actor, { channel }: { channel: Channel }): Promise<{ person: Person }> {
  mustBeAllowed(actor, 'channel.write');
  const personId = actor.kind === 'account' ? actor.personId : null;
  const person = personId ? await ctx.db.Person.findOne({ _id: personId, active: true }).lean<Person>() : null;
  if (!person) throw new DomainError('account-without-person');
  const to = await addressOf(ctx, person, channel);
  if (!to && person.phone && (channel === 'sms' || channel === 'zbs')) throw new DomainError('phone-not-verified');
  if (!to) throw new DomainError('channel-not-linked', { channel: channelInWords(channel) });
  if (channel === 'zbs' && !(await ctx.db.ZbsTemplate.exists({ kind: TEST_KIND, enabled: true, channel: { $ne: 'sms' } }))) throw new DomainError('channel-needs-template');
  const expiresAt = new Date(ctx.clock.now().getTime() + USEFUL_MS);
  await enqueue(ctx, { key: keys.channelTest(ctx.cause), kind: TEST_KIND, lane: 'normal', asked: 'now', personId: String(person._id), chat: { channel, to }, data: { channel }, expiresAt });
  await recordAudit(ctx, actor, { action: 'channel.test', entity: 'channel', entityKey: channel });
  return { person };
}

async function addressOf(ctx: Ctx, person: Person, channel: Channel): Promise<string | null> {
  const chat = chatChannels.find((name) => name === channel);
  if (chat) return (await ctx.db.ChatLink.findOne({ personId: person._id, channel: chat, deadAt: null }, { chatId: 1 }).lean())?.chatId ?? null;
  if (channel === 'email') return person.email ?? null;
  const verifiedOnly = ctx.config.SMS_REQUIRE_VERIFIED;
  if (channel === 'sms') return mayText(person, verifiedOnly) ? (person.phone ?? null) : null;
  return zbsAddress(person, await ctx.db.ChatLink.find({ personId: person._id, deadAt: null }).lean(), verifiedOnly);
}

/** The test in words; its pieces serve a ZBS template of this kind. */
export const testRenderer: Renderer = async (ctx, { data }, person) => {
  if (!person) return { suppress: 'person-unknown' };
  const message = channelTest({ channel: String(data['channel']), at: ctx.clock.now(), name: person.name });
  return { message: { ...message, params: { name: person.name, position: person.position, content: 'Tin gửi thử', code: 'GUI-THU' } } };
};
