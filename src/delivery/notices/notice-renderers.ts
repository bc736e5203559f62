import type { Ctx } from '../../context.js';
import { answersStopped, channelStopped, chatDead, chatFull, deliveryDead, grantEnding, nobodyThere, personGone, readablePhone, silentPerson } from '../../texts/delivery-texts.js';
import { mailboxDead } from '../../texts/mail-texts.js';
import type { Meeting } from '../../meetings/meeting.model.js';
import { chairAbsent } from '../../texts/meeting-texts.js';
import type { Delivery } from '../delivery.model.js';
import type { Renderer, Renderers } from '../renderer.js';
import { isSecretTask, personOf } from './known-facts.js';

const string = (value: unknown): string => (typeof value === 'string' ? value : '');

const undelivered: Renderer = async (ctx, { data }) => {
  const person = await personOf(ctx, string(data['personId']));
  if (!person) return { suppress: 'person-unknown' };
  return { message: deliveryDead({ person, about: string(data['about']), code: await codeIn(ctx, data), reason: string(data['reason']) }), secret: false };
};

/** What it is about; a secret task is not named, not even by its code. So nothing secret is left in a notice. */
async function codeIn(ctx: Ctx, data: Delivery['data']): Promise<string> {
  const taskCode = string(data['taskCode']);
  if (!taskCode) return string(data['meetingCode']);
  return (await isSecretTask(ctx, taskCode)) ? '' : taskCode;
}

const unheard: Renderer = async (ctx, { data }) => {
  const person = await personOf(ctx, string(data['personId']));
  if (!person) return { suppress: 'person-unknown' };
  return { message: silentPerson({ person, about: string(data['about']), code: await codeIn(ctx, data) }), secret: false };
};

const gone: Renderer = async (ctx, { data }) => {
  const person = await personOf(ctx, string(data['personId']));
  if (!person) return { suppress: 'person-unknown' };
  return { message: personGone({ person, about: string(data['about']), code: await codeIn(ctx, data), loop: data['trouble'] === 'deputy-loop' }), secret: false };
};

const deadChat: Renderer = async (ctx, { data }) => {
  const person = await personOf(ctx, string(data['personId']));
  const agency = await ctx.db.Agency.findOne({ code: string(data['agencyCode']) }, { name: 1 }).lean();
  const whose = person ? `đồng chí ${person.name}, ${person.position}` : agency?.name;
  if (data['channel'] === 'email' && whose) return { message: mailboxDead({ whose, address: string(data['address']) }) };
  return person ? { message: chatDead({ person, channel: string(data['channel']) }) } : { suppress: 'person-unknown' };
};

const stopped: Renderer = async (_ctx, { data }) => ({ message: channelStopped({ channel: string(data['channel']), code: string(data['code']) }) });

const nobody: Renderer = async (ctx, { data }) => {
  const code = await codeIn(ctx, data);
  return { message: nobodyThere({ about: string(data['about']), code, agency: code ? await leadAgencyOf(ctx, string(data['taskCode'])) : '' }), secret: false };
};

/** Name of the agency that leads a task; empty without one. */
async function leadAgencyOf(ctx: Ctx, code: string): Promise<string> {
  const task = code ? await ctx.db.Task.findOne({ code }, { leadAgencyCode: 1 }).lean() : null;
  return task ? ((await ctx.db.Agency.findOne({ code: task.leadAgencyCode }, { name: 1 }).lean())?.name ?? '') : '';
}

const ending: Renderer = async (_ctx, { data }) => ({ message: grantEnding({ endsAt: new Date(string(data['endsAt'])), daysLeft: Number(data['daysLeft']) }) });

/** Whose chat it is, in words; a number or account nobody is known by stands for itself. */
async function whoseChat(ctx: Ctx, data: Delivery['data']): Promise<{ whose: string; phone?: string }> {
  const person = await personOf(ctx, string(data['personId']));
  if (person) return { whose: `đồng chí ${person.name}, ${person.position}`, ...(person.phone ? { phone: person.phone } : {}) };
  const agency = await ctx.db.Agency.findOne({ code: string(data['agencyCode']) }, { name: 1 }).lean();
  return { whose: agency ? `hộp thư ${agency.name}` : data['channel'] === 'sms' ? `số ${readablePhone(string(data['phone']))}` : 'một tài khoản chưa liên kết' };
}

const full: Renderer = async (ctx, { data }) => ({ message: chatFull({ ...(await whoseChat(ctx, data)), channel: string(data['channel']) }), secret: false });

const unanswered: Renderer = async (ctx, { data }) => ({ message: answersStopped({ ...(await whoseChat(ctx, data)), channel: string(data['channel']), code: await codeIn(ctx, data) }), secret: false });

const noChair: Renderer = async (ctx, { data }) => {
  const person = await personOf(ctx, string(data['personId']));
  const meeting = await ctx.db.Meeting.findOne({ code: string(data['meetingCode']) }, { history: 0 }).lean<Meeting>();
  if (!person || !meeting) return { suppress: 'person-unknown' };
  const place = meeting.attendees.find(({ personId }) => String(personId) === String(person._id));
  if (meeting.status === 'cancelled') return { suppress: 'meeting-cancelled' };
  if (meeting.version !== data['version'] || String(meeting.chairId ?? '') !== String(person._id) || place?.answer !== 'absent') return { suppress: 'meeting-changed' };
  return { message: { ...chairAbsent(meeting, { person, reason: place.answerNote }, ctx.clock.now()), thread: meeting.code }, secret: false };
};

/** What the house says about its own delivering, to the office. */
export const noticeRenderers: Renderers = { 'delivery-dead': undelivered, 'chat-dead': deadChat, 'channel-stopped': stopped, 'nobody-there': nobody, 'grant-ending': ending, silent: unheard, 'person-gone': gone, 'chat-full': full, 'answers-stopped': unanswered, 'chair-absent': noChair };
