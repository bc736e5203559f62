import { createServer, type AddressInfo } from 'node:net';
import { TelegramServer } from 'telegram-test-api/lib/telegramServer.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../src/config.js';
import { codeFor, telegramHouse } from '../support/chat-story.js';
import { assigned, current, province } from '../support/task-story.js';

const TOKEN = '123456:khong-phai-ma-that';

let home: Awaited<ReturnType<typeof province>>;
let server: TelegramServer;
let house: ReturnType<typeof telegramHouse>;

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => probe.once('listening', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
};

beforeEach(async () => {
  home = await province('2026-11-23T01:00:00Z');
  server = new TelegramServer({ host: '127.0.0.1', port: await freePort() });
  await server.start();
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: server.config.apiURL });
  house = telegramHouse({ ...home.ctx, config });
  await house.channel.start?.();
});
afterEach(async () => {
  await house.channel.stop?.();
  await server.stop();
  await home.close();
});

/** A phone of the server that nobody here wrote. */
const phone = (id: number, firstName: string) => {
  const client = server.getClient(TOKEN, { userId: id, chatId: id, firstName, timeout: 5_000 });
  let received = 0;
  return {
    say: async (text: string) => {
      const before = await home.ctx.db.Inbound.countDocuments();
      await client.sendCommand(client.makeCommand(text));
      await expect.poll(() => home.ctx.db.Inbound.countDocuments(), { timeout: 10_000, interval: 20 }).toBe(before + 1);
      await house.settle();
    },
    heard: () => {
      const all = server.storage.botMessages.filter((m) => String(m.message.chat_id) === String(id)).map((m) => String(m.message.text));
      return all.slice(received, (received = all.length));
    },
  };
};

test('the main job over a Telegram nobody here wrote: link, assignment, /capnhat, the Office hears it', async () => {
  const quyen = phone(5001, 'Quyên');
  const nhi = phone(5002, 'Nhi');
  const dat = phone(5003, 'Dật');
  await quyen.say(`/start ${await codeFor(home.ctx, home.quyen)}`);
  await nhi.say(`/start ${await codeFor(home.ctx, home.nhi)}`);
  await dat.say(`/start ${await codeFor(home.ctx, home.dat)}`);
  expect(dat.heard()).toHaveLength(1);
  expect(quyen.heard()).toEqual([expect.stringContaining('Kính gửi đồng chí Nguyễn Tố Quyên')]);
  expect(nhi.heard()).toEqual([expect.stringContaining('Kính gửi đồng chí Trần Thục Nhi')]);

  const task = await assigned(home.ctx, { dueOn: '2026-12-04', officerId: home.quyen._id.toString() });
  await house.settle();
  for (const receiver of [quyen, dat]) expect(receiver.heard()).toEqual([expect.stringContaining(task.code)]);
  expect(nhi.heard()).toEqual([]);

  // One chat is not written to twice in the same second.
  home.clock.advance({ seconds: 5 });
  await quyen.say(`/capnhat ${task.code} 70% đã họp với các chủ đầu tư`);
  expect(quyen.heard()).toEqual([expect.stringContaining('70%')]);
  expect(nhi.heard()).toEqual([expect.stringMatching(new RegExp(`${task.code}[\\s\\S]*đã họp với các chủ đầu tư`))]);
  expect(await current(home.ctx, task)).toMatchObject({ percent: 70, stage: 'in-progress' });
  expect(house.channel.health()).toEqual({ state: 'ok' });
});
