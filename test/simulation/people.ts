import { Types } from 'mongoose';
import { chatChannels, type Channel, type ChatChannel } from '../../src/kernel/channels.js';
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
}

/** Channels of the simulated house; SMS knows repeated request ids. */
export const simulatedChannels = ['zalo', 'telegram', 'sms', 'email'] as const satisfies readonly Channel[];

/** Settles `count` people in agencies, and two of the office. */
export function settlePeople(store: Store, random: SeededRandom, count: number, now: number): Province {
  const province: Province = { people: [], dead: new Set() };
  const orders: Channel[][] = [[], ['telegram'], ['sms', 'zalo'], ['sms', 'telegram'], ['email', 'telegram']];
  for (let i = 0; i < count + 2; i++) {
    const office = i < 2;
    const id = new Types.ObjectId((0xabc000 + i).toString(16).padStart(24, '0'));
    const agency = office ? 'VP' : `A${i % Math.max(1, count >> 2)}`;
    const phone = office || random.chance(0.7) ? { phone: `849${String(10_000_000 + i)}` } : {};
    const email = random.chance(0.4) ? { email: `p${i}@laocai.invalid` } : {};
    const at = new Date(now - 86_400_000);
    store.collections.Person.insert({
      _id: id, name: `Người ${i}`, nameFold: `nguoi ${i}`, position: 'Giám đốc', agencyCode: agency, roles: [office ? 'office' : random.pick(['leader', 'officer'])],
      channelOrder: random.pick(orders), active: true, createdAt: at, ...phone, ...email,
    });
    const chats = chatChannels.filter((channel) => channel !== 'zalo-bot' && random.chance(0.7)).map((channel) => ({ channel, chatId: `${channel}-${i}` }));
    for (const { channel, chatId } of chats) {
      store.collections.ChatLink.insert({ channel, chatId, senderId: chatId, personId: id, linkedAt: at, linkedBy: 'code', lastInboundAt: at });
      if (!office && random.chance(0.05)) province.dead.add(chatId);
    }
    province.people.push({ id: id.toHexString(), agency, office, chats, answersAfter: random.chance(0.6) ? random.skewed(1_000, 15 * 60_000) : null });
  }
  return province;
}
