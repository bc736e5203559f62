import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { sendPhoneCode } from '../../src/delivery/phones/send-phone-code.js';
import type { Person } from '../../src/people/person.model.js';
import { LAN } from '../support/sms.js';
import { openSmsStory, type SmsStory } from '../support/sms-story.js';
import { office } from '../support/task-story.js';

let story: SmsStory;
beforeEach(async () => void (story = await openSmsStory()));
afterEach(() => story.close());

const task = () => story.world.app.ctx.db.Task.findOne().orFail().lean();
/** As if so many tasks had been assigned this year before. */
const after = (last: number) => story.world.app.ctx.db.Counter.updateOne({ _id: 'NV-2026' }, { $set: { last } }, { upsert: true });

test.each([
  [1233, 'NV-1234 70 da hop cac don vi', 70], [1233, 'NV-1234 70% da hop', 70], [1233, 'NV-2026-01234 5 da hop', 5], [122, 'NV-123 100 da xong', 100],
])('a report whose digits happen to be six is a report (%i tasks before): "%s"', async (before, text, percent) => {
  await after(before);
  await story.assign();
  expect(await story.write(text)).toEqual([expect.stringContaining('Da ghi')]);
  expect(await task()).toMatchObject({ percent });
  expect(await story.world.app.ctx.db.Inbound.countDocuments({ channel: 'sms' })).toBe(1);
});

test('a date in the reason for being away is a reason', async () => {
  const code = await story.call();
  expect(await story.write('VANG HOP-1 di kiem tra de tu 19.11.26')).toEqual([expect.stringContaining('Da ghi HOP-1')]);
  expect(await story.seat(code)).toMatchObject({ answer: 'absent', answerNote: 'di kiem tra de tu 19.11.26' });
});

test('while a code is awaited from the number, a report is still a report and uses up no try; six digits alone are the code', async () => {
  const { ctx } = story.world.app;
  await story.assign();
  await ctx.db.Person.updateOne({ _id: story.lan }, { $set: { phoneVerifiedAt: null } });
  const before = story.smsc.messagesOf(LAN).length;
  await sendPhoneCode(because(ctx, 'press'), office, { personId: story.lan });
  await story.world.settle();
  const code = /: (\d{6})\./.exec(story.smsc.messagesOf(LAN)[before]?.text ?? '')?.[1] ?? '';
  for (const text of ['NV-1 70 da hop 123', 'NV-1234 70', `NV-1 bao cao so ${code}`]) await story.write(text);
  expect(await ctx.db.PhoneCode.findOne().lean()).toMatchObject({ tries: 0, end: null });
  expect(await story.write(`Ma ${code.slice(0, 3)} ${code.slice(3)}`)).toEqual([]);
  expect((await ctx.db.Person.findById(story.lan).orFail().lean<Person>()).phoneVerifiedAt).not.toBeNull();
  // The same digits once more, a minute later: still the code, nobody is asked back.
  expect(await story.write(code)).toEqual([]);
});

test('six digits that nobody waits for are words like others: asked back, not dropped', async () => {
  await story.call();
  expect(await story.write('123456')).toEqual([expect.stringContaining('Chua ghi')]);
});

test('taken off one of two meetings: "1" is for the one that is left', async () => {
  const { world, lan } = story;
  const other = await world.person({ name: 'Lê Văn Phú', position: 'Phó Giám đốc', agencyCode: 'STC', roles: ['leader'] });
  const first = await story.call({ attendeeIds: [lan, other.id] });
  const second = await story.call({ startsAt: '2026-11-19T17:30:00+07:00' });
  expect((await world.api('POST', `/api/v1/meetings/${first}/attendees`, { remove: [lan] })).status).toBeLessThan(300);
  await world.settle();
  expect(await story.write('1')).toEqual([expect.stringContaining('Da ghi HOP-2')]);
  expect(await story.seat(second)).toMatchObject({ answer: 'attending' });
});

test('a lone "DA NHAN" is of the invitation once the task is done, and asked back while it is open', async () => {
  await story.assign();
  const code = await story.call();
  expect(await story.write('DA NHAN')).toEqual([expect.stringContaining('Chua ghi')]);
  await story.world.app.ctx.db.Task.updateOne({}, { $set: { stage: 'done' } });
  expect(await story.write('DA NHAN')).toEqual([expect.stringContaining('Da ghi HOP-1')]);
  expect((await story.seat(code))?.acknowledgedAt).not.toBeNull();
});

test('a piece of a longer SMS that reads like "không phải tôi" or like a code is neither', async () => {
  const { ctx } = story.world.app;
  await story.call();
  await ctx.db.Person.updateOne({ _id: story.lan }, { $set: { phoneVerifiedAt: null } });
  const piece = (sequence: number, message: string) => ({ esm_class: 0x40, short_message: { udh: Buffer.from([5, 0, 3, 7, 2, sequence]), message } });
  await story.write('', piece(1, 'VANG HOP-1 toi di cong tac, so 0913 trong danh ba la cua anh Nam,'));
  await story.write('', piece(2, 'khong phai so cua toi'));
  expect((await ctx.db.Person.findById(story.lan).orFail().lean<Person>()).phone).toBe(LAN);
  expect(await ctx.db.AuditEntry.countDocuments({ action: 'phone.disown' })).toBe(0);
});
