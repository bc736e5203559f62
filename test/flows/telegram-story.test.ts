import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/config.js';
import { startTelegramStandIn, type TelegramStandIn } from '../../src/demo/providers/telegram.js';
import { codeFor, telegramHouse } from '../support/chat-story.js';
import { assigned, current, province } from '../support/task-story.js';

const QUYEN = '5001';
const NHI = '5002';
const DAT = '5003';

let home: Awaited<ReturnType<typeof province>>;
let telegram: TelegramStandIn;
let house: ReturnType<typeof telegramHouse>;
const read = new Map<string, number>();

/** What the bot wrote to a phone since last read. */
const heard = (userId: string) => {
  const all = telegram.network.messagesOf(userId).filter((m) => m.from === 'bot');
  const fresh = all.slice(read.get(userId) ?? 0);
  read.set(userId, all.length);
  return fresh;
};
const settle = async () => {
  await telegram.settled();
  await house.settle();
};

beforeEach(async () => {
  home = await province('2026-11-23T01:00:00Z');
  telegram = await startTelegramStandIn({ clock: home.clock });
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url });
  house = telegramHouse({ ...home.ctx, config });
  await house.channel.start?.();
  read.clear();
});
afterEach(async () => {
  await house.channel.stop?.();
  await telegram.stop();
  await home.close();
});

/** One chat is not written to twice in the same second. */
const later = () => home.clock.advance({ seconds: 5 });

const link = async (userId: string, person: typeof home.dat) => {
  await telegram.network.say(userId, `/start ${await codeFor(home.ctx, person)}`);
  await settle();
  const [greeting, ...more] = heard(userId);
  expect(greeting?.text).toContain(`Kính gửi đồng chí ${person.name}`);
  expect(more).toEqual([]);
};

test('linked by deep link, told of a task, answered by command, by tap and by reply; the Office hears it', async () => {
  await link(QUYEN, home.quyen);
  await link(NHI, home.nhi);
  await link(DAT, home.dat);
  const task = await assigned(home.ctx, { dueOn: '2026-12-04', officerId: home.quyen._id.toString() });
  await settle();
  const [told] = heard(QUYEN);
  expect(told?.text).toContain(task.code);
  expect(heard(DAT).map((m) => m.text)).toEqual([expect.stringContaining(task.code)]);
  expect(heard(NHI)).toEqual([]);

  later();
  await telegram.network.say(QUYEN, `/capnhat ${task.code} 40% đã họp với các chủ đầu tư`);
  await settle();
  expect(heard(QUYEN).map((m) => m.text)).toEqual([expect.stringContaining('40%')]);
  expect(heard(NHI).map((m) => m.text)).toEqual([expect.stringContaining('đã họp với các chủ đầu tư')]);

  later();
  const update = told?.buttons.findIndex((b) => b.label === 'Cập nhật') ?? -1;
  await telegram.network.tap(QUYEN, told?.id ?? '', update);
  await settle();
  expect(heard(QUYEN)[0]?.text).toContain(`Cập nhật ${task.code}`);
  later();
  await telegram.network.say(QUYEN, '60% đang tổng hợp');
  await settle();
  expect(heard(QUYEN)[0]?.text).toContain('60%');

  later();
  await telegram.network.say(QUYEN, '70% đã trình', { replyTo: told?.id ?? '' });
  await settle();
  expect(heard(QUYEN)[0]?.text).toContain('70%');
  expect((await current(home.ctx, task)).progress.map((p) => p.percent)).toEqual([40, 60, 70]);
  expect(heard(NHI)).toHaveLength(2);
  await vi.waitFor(() => expect(telegram.unansweredTaps()).toBe(0));
});

test('who blocks the bot gets nothing more there; who comes back is served again', async () => {
  await link(QUYEN, home.quyen);
  await telegram.block(QUYEN);
  await settle();
  expect(await home.ctx.db.ChatLink.findOne({ chatId: QUYEN }).lean()).toMatchObject({ deadReason: 'unfollowed' });
  await assigned(home.ctx, { dueOn: '2026-12-04', officerId: home.quyen._id.toString() });
  await settle();
  expect(heard(QUYEN)).toEqual([]);

  await telegram.network.say(QUYEN, '/start');
  await settle();
  expect(heard(QUYEN).map((m) => m.text)).toEqual([expect.stringContaining('Đã nối lại'), expect.stringContaining('đang liên kết')]);
});

test('without a code: the button that shares one\'s own number links too', async () => {
  await home.ctx.db.Person.updateOne({ _id: home.quyen._id }, { $set: { phone: '84912345678' } });
  telegram.introduce(QUYEN, { name: 'Quyên', phone: '+84 912 345 678' });
  await telegram.network.say(QUYEN, '/start');
  await settle();
  const [offer] = heard(QUYEN);
  expect(offer?.buttons).toEqual([{ label: 'Chia sẻ số điện thoại' }]);
  await telegram.network.tap(QUYEN, offer?.id ?? '', 0);
  await settle();
  expect(heard(QUYEN)[0]?.text).toContain('Kính gửi đồng chí Nguyễn Tố Quyên');
});

test('in a group: one kind refusal', async () => {
  await telegram.sayInGroup('-100777', QUYEN, '/nhiemvu');
  await telegram.sayInGroup('-100777', QUYEN, '/nhiemvu');
  await settle();
  expect(heard('-100777').map((m) => m.text)).toEqual([expect.stringContaining('trò chuyện riêng')]);
});

test('a report changed on the phone afterwards: what was written down stands, and its writer is told once', async () => {
  await link(QUYEN, home.quyen);
  await link(NHI, home.nhi);
  const task = await assigned(home.ctx, { dueOn: '2026-12-04', officerId: home.quyen._id.toString() });
  await settle();
  later();
  await telegram.network.say(QUYEN, `${task.code} 40% đã họp với các chủ đầu tư`);
  await settle();
  heard(QUYEN);
  heard(NHI);
  const report = telegram.network.messagesOf(QUYEN).findLast((m) => m.from === 'user')?.id ?? '';
  const edit = async (text: string) => {
    later();
    await telegram.edit(QUYEN, { id: report, text });
    await settle();
    return heard(QUYEN).map((m) => m.text);
  };
  // A comma more says nothing else.
  expect(await edit(`${task.code}: 40%, Đã họp với các chủ đầu tư.`)).toEqual([]);
  expect(await edit(`${task.code} 50% đã họp với các chủ đầu tư`)).toEqual([expect.stringMatching(/Tin sửa sau khi gửi không được ghi nhận[\s\S]*gửi tin mới/)]);
  expect(await edit(`${task.code} 60% đã họp với các chủ đầu tư`)).toEqual([]);
  expect((await current(home.ctx, task)).progress.map(({ percent }) => percent)).toEqual([40]);
  expect(heard(NHI)).toEqual([]);
  // Nobody we know, and a code that was changed into another one, are not heard at all.
  await telegram.network.say(DAT, 'chào');
  await settle();
  heard(DAT);
  await telegram.edit(DAT, { id: telegram.network.messagesOf(DAT).find((m) => m.from === 'user')?.id ?? '', text: `/lienket ${await codeFor(home.ctx, home.dat)}` });
  await settle();
  expect(heard(DAT)).toEqual([]);
  expect(await home.ctx.db.ChatLink.countDocuments({ personId: home.dat._id })).toBe(0);
});
