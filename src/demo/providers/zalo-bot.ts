import type { AddressInfo } from 'node:net';
import type { Clock } from '../../kernel/clock.js';
import type { PhoneNetwork } from './phone-network.js';
import { botPhones, sayInGroup } from './zalo-bot/phones.js';
import { apiServer } from './zalo-bot/server.js';
import { Updates } from './zalo-bot/updates.js';
import { World, type Fault } from './zalo-bot/world.js';

export interface ZaloBotStandInOptions {
  /** 0 or absent: any free port. */
  port?: number;
  clock: Clock;
}

export interface ZaloBotStandIn {
  /** ZALO_BOT_API_ROOT */
  apiRoot: string;
  /** ZALO_BOT_TOKEN */
  token: string;
  network: PhoneNetwork;
  /** These people have written to the bot before. */
  introduce(...userIds: string[]): void;
  sayInGroup(groupId: string, userId: string, text: string): Promise<void>;
  /** The next sends go wrong in these ways, one each. */
  failNext(...faults: Fault[]): void;
  /** Messages this bot has sent this month, as the platform counts. */
  setSent(count: number): void;
  /** Where the product asked to be called; undefined while polling. */
  webhook(): string | undefined;
  /** Resolves when the bot has taken and worked off every update. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Looks like a bot's token and opens nothing anywhere else. */
const TOKEN = '2026112026:minh-hoa-chi-dung-tren-may-nay';

/**
 * A local Zalo Bot Platform over real HTTP on 127.0.0.1, strict where the product could be wrong: one update per call and no
 * second chance, errors with HTTP 200, 2,000 characters, no buttons, only people who wrote first, 3,000 messages a month.
 */
export async function startZaloBotStandIn(options: ZaloBotStandInOptions): Promise<ZaloBotStandIn> {
  const world = new World(options.clock);
  const updates = new Updates();
  const http = apiServer({ token: TOKEN, world, updates });
  await http.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const apiRoot = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`;
  const on = { world, updates, mediaRoot: () => `${apiRoot}/media` };
  return {
    apiRoot,
    token: TOKEN,
    network: botPhones(on),
    introduce: (...userIds) => userIds.forEach((id) => world.meet(id)),
    sayInGroup: (groupId, userId, text) => sayInGroup(on, groupId, userId, text),
    failNext: (...faults) => void world.faults.push(...faults),
    setSent: (count) => void (world.sent = count),
    webhook: () => updates.webhook?.url,
    settled: () => updates.settled(),
    stop: async () => {
      await updates.stop();
      await http.close();
    },
  };
}
