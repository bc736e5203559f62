import { personById } from '../../people/receivers.js';
import { channelStopped, chatDead, deliveryDead, grantEnding, nobodyThere } from '../../texts/delivery-texts.js';
import type { Renderer, Renderers } from '../renderer.js';

const string = (value: unknown): string => (typeof value === 'string' ? value : '');

const undelivered: Renderer = async (ctx, { data }) => {
  const person = await personById(ctx, string(data['personId']));
  if (!person) return { suppress: 'person-unknown' };
  const code = string(data['taskCode']) || string(data['meetingCode']);
  return { message: deliveryDead({ person, about: string(data['about']), code, reason: string(data['reason']) }) };
};

const deadChat: Renderer = async (ctx, { data }) => {
  const person = await personById(ctx, string(data['personId']));
  return person ? { message: chatDead({ person, channel: string(data['channel']) }) } : { suppress: 'person-unknown' };
};

const stopped: Renderer = async (_ctx, { data }) => ({ message: channelStopped({ channel: string(data['channel']), code: string(data['code']) }) });

const nobody: Renderer = async (_ctx, { data }) => ({ message: nobodyThere({ about: string(data['about']), code: string(data['taskCode']) || string(data['meetingCode']) }) });

const ending: Renderer = async (_ctx, { data }) => ({ message: grantEnding({ endsAt: new Date(string(data['endsAt'])), daysLeft: Number(data['daysLeft']) }) });

/** What the house says about its own delivering, to the office. */
export const noticeRenderers: Renderers = { 'delivery-dead': undelivered, 'chat-dead': deadChat, 'channel-stopped': stopped, 'nobody-there': nobody, 'grant-ending': ending };
