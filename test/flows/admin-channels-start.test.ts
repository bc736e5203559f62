import { afterEach, expect, test } from 'vitest';
import { zaloDesk } from '../../bots/zalo/desk.js';
import type { ChannelHealth } from '../../src/delivery/channel-module.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';

let house: AdminHouse;
afterEach(() => house.close());

const open = async (health: (at: Date) => ChannelHealth): Promise<() => Promise<{ state: string; tone: string; problem: string | null } | undefined>> => {
  house = await openAdminHouse({
    env: { TELEGRAM_BOT_TOKEN: '123456:ma-thong-bao-thu', TELEGRAM_UPDATES: 'polling' },
    desk: (ctx) => ({ ...zaloDesk(ctx), health: () => ({ telegram: health(started) }) }),
  });
  const started = house.clock.now();
  const cookie = await house.signIn('admin@example.vn');
  return async () => {
    const answer = (await house.http.inject({ url: '/admin/api/office/channels', headers: { cookie } })).json() as { channels: { channel: string; state: string; tone: string; problem: string | null }[] };
    const line = answer.channels.find(({ channel }) => channel === 'telegram');
    return line && { state: line.state, tone: line.tone, problem: line.problem };
  };
};

test('just started and nothing heard yet: said calmly; after 45 seconds it is a fault', async () => {
  const look = await open((connectingSince) => ({ state: 'failing', problem: 'Đang kết nối máy chủ Telegram.', connectingSince }));
  expect(await look()).toEqual({ state: 'Đang kết nối', tone: 'quiet', problem: null });
  house.clock.advance({ seconds: 44.999 });
  expect(await look()).toMatchObject({ tone: 'quiet' });
  house.clock.advance({ seconds: 0.001 });
  expect(await look()).toEqual({ state: 'Có lỗi', tone: 'bad', problem: 'Đang kết nối máy chủ Telegram.' });
});

test('a fault that is known is told at once', async () => {
  const look = await open(() => ({ state: 'failing', problem: 'Telegram từ chối TELEGRAM_BOT_TOKEN.' }));
  expect(await look()).toEqual({ state: 'Có lỗi', tone: 'bad', problem: 'Telegram từ chối TELEGRAM_BOT_TOKEN.' });
});
