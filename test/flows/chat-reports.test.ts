import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import type { Task } from '../../src/directives/task.model.js';
import { chatOf, codeFor } from '../support/chat-story.js';
import { assigned, current, province } from '../support/task-story.js';

describe('what a linked person says', () => {
  let home: Awaited<ReturnType<typeof province>>;
  let chat: ReturnType<typeof chatOf>;
  let task: Task;
  let other: Task;

  beforeEach(async () => {
    home = await province('2026-11-23T01:00:00Z');
    const { ctx, quyen } = home;
    task = await assigned(ctx, { dueOn: '2026-12-04', officerId: quyen._id.toString() });
    other = await assigned(ctx, { dueOn: '2026-12-08', officerId: quyen._id.toString() });
    chat = chatOf(ctx, '5001');
    await chat.say(`/start ${await codeFor(ctx, quyen)}`);
  });
  afterEach(() => home.close());

  const percent = async (of: Task = task) => (await current(home.ctx, of)).percent;
  /** Our message about a task, already on the phone as message `providerId`. */
  const onPhone = async (providerId: string, about: Task) => {
    await enqueue(because(home.ctx, 'seed'), { key: `k${providerId}`, kind: 'task-reminder', lane: 'normal', personId: home.quyen._id.toString(), data: { taskCode: about.code } });
    await home.ctx.db.Delivery.updateOne({ key: `k${providerId}` }, { $set: { state: 'accepted', channel: 'telegram', to: '5001', providerId } });
  };

  test('/capnhat with everything', async () => {
    expect(await chat.say(`/capnhat ${task.code} 70% đã họp với các chủ đầu tư`)).toContain(`Đã ghi nhận ${task.code}: 70%`);
    expect(await percent()).toBe(70);
  });

  test('a plain answer to our message is the report on its task', async () => {
    await onPhone('41', task);
    await onPhone('42', other);
    expect(await chat.tell({ text: '60% đang lấy ý kiến', replyTo: '42' })).toContain(`${other.code}: 60%`);
    expect([await percent(), await percent(other)]).toEqual([0, 60]);
  });

  test('a tap on "Cập nhật", then words; the words after that are no report', async () => {
    await onPhone('41', task);
    expect(await chat.tell({ kind: 'button', text: `/capnhat ${task.code}`, replyTo: '41' })).toContain(task.code);
    expect(await chat.say('55% đã trình')).toContain(`${task.code}: 55%`);
    expect(await chat.say('80% nữa')).toContain('chưa được ghi nhận');
    expect(await percent()).toBe(55);
  });

  test('the wait after a tap ends after its time', async () => {
    await chat.tell({ kind: 'button', text: `/capnhat ${task.code}` });
    home.clock.advance({ minutes: 11 });
    expect(await chat.say('55% đã trình')).toContain('chưa được ghi nhận');
    expect(await percent()).toBe(0);
  });

  test('worked on twice after a crash: recorded once, and the answer says so', async () => {
    await chat.tell({ kind: 'button', text: `/capnhat ${task.code}` });
    await chat.tell({ text: '55% đã trình', messageId: 'm1' });
    await home.ctx.db.Delivery.deleteMany({});
    expect(await chat.tell({ text: '55% đã trình', messageId: 'm1' })).toContain(`${task.code}: 55%`);
    expect((await current(home.ctx, task)).progress).toHaveLength(1);
  });

  test('a reply to our answer about one task is about that task', async () => {
    await chat.tell({ text: `/chitiet ${task.code}`, messageId: 'm1' });
    expect((await chat.replyTo('m1'))?.taskCode).toBe(task.code);
  });

  test('rules say no kindly and show what to type', async () => {
    expect(await chat.say('/capnhat NV-2026-00999 50% x')).toMatch(/Không tìm thấy nhiệm vụ.*\nGõ \/nhiemvu/s);
    expect(await chat.say('/khongco gì cả')).toContain('Không có lệnh "/khongco"');
    expect(await percent()).toBe(0);
  });

  test('a file that belongs to nothing, or that the channel cannot hand over: honestly not kept; the words beside it count', async () => {
    expect(await chat.tell({ kind: 'attachment', attachments: [{ kind: 'file', name: 'a.docx' }] })).toContain('chưa được lưu');
    expect(await chat.tell({ kind: 'attachment', attachments: [{ kind: 'image' }] })).toContain('chưa được lưu');
    const both = await chat.tell({ kind: 'attachment', text: `/capnhat ${task.code} 65% có báo cáo`, attachments: [{ kind: 'file' }] });
    expect(both).toMatch(/65%[\s\S]*Chưa lưu được tệp: kênh này không chuyển nội dung loại này/);
  });

  test('leaving the bot and coming back', async () => {
    const link = () => home.ctx.db.ChatLink.findOne({ chatId: '5001' }).lean();
    expect(await chat.tell({ kind: 'unfollow' })).toBeUndefined();
    expect(await link()).toMatchObject({ deadAt: home.clock.now(), deadReason: 'unfollowed' });
    home.clock.advance({ hours: 1 });
    expect(await chat.tell({ kind: 'follow' })).toContain('Đã nối lại');
    expect(await link()).toMatchObject({ deadAt: null, lastInboundAt: home.clock.now() });
  });

  test('words that are nothing: a hint with the form; the same words over and over, as machines write them, end after the fifth', async () => {
    const answers: (string | undefined)[] = [];
    for (let i = 0; i < 8; i++) answers.push(await chat.say('ok đã nhận'));
    expect(answers.filter(Boolean)).toHaveLength(5);
    expect(answers[0]).toContain('/capnhat NV-2 70%');
    expect(await chat.say('/nhiemvu')).toBeDefined();
  });

  test('a fault of ours bubbles up to the inbox and is answered by nobody', async () => {
    const broken = { ...home.ctx, db: { ...home.ctx.db, Task: undefined as never } };
    await expect(chatOf(broken, '5001').say('/nhiemvu')).rejects.toThrow(TypeError);
  });
});
