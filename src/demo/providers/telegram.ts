import type { AddressInfo } from 'node:net';
import type { Clock } from '../../kernel/clock.js';
import type { PhoneNetwork } from './phone-network.js';
import { CallbackQueries } from './telegram/callback-queries.js';
import { Faults, type Fault } from './telegram/faults.js';
import { editText, sayInGroup, setBlocked, telegramPhones } from './telegram/phones.js';
import { strictRate } from './telegram/rate.js';
import { apiServer } from './telegram/server.js';
import { Updates } from './telegram/updates.js';
import { World } from './telegram/world.js';

export interface TelegramStandInOptions {
  /** 0 or absent: any free port. */
  port?: number;
  clock: Clock;
  /** Refuse more than one message a second per chat and thirty over all, as the real one does under load. */
  strictRate?: boolean;
}

export interface TelegramStandIn {
  /** TELEGRAM_API_ROOT */
  url: string;
  /** TELEGRAM_BOT_TOKEN */
  token: string;
  botUsername: string;
  network: PhoneNetwork;
  /**
   * Makes a person known to Telegram before they ever wrote to the bot. `phone` is what their contact button shares;
   * `started`: they once pressed Start, so the bot may write.
   */
  introduce(userId: string, who: { name?: string; phone?: string; started?: boolean }): void;
  /** The person blocks the bot (or takes it back); the bot is told by my_chat_member. */
  block(userId: string, blocked?: boolean): Promise<void>;
  /** The person changes a text of their own (its id on the phone) after it was sent; the bot is told by edited_message. */
  edit(userId: string, message: { id: string; text: string }): Promise<void>;
  sayInGroup(groupId: string, userId: string, text: string): Promise<void>;
  /** A group becomes a supergroup: its old id is refused with the new one. */
  upgradeGroup(groupId: string, newId: string): void;
  /** Like network.misbehave, aimed at one method such as "getUpdates". */
  misbehaveOn(method: string, fault: Fault, times?: number, options?: { retryAfterS?: number }): void;
  /** Taps the bot has not answered yet: their buttons still spin. */
  unansweredTaps(): number;
  /** Resolves when the bot has confirmed every update. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Looks like a BotFather token and opens nothing anywhere else. */
const TOKEN = '7026112026:MinhHoa-chi-dung-tren-may-nay';

/**
 * A local Telegram Bot API for the demo and the tests, over real HTTP on 127.0.0.1, as strict as the real one where the
 * product could be wrong: token, limits on text and buttons, HTML, who may be written to, getUpdates or webhook, at least once.
 */
export async function startTelegramStandIn(options: TelegramStandInOptions): Promise<TelegramStandIn> {
  const world = new World(options.clock);
  const on = { world, updates: new Updates(options.clock), queries: new CallbackQueries(options.clock), faults: new Faults() };
  const http = apiServer({ ...on, token: TOKEN, mayWrite: options.strictRate ? strictRate(options.clock) : () => {} });
  await http.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { port } = http.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token: TOKEN,
    botUsername: world.bot.username,
    network: telegramPhones(on),
    introduce: (userId, who) => void Object.assign(world.phone(userId), who),
    block: (userId, blocked = true) => setBlocked(on, userId, blocked),
    edit: (userId, message) => editText(on, userId, message),
    sayInGroup: (groupId, userId, text) => sayInGroup(on, groupId, userId, text),
    upgradeGroup: (groupId, newId) => {
      world.groups.set(groupId, { title: 'Nhóm', migratedTo: Number(newId) });
      world.groups.set(newId, { title: 'Nhóm' });
    },
    misbehaveOn: (method, fault, times, more) => on.faults.plan(fault, times, { ...more, method }),
    unansweredTaps: () => on.queries.unanswered,
    settled: () => on.updates.settled(),
    stop: async () => {
      await on.updates.stop();
      await http.close();
    },
  };
}
