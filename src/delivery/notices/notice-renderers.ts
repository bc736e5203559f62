import type { Ctx } from '../../context.js';
import { personById } from '../../people/receivers.js';
import { channelStopped, chatDead, deliveryDead, grantEnding, nobodyThere, personGone, silentPerson } from '../../texts/delivery-texts.js';
import { mailboxDead } from '../../texts/mail-texts.js';
import type { Delivery } from '../delivery.model.js';
import type { Renderer, Renderers } from '../renderer.js';

const string = (value: unknown): string => (typeof value === 'string' ? value : '');

const undelivered: Renderer = async (ctx, { data }) => {
  const person = await personById(ctx, string(data['personId']));
  if (!person) return { suppress: 'person-unknown' };
  return { message: deliveryDead({ person, about: string(data['about']), code: await codeIn(ctx, data), reason: string(data['reason']) }), secret: false };
};

/** What it is about; a secret task is not named, not even by its code. So nothing secret is left in a notice. */
async function codeIn(ctx: Ctx, data: Delivery['data']): Promise<string> {
  const taskCode = string(data['taskCode']);
  if (!taskCode) return string(data['meetingCode']);
  return (await ctx.db.Task.exists({ code: taskCode, secret: true })) ? '' : taskCode;
}

const unheard: Renderer = async (ctx, { data }) => {
  const person = await personById(ctx, string(data['personId']));
  if (!person) return { suppress: 'person-unknown' };
  return { message: silentPerson({ person, about: string(data['about']), code: await codeIn(ctx, data) }), secret: false };
};

const gone: Renderer = async (ctx, { data }) => {
  const person = await personById(ctx, string(data['personId']));
  if (!person) return { suppress: 'person-unknown' };
  return { message: personGone({ person, about: string(data['about']), code: await codeIn(ctx, data), loop: data['trouble'] === 'deputy-loop' }), secret: false };
};

const deadChat: Renderer = async (ctx, { data }) => {
  const person = await personById(ctx, string(data['personId']));
  const agency = await ctx.db.Agency.findOne({ code: string(data['agencyCode']) }, { name: 1 }).lean();
  const whose = person ? `đồng chí ${person.name}, ${person.position}` : agency?.name;
  if (data['channel'] === 'email' && whose) return { message: mailboxDead({ whose, address: string(data['address']) }) };
  return person ? { message: chatDead({ person, channel: string(data['channel']) }) } : { suppress: 'person-unknown' };
};

const stopped: Renderer = async (_ctx, { data }) => ({ message: channelStopped({ channel: string(data['channel']), code: string(data['code']) }) });

const nobody: Renderer = async (ctx, { data }) => ({ message: nobodyThere({ about: string(data['about']), code: await codeIn(ctx, data) }), secret: false });

const ending: Renderer = async (_ctx, { data }) => ({ message: grantEnding({ endsAt: new Date(string(data['endsAt'])), daysLeft: Number(data['daysLeft']) }) });

/** What the house says about its own delivering, to the office. */
export const noticeRenderers: Renderers = { 'delivery-dead': undelivered, 'chat-dead': deadChat, 'channel-stopped': stopped, 'nobody-there': nobody, 'grant-ending': ending, silent: unheard, 'person-gone': gone };
