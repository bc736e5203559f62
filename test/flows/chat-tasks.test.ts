import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCommand } from '../../bots/commands/index.js';
import { capnhat } from '../../bots/commands/capnhat.js';
import { because } from '../../src/context.js';
import type { ChatLink } from '../../src/people/links/chat-link.model.js';
import type { Person } from '../../src/people/person.model.js';
import type { Message } from '../../src/texts/message.js';
import { assigned, chatting, current, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
let n = 0;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

/** The person's chat as the inbox finds it. */
async function linkOf(person: Person): Promise<ChatLink> {
  const at = p.clock.now();
  const where = { channel: 'telegram' as const, chatId: `chat-${person._id.toString()}` };
  const link = { senderId: where.chatId, personId: person._id, linkedAt: at, linkedBy: 'code' as const, lastInboundAt: at, deadAt: null, awaiting: null };
  await p.ctx.db.ChatLink.updateOne(where, { $setOnInsert: link }, { upsert: true });
  return p.ctx.db.ChatLink.findOne(where).orFail().lean<ChatLink>();
}

/** What the person hears after typing this; plain words are taken as the report for `replyTask`. */
async function says(person: Person, typed: string, replyTask?: string): Promise<Message> {
  const call = readCommand(typed);
  const ctx = because(p.ctx, `telegram:${(n += 1)}`);
  const input = { text: call ? call.text : typed, link: await linkOf(person), ...(replyTask ? { replyTask } : {}) };
  return (call?.command ?? capnhat).run(ctx, chatting(person), input);
}

const buttons = (message: Message): string[] => (message.buttons ?? []).map((button) => ('command' in button ? button.command : button.url));

describe('/capnhat', () => {
  test('writes the report and says back what it wrote', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const answer = await says(p.quyen, '/capnhat NV-1 70% đã họp với các chủ đầu tư');
    expect(answer.text).toBe('✅ Đã ghi nhận NV-2026-00001: 70% — “đã họp với các chủ đầu tư”. Văn phòng UBND tỉnh đã được báo.\nNếu chưa đúng, đề nghị gõ lại mã, số đúng và lý do, ví dụ: NV-1 75% nhập nhầm.');
    expect(await current(p.ctx, task)).toMatchObject({ percent: 70, stage: 'in-progress' });
    expect((await says(p.quyen, '/cn nv1 50% phải làm lại một phần')).text).toContain('50% (trước đó 70%)');
    expect((await says(p.quyen, '#capnhat nv1 vẫn chờ ý kiến Sở')).text).toContain('Tiến độ giữ nguyên 50%');
    expect((await says(p.quyen, '/capnhat NV-2026-00001 xong')).text).toContain('chờ Văn phòng UBND tỉnh xác nhận');
    expect(await current(p.ctx, task)).toMatchObject({ percent: 100, stage: 'submitted' });
  });

  test('with one open task no code is needed; with several it asks, with buttons', async () => {
    const first = await assigned(p.ctx, { dueOn: '2026-11-26' });
    expect((await says(p.quyen, '/capnhat 40% đã họp')).text).toContain('NV-2026-00001: 40%');
    await assigned(p.ctx, { dueOn: '2026-11-23' });
    const asked = await says(p.quyen, '/capnhat 60% đã họp');
    expect(asked.text).toContain('Chưa rõ đồng chí cập nhật nhiệm vụ nào, nội dung trên chưa được ghi nhận. Chọn mã nhiệm vụ để ghi “60% đã họp” vào nhiệm vụ đó');
    expect(buttons(asked).map((command) => command.replace(/ ~[0-9a-f]{8}$/, ' ~'))).toEqual(['/capnhat NV-2026-00002 ~', '/capnhat NV-2026-00001 ~']);
    expect(asked.buttons?.map((button) => button.label)).toEqual(['NV-2', 'NV-1']);
    expect(await current(p.ctx, first)).toMatchObject({ percent: 40 });
  });

  test('a tap on "Cập nhật" asks for the words, and waits ten minutes for them', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    const asked = await says(p.quyen, `/capnhat ${task.code}`);
    expect(asked.text).toContain('ví dụ: 70% đã họp với các đơn vị');
    const { awaiting } = await linkOf(p.quyen);
    expect(awaiting).toEqual({ kind: 'progress', taskCode: task.code, until: new Date(p.clock.now().getTime() + 600_000) });
    expect((await says(p.quyen, '70 hộ đã di dời', task.code)).text).toContain('chưa ghi nhận');
    expect((await says(p.quyen, '70% đã họp', task.code)).text).toContain('70%');
    expect((await linkOf(p.quyen)).awaiting).toBeNull();
  });

  test('on doubt nothing is written and the right form is shown', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26' });
    for (const typed of ['/capnhat NV-1 70 hộ đã sơ tán', '/capnhat NV-1 120%', '/capnhat NV-1 vẫn còn 30%', '/capnhat NV-1 NV-2 70%', '/capnhat 70', '/capnhat 👍']) {
      expect((await says(p.quyen, typed)).text, typed).toMatch(/\/capnhat NV-\S+ 70% nội dung/);
    }
    expect(await current(p.ctx, task)).toMatchObject({ version: 1, progress: [] });
  });

  test("another agency's task, an unknown one, a lower percent without a reason: a kind no", async () => {
    await assigned(p.ctx, { leadAgencyCode: 'SXD', dueOn: '2026-11-26' });
    await assigned(p.ctx, { dueOn: '2026-11-26' });
    await expect(says(p.quyen, '/capnhat NV-1 70%')).rejects.toMatchObject({ code: 'task-not-yours', message: 'Nhiệm vụ NV-2026-00001 không thuộc đơn vị của đồng chí.' });
    await expect(says(p.quyen, '/capnhat NV-9 70%')).rejects.toMatchObject({ code: 'task-unknown' });
    await says(p.quyen, '/capnhat NV-2 70%');
    await expect(says(p.quyen, '/capnhat NV-2 50%')).rejects.toMatchObject({ code: 'progress-needs-reason' });
  });

  test('in January "NV-1" is the open task of last year', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-12-31' });
    p.clock.set('2027-01-05T02:00:00Z');
    expect((await says(p.quyen, '/capnhat NV-1 70% đã họp')).text).toContain(task.code);
  });

  test('a secret task is neither read nor written in a chat', async () => {
    const task = await assigned(p.ctx, { dueOn: '2026-11-26', content: 'Nội dung kín' }, { secret: true });
    for (const typed of ['/capnhat NV-1 70% đã họp', '/chitiet NV-1', '/nhiemvu', '/capnhat NV-1']) {
      const { text } = await says(p.quyen, typed);
      expect(text).toContain('mời đồng chí đăng nhập');
      expect(text).not.toMatch(/kín|UBND-KT|NV-2026/);
    }
    expect(await current(p.ctx, task)).toMatchObject({ version: 1 });
  });
});

test('/nhiemvu: the most pressing first; every task shown has its button', async () => {
  await assigned(p.ctx, { dueOn: '2026-12-31', content: 'Việc còn lâu' });
  await assigned(p.ctx, { dueOn: '2026-11-18', content: 'Việc quá hạn' });
  await assigned(p.ctx, { content: 'Việc không hạn' });
  await assigned(p.ctx, { dueOn: '2026-11-20', content: 'Việc hôm nay' });
  await assigned(p.ctx, { leadAgencyCode: 'SXD', content: 'Việc của Sở khác' });
  const list = await says(p.quyen, '/nhiemvu');
  expect(list.text.split('\n')).toEqual([
    '🔔 Nhiệm vụ đang mở: 4',
    'quá hạn 1 · sắp đến hạn 1 · trong hạn 1 · không hạn 1',
    'QUÁ HẠN (1)', 'NV-2 · hạn 18/11 · quá hạn 2 ngày, 0%', '   Việc quá hạn',
    'SẮP ĐẾN HẠN (1)', 'NV-4 · hạn 20/11 · hết hạn hôm nay, 0%', '   Việc hôm nay',
    'TRONG HẠN (1)', 'NV-1 · hạn 31/12 · còn 28 ngày làm việc, 0%', '   Việc còn lâu',
    'KHÔNG HẠN (1)', 'NV-3 · không ấn định hạn · 0%', '   Việc không hạn',
    'Cập nhật: /capnhat NV-2 70% nội dung. Xem kỹ: /chitiet NV-2.',
  ]);
  expect(buttons(list)).toEqual(['/chitiet NV-2026-00002', '/chitiet NV-2026-00004', '/chitiet NV-2026-00001', '/chitiet NV-2026-00003']);
  await assigned(p.ctx, { content: 'Việc thêm' });
  const five = await says(p.quyen, '/nhiemvu');
  expect([five.text.split('\n')[0], buttons(five)]).toEqual(['🔔 Nhiệm vụ đang mở: 5', expect.arrayContaining(['/chitiet NV-2026-00003', '/chitiet NV-2026-00006'])]);
  await assigned(p.ctx, { content: 'Việc thêm nữa' });
  for (const [page, last] of [['', '/nhiemvu 2'], [' 2', '/chitiet NV-2026-00007']] as const) {
    const { text, ...shown } = await says(p.quyen, `/nhiemvu${page}`);
    expect(text).toContain(`6 (trang ${page ? 2 : 1}/2)`);
    const listed = [...text.matchAll(/^NV-(\d+) · /gm)].map(([, n]) => `/chitiet NV-2026-0000${n}`);
    expect(buttons({ text, ...shown }).filter((command) => command?.startsWith('/chitiet'))).toEqual(listed);
    expect(buttons({ text, ...shown }).at(-1)).toBe(last);
  }
  expect((await says(p.nhi, '/nhiemvu')).text).toContain('không có nhiệm vụ nào');
});

test('/chitiet: who, until when, from which document, and what was answered', async () => {
  const { quyen, nhi } = p;
  await assigned(p.ctx, { dueOn: '2026-11-26', coordinatingAgencyCodes: ['SXD'], officerId: quyen._id.toString(), monitorId: nhi._id.toString() });
  await says(quyen, '/capnhat NV-1 70% đã họp');
  const { text, buttons: shown } = await says(quyen, '/chi tiết nv1');
  for (const part of ['NV-2026-00001 · Đang thực hiện 70% · Sắp đến hạn', 'Hạn: thứ Năm 26/11/2026 (còn 3 ngày làm việc)', 'Chủ trì: Sở Tài chính (đồng chí Nguyễn Tố Quyên)', 'Phối hợp: Sở Xây dựng', 'Theo dõi: đồng chí Trần Thục Nhi', '20/11/2026 08:00, Nguyễn Tố Quyên (Telegram): 70% “đã họp”']) expect(text).toContain(part);
  expect(shown).toEqual([{ label: 'Cập nhật', command: '/capnhat NV-2026-00001' }]);
  expect((await says(p.trieu, '/chitiet NV-1')).buttons).toBeUndefined();
  expect((await says(quyen, '/chitiet')).text).toContain('/chitiet NV-1');
  expect((await says(quyen, '/chitiet', 'NV-2026-00001')).text).toContain('NV-2026-00001');
});

test('/trogiup shows every form', async () => {
  const { text } = await says(p.quyen, '/trợ giúp');
  for (const form of ['/nhiemvu', '/chitiet NV-12', '/capnhat NV-12 70% nội dung', '/xacnhan HOP-31']) expect(text).toContain(form);
});
