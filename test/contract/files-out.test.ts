import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBot } from '../../bots/telegram/bot.js';
import { telegramSender } from '../../bots/telegram/sender.js';
import { readConfig } from '../../src/config.js';
import { startTelegramStandIn, type TelegramStandIn } from '../../src/demo/providers/telegram.js';
import type { Attachment, Message } from '../../src/texts/message.js';
import { docx, jpeg, pdf, png } from '../support/sample-files.js';
import { TestClock } from '../support/test-clock.js';
import { messageCalls, zaloBench } from '../support/zalo.js';
import { zaloBotBench } from '../support/zalo-bot.js';

const file = (name: string, contentType: string, content: Uint8Array): Attachment => ({ name, contentType, content });
const invitation = file('Giấy mời.pdf', 'application/pdf', pdf());
const photo = file('hiện trường.jpg', 'image/jpeg', jpeg());
const buttons = [{ label: 'Đã nhận', command: '/xacnhan HOP-2026-00001' }];
const meeting: Message = { text: '📅 Tài liệu họp · HOP-2026-00001\n<08:00> thứ Sáu', buttons, attachments: [invitation] };
const limit = () => AbortSignal.timeout(8_000);

describe('Telegram', () => {
  const LAN = '5001';
  let telegram: TelegramStandIn;
  beforeEach(async () => {
    telegram = await startTelegramStandIn({ clock: new TestClock('2026-11-23T01:00:00Z') });
    await telegram.network.say(LAN, '/start');
  });
  afterEach(() => telegram.stop());
  const sender = () => telegramSender(createBot(readConfig({ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url }), async () => {}));
  const send = (message: Message) => sender().send(LAN, message, { key: 'k', signal: limit() });
  const screen = () => telegram.network.messagesOf(LAN).filter((m) => m.from === 'bot');
  const methods = () => telegram.network.calls().map(({ method }) => method);

  test('one file with a short text is one message, with its buttons', async () => {
    const outcome = await send(meeting);
    expect(screen()).toMatchObject([{ text: meeting.text, buttons: [{ label: 'Đã nhận' }], attachment: { name: 'Giấy mời.pdf', size: 200 } }]);
    expect(outcome).toEqual({ kind: 'accepted', providerId: screen()[0]?.id });
    expect(methods()).toEqual(['sendDocument']);
  });

  test('a picture is a photo; one that Telegram does not draw goes as a document', async () => {
    await send({ ...meeting, attachments: [photo] });
    await send({ ...meeting, attachments: [{ ...photo, content: pdf() }] });
    expect(methods()).toEqual(['sendPhoto', 'sendPhoto', 'sendDocument']);
    expect(screen()).toHaveLength(2);
  });

  test('a text longer than a caption, or several files: the text first and whole', async () => {
    await send({ text: 'tiến độ '.repeat(200).trim(), attachments: [invitation, photo] });
    expect(screen().map((m) => m.attachment?.name)).toEqual([undefined, 'Giấy mời.pdf', 'hiện trường.jpg']);
    expect(screen()[0]?.text).toHaveLength(1599);
  });

  test('a file that is refused: the words go, and say where it is', async () => {
    expect(await send({ ...meeting, attachments: [{ ...invitation, content: new Uint8Array() }] })).toMatchObject({ kind: 'accepted' });
    expect(screen().map((m) => m.text)).toEqual([`${meeting.text}\nTệp “Giấy mời.pdf”: xem trên hệ thống.`]);
    await send({ text: 'x '.repeat(800), attachments: [{ ...invitation, content: new Uint8Array() }] });
    expect(screen().at(-1)?.text).toBe('Chưa gửi được tệp “Giấy mời.pdf” qua kênh này; đề nghị xem trên hệ thống.');
  });

  test('a failure of the network while the file goes up: in doubt, as with any call', async () => {
    telegram.misbehaveOn('sendDocument', 'reset');
    expect(await send(meeting)).toEqual({ kind: 'retry', code: 'reset', maybeSent: true });
    telegram.misbehaveOn('sendDocument', 'flood-429', 1, { retryAfterS: 9 });
    expect(await send(meeting)).toMatchObject({ kind: 'retry', afterMs: 9_000, pauseChannel: true });
  });

  test('a message with a file is edited by its caption', async () => {
    await send(meeting);
    const id = screen()[0]?.id ?? '';
    expect(await sender().edit?.({ to: LAN, providerId: id }, { text: `${meeting.text}\n✅ Đã ghi nhận` }, limit())).toBe('edited');
    expect(screen()).toMatchObject([{ text: `${meeting.text}\n✅ Đã ghi nhận`, buttons: [], edited: true }]);
    expect(await sender().edit?.({ to: LAN, providerId: id }, { text: `${meeting.text}\n✅ Đã ghi nhận` }, limit())).toBe('edited');
    expect(await sender().edit?.({ to: LAN, providerId: '999' }, meeting, limit())).toBe('gone');
    telegram.network.misbehave('server-500');
    expect(await sender().edit?.({ to: LAN, providerId: id }, meeting, limit())).toBe('later');
  });
});

describe('Zalo OA', () => {
  const lan = '7011000000000000001';
  let bench: Awaited<ReturnType<typeof zaloBench>>;
  beforeEach(async () => {
    bench = await zaloBench();
    bench.zalo.follow(lan);
  });
  afterEach(() => bench.close());
  const send = (message: Message, signal = limit()) => bench.channel.sender.send(lan, message, { key: 'k', signal });
  const screen = () => bench.zalo.network.messagesOf(lan);
  const uploads = () => bench.zalo.network.calls().filter(({ method }) => method.includes('/upload/')).length;

  test('words with buttons, then the file; who reads the words has the id', async () => {
    const outcome = await send({ ...meeting, attachments: [invitation, photo] });
    expect(screen().map((m) => [m.text.split('\n')[0], m.buttons.length, m.attachment?.name])).toEqual([
      ['📅 Tài liệu họp · HOP-2026-00001', 1, undefined], ['', 0, 'Giấy mời.pdf'], ['', 0, 'hiện trường.jpg'],
    ]);
    expect(outcome).toEqual({ kind: 'accepted', providerId: screen()[0]?.id });
  });

  test('the same file to many people is uploaded once; after seven days again', async () => {
    for (let i = 0; i < 3; i++) await send(meeting);
    expect(uploads()).toBe(1);
    bench.clock.advance({ days: 6, ms: 1 });
    await send(meeting);
    expect(uploads()).toBe(2);
  });

  test('Zalo has forgotten it although we have not: uploaded once more', async () => {
    await send(meeting);
    // Somebody's clock: ours still counts it as fresh.
    bench.clock.advance({ days: 7, ms: 1 });
    bench.zalo.follow(lan);
    await bench.ctx.db.State.updateMany({ _id: /^zalo-upload/ }, { $set: { updatedAt: bench.clock.now() } });
    await send(meeting);
    expect(uploads()).toBe(2);
    expect(screen().filter((m) => m.attachment)).toHaveLength(2);
  });

  test.each([
    ['a picture above 1 MB', file('to.png', 'image/png', png(1_000_001))],
    ['a document above 5 MB', file('to.pdf', 'application/pdf', pdf(5_000_001))],
    ['a sheet', file('bảng.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', docx())],
  ])('%s: the words say where it is, and nothing is uploaded', async (_what, attachment) => {
    expect(await send({ ...meeting, attachments: [attachment] })).toMatchObject({ kind: 'accepted' });
    expect(screen().map((m) => m.text)).toEqual([`${meeting.text}\nTệp “${attachment.name}”: xem trên hệ thống.`]);
    expect(uploads()).toBe(0);
  });

  test('the file fails after the words: accepted, and the person is told', async () => {
    const stop = bench.zalo.network.onChange(() => {
      stop();
      bench.zalo.failNext({ kind: 'error', code: -233 });
    });
    expect(await send(meeting)).toMatchObject({ kind: 'accepted' });
    expect(screen().map((m) => m.text)).toEqual([meeting.text, 'Chưa gửi được tệp “Giấy mời.pdf” qua kênh này; đề nghị xem trên hệ thống.']);
  });

  test('the words fail: no file goes', async () => {
    bench.zalo.network.misbehave('flood-429');
    expect(await send(meeting)).toMatchObject({ kind: 'retry', code: 'zalo:-32' });
    expect(messageCalls(bench.zalo)).toHaveLength(1);
  });
});

test('Zalo Bot cannot carry files: the words say where they are', async () => {
  const bench = await zaloBotBench();
  const LAN = 'a6f0c2d94b1e87350f2d';
  await bench.bot.network.say(LAN, 'chào');
  await bench.send(LAN, meeting);
  expect(bench.bot.network.messagesOf(LAN).at(-1)?.text).toBe(`${meeting.text}\nTệp “Giấy mời.pdf”: xem trên hệ thống.\nTrả lời số: 1. Đã nhận`);
  await bench.close();
});

test('a notice that names its file names it once on Zalo Bot, and says where the system is', async () => {
  const bench = await zaloBotBench({ PUBLIC_URL: 'https://nhacviec.example.vn' });
  const LAN = 'a6f0c2d94b1e87350f2d';
  await bench.bot.network.say(LAN, 'chào');
  await bench.send(LAN, { ...meeting, text: '📅 Tài liệu họp · HOP-2026-00001\nTệp: “Giấy mời.pdf” (42 KB).' });
  expect(bench.bot.network.messagesOf(LAN).at(-1)?.text).toBe('📅 Tài liệu họp · HOP-2026-00001\nTệp: “Giấy mời.pdf” (42 KB).\nĐề nghị xem tệp trên hệ thống: https://nhacviec.example.vn\nTrả lời số: 1. Đã nhận');
  await bench.close();
});
