import { setTimeout as realPause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { telegramChannel } from '../../bots/telegram/index.js';
import type { Wait } from '../../bots/wait.js';
import { zaloBotChannel } from '../../bots/zalo/bot/index.js';
import type { Ctx } from '../../src/context.js';
import type { ChannelModule } from '../../src/delivery/channel-module.js';
import { startTelegramStandIn } from '../../src/demo/providers/telegram.js';
import { startZaloBotStandIn } from '../../src/demo/providers/zalo-bot.js';
import type { PhoneNetwork } from '../../src/demo/providers/phone-network.js';
import { readConfig } from '../../src/config.js';
import { testCtx } from '../support/test-ctx.js';

/** Seconds become milliseconds, so that a story of two machines passes in one. */
const quick: Wait = (ms, signal) => realPause(ms / 100, undefined, { signal, ref: false }).catch(() => {});

interface House {
  network: PhoneNetwork;
  env: Record<string, string>;
  open(ctx: Ctx, texts: (string | undefined)[]): ChannelModule;
  phone: string;
  stop(): Promise<void>;
}

const houses: Record<string, (clock: { now(): Date }) => Promise<House>> = {
  telegram: async (clock) => {
    const telegram = await startTelegramStandIn({ clock });
    return {
      network: telegram.network, phone: '5001', stop: () => telegram.stop(),
      env: { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url },
      open: (ctx, texts) => telegramChannel(ctx, { receive: async (m) => void texts.push('text' in m ? m.text : undefined), receipt: async () => {} }, { wait: quick, pulse: quick }),
    };
  },
  'zalo-bot': async (clock) => {
    const bot = await startZaloBotStandIn({ clock });
    return {
      network: bot.network, phone: 'a6f0c2d94b1e87350f2d', stop: () => bot.stop(),
      env: { ZALO_BOT_TOKEN: bot.token, ZALO_BOT_API_ROOT: bot.apiRoot },
      open: (ctx, texts) => zaloBotChannel(ctx, { receive: async (m) => void texts.push('text' in m ? m.text : undefined), receipt: async () => {} }, { wait: quick, pulse: quick }),
    };
  },
};

describe.each(Object.keys(houses))('two instances of one %s bot', (name) => {
  let world: Awaited<ReturnType<typeof testCtx>>;
  let house: House;
  let ctx: Ctx;
  const open: ChannelModule[] = [];
  const heard: Record<'first' | 'second', (string | undefined)[]> = { first: [], second: [] };
  const start = async (who: 'first' | 'second', on: Ctx = ctx): Promise<ChannelModule> => {
    const channel = house.open(on, heard[who]);
    open.push(channel);
    await channel.start?.();
    return channel;
  };
  const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

  beforeEach(async () => {
    world = await testCtx('2026-11-23T01:00:00Z');
    house = await (houses[name] as (typeof houses)[string])(world.clock);
    ctx = { ...world.ctx, config: readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...house.env }) };
    heard.first = [];
    heard.second = [];
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map(async (channel) => channel.stop?.()));
    await house.stop();
    await world.close();
  });

  test('only one asks; the other stands by, well, and takes over at once when the first stops', async () => {
    const first = await start('first');
    await house.network.say(house.phone, 'một');
    await until(() => expect(heard.first).toEqual(['một']));
    const second = await start('second');
    await until(() => expect(second.health()).toEqual({ state: 'ok' }));
    await house.network.say(house.phone, 'hai');
    await until(() => expect(heard.first).toEqual(['một', 'hai']));
    expect(heard.second).toEqual([]);
    await first.stop?.();
    // A platform without offsets could still hand the next word to the call that was just given up.
    const asked = () => house.network.calls().filter(({ method }) => /getUpdates/i.test(method)).length;
    const before = asked();
    await until(() => expect(asked()).toBeGreaterThan(before));
    await house.network.say(house.phone, 'ba');
    await until(() => expect(heard.second).toEqual(['ba']));
    expect(first.health().problem ?? '').not.toContain('409');
  });

  test('an instance that died holds the lease for ten seconds, no longer', async () => {
    const until10 = new Date(world.clock.now().getTime() + 10_000);
    await ctx.db.State.create({ _id: `poll-lease:${name}`, value: { by: 'dead', until: until10 }, updatedAt: world.clock.now() });
    const second = await start('second');
    await house.network.say(house.phone, 'một');
    await until(() => expect(second.health()).toEqual({ state: 'ok' }));
    world.clock.advance({ ms: 9_999 });
    await realPause(100);
    expect(heard.second).toEqual([]);
    world.clock.advance({ ms: 1 });
    await until(() => expect(heard.second).toEqual(['một']));
  });

  test('whoever finds that another has the lease stops asking', async () => {
    await start('first');
    await house.network.say(house.phone, 'một');
    await until(() => expect(heard.first).toEqual(['một']));
    await ctx.db.State.updateOne({ _id: `poll-lease:${name}` }, { $set: { value: { by: 'other', until: new Date(world.clock.now().getTime() + 10_000) } } });
    await realPause(150);
    await house.network.say(house.phone, 'hai');
    await realPause(100);
    expect(heard.first).toEqual(['một']);
  });
});
