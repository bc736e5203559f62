import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Person } from '../../src/people/person.model.js';
import { linkedChat } from '../support/chat-story.js';
import { stripDiacritics } from '../../src/kernel/fold.js';
import { assigned, current, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

/** A chat whose person takes half a minute to type. */
async function linked(person: Person) {
  const chat = await linkedChat(p.ctx, person, '1');
  const slowly = <A, R>(tell: (said: A) => R) => (said: A): R => (p.clock.advance({ seconds: 30 }), tell(said));
  return { ...chat, say: slowly(chat.say), tell: slowly(chat.tell) };
}
async function buttons(): Promise<{ label: string; command: string }[]> {
  const last = await p.ctx.db.Delivery.findOne({ kind: 'reply' }).sort({ _id: -1 }).orFail().lean();
  return JSON.parse(String(last.data['buttons'] ?? '[]')) as { label: string; command: string }[];
}
const labels = async () => (await buttons()).map(({ label }) => label);
const tap = async (label: string): Promise<string> => (await buttons()).find((button) => button.label === label)?.command ?? `no button ${label}`;
const both = (...sentences: string[]): string[] => [...new Set(sentences.flatMap((words) => [words, stripDiacritics(words)]))];
const reports = async (code: string) => (await current(p.ctx, { code })).progress.filter(({ by }) => by.channel === 'telegram').map(({ percent, note }) => ({ percent, note }));
/** Two open tasks at 20 per cent. */
async function atTwenty() {
  const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
  await assigned(p.ctx, { dueOn: '2026-11-27' });
  await p.ctx.db.Task.updateMany({}, { $set: { percent: 20 } });
  return task;
}

describe('a code or a percent in the words is used', () => {
  test.each(both('tôi báo cáo nv1 đạt 40% nhé', 'dạ em xin báo cáo tiến độ NV-1: 40%', 'cập nhật nv 1 40 phần trăm', 'cn 1 40%'))('%s is read and counts', async (words) => {
    const task = await atTwenty();
    expect(await (await linked(p.quyen)).say(words)).toContain(`Đã ghi nhận ${task.code}: 40%`);
    expect(await reports(task.code)).toEqual([{ percent: 40, note: '' }]);
  });

  test.each([['cn 1 35', 35, ''], ['nv 1 khoảng 35', 35, 'nv 1 khoảng 35'], ['/capnhat nv 1 khoảng 35', 35, 'nv 1 khoảng 35'], ['/cn 1 khoảng 35', 35, '1 khoảng 35'], ['nv1 dat 40', 40, ''], ['NV-1 gần 45% rồi ạ', 45, 'NV-1 gần 45% rồi ạ'], ['đã phối hợp các xã, nv1 được khoảng 35 phần trăm', 35, 'đã phối hợp các xã, nv1 được khoảng 35 phần trăm']] as const)('%s: asked back about that task with its percent as a button, never "nhiệm vụ nào", nothing written before the tap', async (words, percent, note) => {
    const task = await atTwenty();
    const chat = await linked(p.quyen);
    const answer = await chat.say(words);
    expect(answer).toContain(`có phải ${task.code} đạt ${percent}%?`);
    expect(answer).not.toContain('nhiệm vụ nào');
    expect(await labels()).toContain(`Ghi ${percent}% vào NV-1`);
    expect(await reports(task.code)).toEqual([]);
    const command = await tap(`Ghi ${percent}% vào NV-1`);
    expect(Buffer.byteLength(command)).toBeLessThanOrEqual(60);
    expect(await chat.tell({ text: command, messageId: `tap-${words}` })).toContain(`Đã ghi nhận ${task.code}: ${percent}%`);
    await p.ctx.db.Delivery.deleteMany({ key: `reply:telegram:tap-${words}` });
    await chat.tell({ text: command, messageId: `tap-${words}` });
    // The same button once more writes nothing more.
    await chat.say(command);
    expect(await reports(task.code)).toEqual([{ percent, note }]);
  });

  test('"khoảng 35" with several tasks open: first which task, then whether that number is meant; a tap each', async () => {
    const task = await atTwenty();
    const chat = await linked(p.quyen);
    expect(await chat.say('/capnhat khoảng 35')).toContain('Chọn mã nhiệm vụ để ghi “khoảng 35”');
    expect(await labels()).toEqual(expect.arrayContaining(['NV-1', 'NV-2']));
    expect(await chat.say(await tap('NV-1'))).toContain(`có phải ${task.code} đạt 35%?`);
    expect(await reports(task.code)).toEqual([]);
    await chat.say(await tap('Ghi 35% vào NV-1'));
    expect(await reports(task.code)).toMatchObject([{ percent: 35 }]);
    expect(await reports('NV-2026-00002')).toEqual([]);
  });

  test('an approximation has one button only, also where the task is the one asked about', async () => {
    const task = await atTwenty();
    const chat = await linked(p.quyen);
    await chat.say(`/capnhat ${task.code}`);
    expect(await chat.say('khoang 45 phan tram, con 3 don vi')).toContain('có phải NV-2026-00001 đạt 45%?');
    expect(await labels()).toEqual(['Ghi 45% vào NV-1']);
    expect(await reports(task.code)).toEqual([]);
    expect(await chat.say('45%, còn 3 đơn vị')).toContain('Đã ghi nhận NV-2026-00001: 45%');
  });

  test('words around a code that are no report for sure: that task is named, the words go to it with a tap', async () => {
    const task = await atTwenty();
    const chat = await linked(p.quyen);
    expect(await chat.say('vừa họp về nv1 với các xã')).toContain(`có phải nội dung báo cáo ${task.code}?`);
    await chat.say(await tap('Ghi nội dung vào NV-1, giữ 20%'));
    expect(await reports(task.code)).toEqual([{ percent: 20, note: 'vừa họp về nv1 với các xã' }]);
    expect(await chat.say('nv1 với nv2 đều được 50%')).not.toContain('Đã ghi nhận');
  });

  test.each(both('đã xử lý xong hết rác rồi ạ'))('%s: the one active task is offered as done, or as words alone', async (words) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen);
    expect(await chat.say(words)).toContain(`có phải đã hoàn thành toàn bộ ${task.code} (100%)?`);
    expect(await labels()).toEqual(['Báo hoàn thành NV-1', 'Ghi nội dung vào NV-1, giữ 0%']);
    expect(await reports(task.code)).toEqual([]);
    await chat.say(await tap('Báo hoàn thành NV-1'));
    expect(await current(p.ctx, task)).toMatchObject({ percent: 100, stage: 'submitted' });
    for (const not of both('chưa xong ạ', 'sắp xong rồi', 'xong chưa?')) expect(await chat.say(not), not).not.toContain('100%');
  });

  test("somebody else's code is refused, and a quantity is no percent", async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26', leadAgencyCode: 'SXD' });
    const own = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const chat = await linked(p.quyen);
    expect(await chat.say('toi bao cao nv1 dat 40% nhe')).toContain('không thuộc đơn vị của đồng chí');
    expect(await chat.say('cn 1 40')).not.toContain('có phải');
    expect(await reports(task.code)).toEqual([]);
    expect(await chat.say('NV-2 đã vận động khoảng 35 hộ')).toContain(`Đã ghi nhận nội dung ${own.code}`);
  });
});

describe('a request for more time', () => {
  test.each(both('xin gia hạn NV-1 đến 30/11', 'NV-1 xin gia hạn đến 30/11', 'cho em xin lùi hạn nv1', 'đề nghị văn phòng cho gia hạn NV-1 thêm 5 ngày'))('%s: whom to call; the words reach the task with a tap only', async (words) => {
    await p.ctx.db.Person.updateOne({ _id: p.nhi._id }, { $set: { phone: '84912000111' } });
    const task = await assigned(p.ctx, { dueOn: '2026-11-26', monitorId: String(p.nhi._id) });
    await assigned(p.ctx, { dueOn: '2026-11-27' });
    const chat = await linked(p.quyen);
    expect(await chat.say(words)).toContain(`Gia hạn ${task.code} do Văn phòng UBND tỉnh xem xét, không ghi qua tin nhắn: đề nghị gọi đồng chí Trần Thục Nhi, điện thoại 0912 000 111.`);
    expect(await reports(task.code)).toEqual([]);
    await chat.say(await tap('Ghi nội dung vào NV-1'));
    expect(await reports(task.code)).toEqual([{ percent: 0, note: words }]);
  });

  test('a report that speaks of more time stays a report', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    await (await linked(p.quyen)).say('NV-1 70% đã gửi văn bản xin gia hạn');
    expect(await reports(task.code)).toEqual([{ percent: 70, note: 'đã gửi văn bản xin gia hạn' }]);
  });
});

describe('a reply to our own "Đã ghi nhận"', () => {
  test.each([['xong', { percent: 100, note: '' }], ['95%', { percent: 95, note: '' }], ['đã gửi thêm báo cáo', { percent: 90, note: 'đã gửi thêm báo cáo' }]] as const)('%s is a word on that task', async (words, entry) => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    await assigned(p.ctx, { dueOn: '2026-11-27' });
    const chat = await linked(p.quyen);
    await chat.tell({ text: 'NV-1 90% đã họp, phối hợp NV-2', messageId: 'saved' });
    await p.ctx.db.Delivery.updateOne({ key: 'reply:telegram:saved' }, { $set: { channel: 'telegram', to: '1', providerId: 'p-1' } });
    await chat.tell({ text: words, replyTo: 'p-1' });
    expect((await reports(task.code)).at(-1)).toEqual(entry);
    expect(await chat.tell({ text: 'cảm ơn', replyTo: 'p-1' })).toBe('Trân trọng cảm ơn đồng chí.');
    expect(await reports(task.code)).toHaveLength(2);
  });
});

describe('"hủy liên kết?" is a question that ends', () => {
  const owners = () => p.ctx.db.ChatLink.countDocuments();

  test.each(both('không', 'dạ không ạ', 'thôi', 'không hủy nữa'))('%s keeps the link, and a later "có" cuts nobody off', async (words) => {
    const chat = await linked(p.dat);
    await chat.say('/huylienket');
    expect(await chat.tell({ text: words, messageId: 'no' })).toContain('Vẫn giữ liên kết với đồng chí Hoàng Văn Dật');
    await p.ctx.db.Delivery.deleteMany({ key: 'reply:telegram:no' });
    expect(await chat.tell({ text: words, messageId: 'no' })).toContain('Vẫn giữ liên kết');
    expect(await chat.say('có')).not.toContain('Đã hủy');
    expect(await owners()).toBe(1);
  });

  test.each(both('có', 'dạ có', 'có ạ', 'đồng ý'))('%s ends the link', async (words) => {
    const chat = await linked(p.dat);
    await chat.say('/huylienket');
    expect(await chat.say(words)).toContain('Đã hủy liên kết');
    expect(await owners()).toBe(0);
  });

  test('any other message in between closes the question too; what may mean either is asked back by buttons', async () => {
    const chat = await linked(p.dat);
    for (const between of ['/nhiemvu', 'NV-1', 'đang họp', 'vâng', 'vang', 'có, không hủy']) {
      await chat.say('/huylienket');
      const answer = await chat.say(between);
      if (/^v|hủy/.test(between)) expect([answer?.includes('vẫn giữ liên kết'), await labels()]).toEqual([true, ['Hủy liên kết', 'Giữ liên kết']]);
      expect(await chat.say('có'), between).not.toContain('Đã hủy');
      expect(await owners()).toBe(1);
    }
    await chat.say('/huylienket');
    expect(await chat.say(await tap('Giữ liên kết'))).toContain('Vẫn giữ liên kết');
    expect(await chat.say('có')).not.toContain('Đã hủy');
  });
});
