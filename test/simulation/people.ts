import { Types } from 'mongoose';
import { chatChannels, type Channel, type ChatChannel } from '../../src/kernel/channels.js';
import type { Sender } from '../../src/delivery/sender.js';
import type { SeededRandom } from './seeded-random.js';
import type { Store } from './store.js';

/** Somebody of the simulated province. */
export interface Resident {
  id: string;
  agency: string;
  office: boolean;
  chats: { channel: ChatChannel; chatId: string }[];
  /** How long until they answer an invitation, in milliseconds; null: never. */
  answersAfter: number | null;
}

export interface Province {
  people: Resident[];
  /** Chats the provider has forgotten. */
  dead: Set<string>;
  /** Who acts for whom, and from when until when (milliseconds of the epoch). */
  away: Map<string, { deputyId: string; from: number; until: number }>;
}

/** Channels of the simulated house. */
export const simulatedChannels = ['zalo', 'zalo-bot', 'telegram', 'zbs', 'sms', 'email'] as const satisfies readonly Channel[];
/** As in the real senders: SMS knows repeated request ids, Zalo's channels tell by receipts. */
export const truths: Readonly<Record<Channel, Sender['truth']>> = { zalo: 'receipt', 'zalo-bot': 'none', telegram: 'none', zbs: 'receipt', sms: 'request-id', email: 'none' };

/** Settles `count` people in agencies, and two of the office. */
export function settlePeople(store: Store, random: SeededRandom, count: number, now: number): Province {
  const province: Province = { people: [], dead: new Set(), away: new Map() };
  const orders: Channel[][] = [[], ['telegram'], ['sms', 'zalo'], ['sms', 'telegram'], ['email', 'telegram']];
  for (let i = 0; i < count + 2; i++) {
    const office = i < 2;
    const at = new Date(now - 86_400_000);
    const id = new Types.ObjectId((0xabc000 + i).toString(16).padStart(24, '0'));
    const agency = office ? 'VP' : `A${i % Math.max(1, count >> 2)}`;
    const phone = office || random.chance(0.7) ? { phone: `849${String(10_000_000 + i)}`, phoneVerifiedAt: at } : {};
    const email = random.chance(0.4) ? { email: `p${i}@laocai.invalid` } : {};
    store.collections.Person.insert({
      _id: id, name: `Người ${i}`, nameFold: `nguoi ${i}`, position: 'Giám đốc', agencyCode: agency, roles: [office ? 'office' : random.pick(['leader', 'officer'])],
      channelOrder: random.pick(orders), active: true, createdAt: at, ...phone, ...email,
    });
    const chats = chatChannels.filter((channel) => random.chance(channel === 'zalo-bot' ? 0.2 : 0.65)).map((channel) => ({ channel, chatId: `${channel}-${i}` }));
    for (const { channel, chatId } of chats) {
      store.collections.ChatLink.insert({ channel, chatId, senderId: chatId, personId: id, linkedAt: at, linkedBy: 'code', lastInboundAt: at });
      if (!office && random.chance(0.05)) province.dead.add(chatId);
    }
    if (!office && i > 3 && random.chance(0.12)) awayPerson(store, province, random, { id: id.toHexString(), now });
    province.people.push({ id: id.toHexString(), agency, office, chats, answersAfter: random.chance(0.6) ? random.skewed(1_000, 15 * 60_000) : null });
  }
  return province;
}

/** So many more people with nothing but an address, in a department of their own; their ids. */
export function settleCrowd(store: Store, count: number, now: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const id = new Types.ObjectId((0xdef000 + i).toString(16).padStart(24, '0'));
    store.collections.Person.insert({
      _id: id, name: `Dân ${i}`, nameFold: `dan ${i}`, position: 'Chuyên viên', agencyCode: 'DONG', roles: ['officer'], channelOrder: [], active: true, createdAt: new Date(now), email: `d${i}@laocai.invalid`,
    });
    return id.toHexString();
  });
}

/** Somebody is on leave, from before or from some time in the run; somebody settled before acts for them. */
function awayPerson(store: Store, province: Province, random: SeededRandom, { id, now }: { id: string; now: number }): void {
  const deputy = random.pick(province.people);
  const from = Math.floor(now + random.between(-60, 10) * 60_000);
  const until = Math.floor(now + random.skewed(2 * 60_000, 3 * 86_400_000));
  store.collections.Person.update({ _id: id }, { $set: { deputyId: deputy.id, leave: { from: new Date(from), until: new Date(until) } } });
  province.away.set(id, { deputyId: deputy.id, from, until });
}
