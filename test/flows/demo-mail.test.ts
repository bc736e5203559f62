import { afterAll, beforeAll, expect, test } from 'vitest';
import { phonesOf } from '../../src/demo/sample-province.js';
import { openDemo } from '../support/demo.js';

/** `npm run demo` with its mail provider, as a visitor finds it. */
const NHIEN = { address: 'demo39@laocai.invalid', name: 'Trần Hạo Nhiên' };
const DUE = { address: 'demo21@laocai.invalid', name: 'Trịnh Khánh Duệ' };
const PATIENCE = { timeout: 30_000, interval: 200 };
let demo: Awaited<ReturnType<typeof openDemo>>;
beforeAll(async () => {
  demo = await openDemo();
}, 120_000);
afterAll(() => demo.close());

const lettersOf = (address: string) => demo.mail.lettersOf(address);
const subjects = async (address: string) => (await lettersOf(address)).map(({ subject }) => subject);

test('mailboxes hold the weeks before: people and agencies, tasks, reminders and invitations, with their own dates', async () => {
  const letters = await lettersOf(NHIEN.address);
  expect(letters.map(({ subject }) => subject)).toEqual(expect.arrayContaining([expect.stringContaining('Nhiệm vụ mới'), expect.stringContaining('Mời họp')]));
  const [first] = letters;
  expect(first?.at.getTime()).toBeLessThan(demo.app.ctx.clock.now().getTime() - 5 * 86_400_000);
  expect(await subjects('vanthu.skhcn@laocai.invalid')).toEqual(expect.arrayContaining([expect.stringContaining('Nhiệm vụ mới')]));
  expect((await lettersOf(DUE.address)).some(({ invitation }) => invitation?.method === 'REQUEST')).toBe(true);
});

test('documents are seen on each channel that can carry them: mail, Telegram, Zalo', async () => {
  await expect.poll(async () => (await lettersOf(NHIEN.address)).flatMap(({ attachments }) => attachments.map(({ name }) => name)), PATIENCE).toEqual(['Thông báo kết luận 371-TB-UBND.pdf']);
  const filesOn = (messages: { attachment?: { name: string } }[]) => messages.flatMap(({ attachment }) => (attachment ? [attachment.name] : []));
  await expect.poll(() => filesOn(demo.telegram.network.messagesOf(phonesOf('P11').telegram)), PATIENCE).toEqual(['Công văn 5127-UBND-KT.pdf']);
  await expect.poll(() => filesOn(demo.zalo.network.messagesOf(phonesOf('P12').zalo)), PATIENCE).toEqual(['Công điện 09-CĐ-UBND.pdf']);
  expect(await demo.app.ctx.db.StoredFile.findOne({ name: 'Tiến độ giải ngân 14 dự án.docx' }).lean()).toMatchObject({ owner: { kind: 'progress' } });
});

test('an answer by mail changes the task, its writer and the Office hear of it', async () => {
  const letter = (await lettersOf(NHIEN.address)).findLast(({ attachments }) => attachments.length > 0);
  const code = /NV-\d{4}-\d{5}/.exec(letter?.subject ?? '')?.[0] ?? '';
  await demo.mail.answer(NHIEN, letter?.id ?? '', '55% đã kết nối thử nghiệm');
  await expect.poll(async () => (await demo.app.ctx.db.Task.findOne({ code }).orFail().lean()).percent, PATIENCE).toBe(55);
  await expect.poll(async () => (await subjects(NHIEN.address)).at(-1), PATIENCE).toContain('Đã ghi nhận: 55%');
  await expect.poll(() => demo.zalo.network.messagesOf(phonesOf('P06').zalo).map(({ text }) => text).join('\n'), PATIENCE).toContain('đồng chí Trần Hạo Nhiên, qua thư điện tử');
});

test('an old invitation can still be answered from the calendar', async () => {
  const letter = (await lettersOf(DUE.address)).findLast(({ invitation }) => invitation?.method === 'REQUEST');
  await demo.mail.respond(DUE, letter?.id ?? '', 'DECLINED', 'đi công tác');
  const code = /HOP-\d{4}-\d{5}/.exec(letter?.subject ?? '')?.[0] ?? '';
  const answer = async () => (await demo.app.ctx.db.Meeting.findOne({ code }).orFail().lean()).attendees.find(({ via }) => via === 'email');
  await expect.poll(answer, PATIENCE).toMatchObject({ answer: 'absent' });
});
