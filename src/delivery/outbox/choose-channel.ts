import type { Channel } from '../../kernel/channels.js';
import { channels } from '../../kernel/channels.js';
import type { ChatLink } from '../../people/links/chat-link.model.js';
import type { Person } from '../../people/person.model.js';
import { liveAddress } from '../../people/mailbox.js';
import { mayText, zbsAddress } from '../../people/phones/may-text.js';
import type { Attempt, Delivery } from '../delivery.model.js';
import type { DeliveryPolicy } from '../policy.js';

/** A channel rests until then; `hard`: it refuses us, so others are used meanwhile. */
export interface Pause {
  until: Date;
  hard: boolean;
}

/** A way to a person: the channel and the provider's address there. */
export interface Route {
  channel: Channel;
  to: string;
}

export type Choice = { go: Route } | { wait: Channel; until: Date } | { none: true };

export interface ChannelNeed {
  delivery: Pick<Delivery, 'chat' | 'triedChannels' | 'lane'> & { attempts: readonly Attempt[] };
  person: Pick<Person, 'channelOrder' | 'phone' | 'phoneVerifiedAt' | 'email' | 'emailDead'> | null;
  links: readonly Pick<ChatLink, 'channel' | 'chatId' | 'deadAt'>[];
  /** Channels with a sender in this process. */
  configured: ReadonlySet<Channel>;
  pauses: ReadonlyMap<Channel, Pause>;
  now: Date;
  policy: Pick<DeliveryPolicy, 'channelOrder' | 'urgentPatienceMs' | 'verifiedPhonesOnly'>;
}

/**
 * The way for a delivery now: the first open one in the person's order, then the office's; an answer goes to its chat or
 * nowhere. Ordinary messages wait for a channel that pauses for a moment; urgent ones go round it.
 */
export function chooseChannel(need: ChannelNeed): Choice {
  const routes = routesOf(need);
  const waits: { route: Route; until: Date }[] = [];
  for (const route of routes) {
    const pause = need.pauses.get(route.channel);
    if (!pause || pause.until <= need.now) return { go: route };
    waits.push({ route, until: pause.until });
    if (worthWaiting(need, pause)) break;
  }
  const soonest = waits.sort((a, b) => a.until.getTime() - b.until.getTime())[0];
  return soonest ? { wait: soonest.route.channel, until: soonest.until } : { none: true };
}

/** Is another way than this one open now? */
export const openElsewhere = (need: ChannelNeed, { channel }: Route): boolean =>
  routesOf(need).some((route) => route.channel !== channel && !((need.pauses.get(route.channel)?.until ?? need.now) > need.now));

const worthWaiting = (need: ChannelNeed, pause: Pause): boolean =>
  !pause.hard && (need.delivery.lane !== 'urgent' || pause.until.getTime() - need.now.getTime() <= need.policy.urgentPatienceMs);

function routesOf(need: ChannelNeed): Route[] {
  const { delivery, person, policy } = need;
  const routes: Route[] = [];
  if (delivery.chat) addUsable(routes, delivery.chat, need);
  else if (person) {
    for (const channel of orderOf(person, policy)) {
      const to = addressOn(channel, person, need);
      if (to) addUsable(routes, { channel, to }, need);
    }
  }
  return delivery.lane === 'urgent' && !delivery.chat ? lastUncertainLast(routes, delivery) : routes;
}

function addUsable(routes: Route[], route: Route, { configured, delivery }: ChannelNeed): void {
  if (configured.has(route.channel) && !delivery.triedChannels.includes(route.channel)) routes.push(route);
}

/** The person's order first, then the office's. */
function orderOf(person: Pick<Person, 'channelOrder'>, policy: ChannelNeed['policy']): Iterable<Channel> {
  if (person.channelOrder.length === 0) return policy.channelOrder;
  const known = person.channelOrder.filter((name): name is Channel => (channels as readonly string[]).includes(name));
  return new Set([...known, ...policy.channelOrder]);
}

/** The urgent repeat of a copy that nobody heard of tries another channel first; what failed on one tries the others before it. */
function lastUncertainLast(routes: Route[], delivery: ChannelNeed['delivery']): Route[] {
  if (delivery.attempts.length === 0) return routes;
  const failed = (route: Route, ...outcomes: Attempt['outcome'][]): number => delivery.attempts.filter((a) => a.channel === route.channel && outcomes.includes(a.outcome) && (a.outcome === 'unknown' || a.asked !== true)).length;
  const doubtful = (route: Route): number => Math.min(1, failed(route, 'unknown'));
  return [...routes].sort((a, b) => doubtful(a) - doubtful(b) || failed(a, 'retry', 'down') - failed(b, 'retry', 'down'));
}

function addressOn(channel: Channel, person: NonNullable<ChannelNeed['person']>, { links, policy }: ChannelNeed): string | null | undefined {
  if (channel === 'sms') return mayText(person, policy.verifiedPhonesOnly) ? person.phone : null;
  if (channel === 'zbs') return zbsAddress(person, links, policy.verifiedPhonesOnly);
  if (channel === 'email') return liveAddress(person);
  return links.find((link) => link.channel === channel && link.deadAt === null)?.chatId;
}
