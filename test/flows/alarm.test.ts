import { afterEach, beforeEach, expect, test } from 'vitest';
import { forEachWork, type Ctx } from '../../src/context.js';
import type { ChannelHealth } from '../../src/delivery/channel-module.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { beginHold } from '../../src/delivery/hold/hold.js';
import { sealLedger } from '../../src/delivery/ledger/seal-ledger.js';
import { createAlarmMail } from '../../src/mail/send-alarm.js';
import { createHeartbeat } from '../../src/watch/heartbeat.js';
import { createWatch, type Watch } from '../../src/watch/watch.js';
import { openAlarmPost, type AlarmPost } from '../support/alarm-post.js';
import { breakableWire, type BreakableWire } from '../support/breakable-wire.js';
import { drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import { linkZalo, openOfficeApp } from '../support/office-app.js';
import type { TestClock } from '../support/test-clock.js';
import { testCtx, testUri } from '../support/test-ctx.js';

/** A house whose engine, timetable and channels a story stops one by one. */
interface House {
  ctx: Ctx;
  clock: TestClock;
  /** Lets time pass with a look every thirty seconds, as the timer has it; what runs keeps running. */
  pass(minutes: number): Promise<void>;
  stopped: Set<'engine' | 'ledger' | 'scheduler'>;
  channels: Record<string, ChannelHealth>;
  newWatch(): Watch;
  watches: Watch[];
  close(): Promise<void>;
}

let post: AlarmPost;
let house: House;
let wire: BreakableWire | undefined;
beforeEach(async () => {
  post = await openAlarmPost();
});
afterEach(async () => {
  await house.close();
  await post.stop();
  wire?.cut();
});

async function openHouse(): Promise<House> {
  const { ctx, clock, close } = await testCtx('2026-11-20T01:00:00Z', post.env);
  const zalo = new ScriptedSender('zalo');
  const stopped: House['stopped'] = new Set();
  const channels: House['channels'] = { zalo: { state: 'ok' } };
  let ticks = forEachWork<Date | null>(() => clock.now());
  const newWatch = () =>
    createWatch(ctx, { channels: () => channels, lastTickAt: () => ticks, dir: null, sendAlarm: createAlarmMail(ctx.config), heartbeat: ctx.config.HEARTBEAT_URL ? createHeartbeat(ctx.config.HEARTBEAT_URL) : null });
  const watches = [newWatch()];
  const pass = async (minutes: number) => {
    for (let half = 0; half < minutes * 2; half++) {
      clock.advance({ seconds: 30 });
      if (!stopped.has('scheduler')) ticks = forEachWork(() => clock.now());
      if (!stopped.has('engine')) await drain(ctx, [zalo]).catch(() => 0);
      if (!stopped.has('ledger')) await sealLedger(ctx).catch(() => 0);
      for (const watch of watches) await watch.look();
    }
  };
  return { ctx, clock, pass, stopped, channels, newWatch, watches, close };
}

const plan = async (key: string, lane: 'urgent' | 'normal' = 'urgent') => {
  const person = await newPerson(house.ctx, key);
  await enqueue(house.ctx, { key, kind: 'note', lane, personId: String(person._id), data: { n: 1 } });
};
const subjects = () => post.mails().map(({ subject }) => subject);

test('all is well: a heartbeat every minute with the end of the ledger, and no mail', async () => {
  house = await openHouse();
  await plan('a');
  await house.pass(5);
  const beats = post.beats();
  expect(beats).toHaveLength(5);
  expect(beats[4]).toMatch(/^POST \/nhip\/9f2c ok 2026-11-20T01:0\d:\d\d\.000Z\nledger 1:[0-9a-f]{64}\n$/);
  expect(subjects()).toEqual([]);
});

test('the engine stands still alone: told within two minutes, once, what, since when and what to do; then the all-clear', async () => {
  house = await openHouse();
  await house.pass(2);
  house.stopped.add('engine');
  await plan('a');
  post.beats();
  await house.pass(2);
  const [mail, ...more] = post.mails();
  expect(more).toEqual([]);
  expect(mail?.subject).toBe('[Nhắc Việc] Cảnh báo: 1 tin khẩn đến giờ gửi mà chưa gửi được.');
  expect(mail?.to).toMatchObject({ text: 'truc.ban@tinh.example, ky.thuat@tinh.example' });
  expect(mail?.text).toContain('Từ: 20/11/2026 08:02');
  expect(mail?.text).toContain('Cần làm: Mở trang "Kênh"');
  expect(mail?.text).toMatch(/Mã kiểm tra sổ gửi tin .*: \d+:[0-9a-f]{64}/);
  expect(post.beats().length).toBeLessThanOrEqual(1);

  await house.pass(50);
  expect(subjects()).toEqual([]);
  expect(post.beats()).toEqual([]);
  await house.pass(15);
  expect(subjects()).toHaveLength(1);

  house.stopped.delete('engine');
  await house.pass(3);
  expect(subjects()).toEqual(['[Nhắc Việc] Đã hoạt động bình thường trở lại']);
  expect(post.beats().length).toBeGreaterThan(0);
});

test('the scheduler stands still alone: told within two minutes', async () => {
  house = await openHouse();
  await house.pass(1);
  house.stopped.add('scheduler');
  await house.pass(2);
  const [mail] = post.mails();
  expect(mail?.subject).toMatch(/Cảnh báo: \d việc cần xử lý/);
  expect(mail?.text).toContain('Việc nền "outbox" không chạy');
  expect(mail?.text).toContain('Khởi động lại hệ thống');
});

test('what came in is not worked on: told within two minutes', async () => {
  house = await openHouse();
  const at = house.clock.now();
  await house.ctx.db.Inbound.create({ channel: 'zalo', messageId: 'm1', chatId: 'c', message: {} as never, state: 'new', receivedAt: at, notBefore: at });
  await house.pass(2);
  expect(subjects()).toEqual(['[Nhắc Việc] Cảnh báo: 1 tin nhận được mà chưa xử lý.']);
});

test('reminders, alert steps and facts nobody picks up: told within two minutes', async () => {
  house = await openHouse();
  const { Task, Meeting } = house.ctx.db;
  const at = house.clock.now();
  await Task.collection.insertOne({ code: 'NV-2026-00001', nextReminderAt: at, intents: [{ key: 'assigned:x', kind: 'note', to: [], lane: 'normal', data: {} }] } as never);
  await Meeting.collection.insertOne({ code: 'HOP-2026-00001', attendees: [{ nextStepAt: at }], intents: [] } as never);
  await house.pass(2);
  const text = post.mails().map((mail) => mail.text).join('\n');
  for (const words of ['1 lượt nhắc việc đã đến giờ', '1 cuộc họp có bước báo', '1 việc đã ghi nhận mà tin báo chưa được lập']) expect(text).toContain(words);
});

test('a channel that stumbles is not told; one that stays down is', async () => {
  house = await openHouse();
  house.channels['zalo'] = { state: 'failing', problem: 'Zalo từ chối mã truy cập.' };
  await house.pass(0.5);
  house.channels['zalo'] = { state: 'ok' };
  await house.pass(2);
  expect(subjects()).toEqual([]);
  house.channels['zalo'] = { state: 'failing', problem: 'Zalo từ chối mã truy cập.' };
  await house.pass(2);
  expect(subjects()).toEqual(['[Nhắc Việc] Cảnh báo: Zalo từ chối mã truy cập.']);
});

test('ordinary messages that wait their turn while others leave are no alarm; a hold by hand is one at once', async () => {
  house = await openHouse();
  house.stopped.add('engine');
  await plan('waits', 'normal');
  house.clock.advance({ minutes: 5 });
  await house.ctx.db.Delivery.create({ key: 'left', kind: 'note', lane: 'normal', state: 'accepted', notBefore: house.clock.now(), createdAt: house.clock.now(), acceptedAt: house.clock.now(), cause: 't', order: house.clock.now() });
  await house.pass(1);
  expect(subjects()).toEqual([]);
  await beginHold(house.ctx, { cause: 'by-hand', by: 'Nguyễn Thị Lan', reason: 'Gửi nhầm', restoredTo: null, lastSentAt: null, urgentPasses: false });
  await house.pass(0.5);
  expect(subjects()).toEqual(['[Nhắc Việc] Cảnh báo: Nguyễn Thị Lan đã tạm dừng gửi tin.']);
});

test('three instances, one mail; a mail server that refuses is asked again until it takes the mail', async () => {
  house = await openHouse();
  house.watches.push(house.newWatch(), house.newWatch());
  house.stopped.add('engine');
  await plan('a');
  post.refuse(true);
  await house.pass(3);
  expect(subjects()).toEqual([]);
  post.refuse(false);
  await house.pass(2);
  expect(subjects()).toHaveLength(1);
});

test('the database is gone: told within two minutes all the same, and the heartbeat stops', { timeout: 120_000 }, async () => {
  const direct = testUri();
  wire = await breakableWire(direct);
  process.env['NV_TEST_DB'] = wire.uri;
  house = await openHouse();
  process.env['NV_TEST_DB'] = direct;
  await house.pass(1);
  expect(post.beats()).toHaveLength(1);
  for (const work of ['engine', 'ledger'] as const) house.stopped.add(work);
  wire.cut();
  await house.pass(2);
  expect(subjects()).toEqual(['[Nhắc Việc] Cảnh báo: Cơ sở dữ liệu không trả lời.']);
  expect(post.beats()).toHaveLength(0);
  await wire.mend();
  await house.pass(3);
  expect(subjects()).toEqual(['[Nhắc Việc] Đã hoạt động bình thường trở lại']);
  expect(post.beats().length).toBeGreaterThan(0);
});

test("Zalo's permission is lost: told within two minutes of the first refusal", async () => {
  const office = await openOfficeApp(post.env);
  house = { close: () => office.close() } as House;
  await linkZalo(office);
  office.zalo.revokeGrant();
  await enqueue(office.app.ctx, { key: 'a', kind: 'channel-test', lane: 'urgent', personId: office.lan, chat: { channel: 'zalo', to: '1001' } });
  for (let half = 0; half < 4; half++) {
    await office.app.settle();
    await office.app.watch.look();
    office.clock.advance({ seconds: 30 });
  }
  const [mail] = post.mails();
  expect(mail?.subject).toContain('Cảnh báo: ');
  expect(mail?.text).toContain('Zalo OA: bấm "Cấp quyền lại"');
  expect(post.beats().length).toBeLessThanOrEqual(1);
});

test('the chain is not written on: told', async () => {
  house = await openHouse();
  await plan('a');
  await house.pass(1);
  house.stopped.add('ledger');
  await plan('b');
  await house.pass(10);
  expect(subjects()).toEqual(['[Nhắc Việc] Cảnh báo: 1 thay đổi chưa được ghi vào sổ gửi tin.']);
});
