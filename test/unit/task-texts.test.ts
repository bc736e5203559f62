import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Types } from 'mongoose';
import type { ProgressEntry, Task } from '../../src/directives/task.model.js';
import { endOfDay, instantAt } from '../../src/kernel/local-date.js';
import { cut, shortCode } from '../../src/texts/common-texts.js';
import * as progress from '../../src/texts/progress-texts.js';
import * as texts from '../../src/texts/task-texts.js';
import { dueText, dueWithRemaining, leaveText, remainingText } from '../../src/texts/when-texts.js';
import { calendar2026 as calendar } from '../support/calendar.js';

const task: Task = {
  _id: new Types.ObjectId(), code: 'NV-2026-00012', directiveId: new Types.ObjectId(),
  directive: { symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-16', summary: 'Đẩy nhanh giải ngân' },
  content: 'Báo cáo tiến độ giải ngân từng dự án, nêu rõ dự án dưới 60%', contentFold: '', urgency: 'normal', secret: false,
  leadAgencyCode: 'STC', coordinatingAgencyCodes: [], officerId: null, monitorId: null, leaderId: null,
  dueOn: '2026-11-26', dueAt: endOfDay('2026-11-26'), dueByHour: false, originalDueOn: '2026-11-26', originalDueAt: endOfDay('2026-11-26'),
  stage: 'new', percent: 0, assignedAt: instantAt('2026-11-16', '10:00'), submittedAt: null, completedAt: null, confirmedAt: null,
  version: 1, progress: [], extensions: [], nextReminderAt: null, nextReminderSlot: null, causes: [], intents: [],
};
const entry: ProgressEntry = { percent: 40, note: 'đã họp với các chủ đầu tư', stage: 'in-progress', by: { name: 'Nguyễn Tố Quyên', channel: 'zalo' }, at: instantAt('2026-11-20', '09:12'), cause: 'x' };
const at = (on: string, time = '08:00'): texts.Moment => ({ now: instantAt(on, time), calendar });
const dat = { name: 'Hoàng Văn Dật', position: 'Giám đốc Sở Tài chính' };

describe('messages about tasks', () => {
  test('assigned', () => {
    expect(texts.taskAssigned(task, dat, at('2026-11-16'))).toEqual({
      text: [
        '🔔 Nhiệm vụ mới · NV-2026-00012',
        'Hạn: thứ Năm 26/11/2026 (còn 7 ngày làm việc).',
        'Kính gửi đồng chí Hoàng Văn Dật, Giám đốc Sở Tài chính.',
        'Báo cáo tiến độ giải ngân từng dự án, nêu rõ dự án dưới 60% — văn bản 5127/UBND-KT ngày 16/11/2026.',
        'Đề nghị xác nhận đã nhận, triển khai và cập nhật tiến độ.',
      ].join('\n'),
      summary: 'NV-12 · Báo cáo tiến độ giải ngân từng dự án, nêu rõ dự án dưới 60% · hạn 26/11, còn 7 ngày làm việc',
      matter: task.content,
      buttons: [{ label: 'Đã nhận', command: '/danhan NV-2026-00012' }, { label: 'Cập nhật', command: '/capnhat NV-2026-00012' }, { label: 'Chi tiết', command: '/chitiet NV-2026-00012' }],
    });
  });
  test('reminded', () => {
    expect(texts.taskReminder({ ...task, percent: 40, progress: [entry] }, at('2026-11-25')).text.split('\n')).toEqual([
      '🔔 Nhắc việc · NV-2026-00012',
      'Hạn: thứ Năm 26/11/2026 (còn 1 ngày làm việc)',
      'Báo cáo tiến độ giải ngân từng dự án, nêu rõ dự án dưới 60% — văn bản 5127/UBND-KT ngày 16/11/2026.',
      'Đang ghi nhận: 40%, cập nhật gần nhất 20/11/2026 09:12.',
    ]);
    expect(texts.taskReminder(task, at('2026-11-28')).text).toMatch(/^⚠️ Quá hạn · NV-2026-00012\nHạn: thứ Năm 26\/11\/2026 \(quá hạn 2 ngày\)/);
    expect(texts.taskReminder({ ...task, urgency: 'very-urgent' }, at('2026-11-25')).text).toMatch(/^🟠 THƯỢNG KHẨN · Nhắc việc NV-2026-00012/);
  });
  test('returned: it says when the agency last reported, not when the Office returned it', () => {
    const done: ProgressEntry = { ...entry, percent: 100, stage: 'submitted', at: instantAt('2026-11-22', '15:30') };
    const returned: ProgressEntry = { ...entry, note: 'thiếu phụ lục', stage: 'returned', by: { name: 'Văn phòng', channel: 'web' }, at: instantAt('2026-11-23', '09:00') };
    const text = texts.taskReturned({ ...task, stage: 'returned', percent: 40, progress: [entry, done, returned] }, 'thiếu phụ lục', at('2026-11-23')).text;
    expect(text).toContain('Đang ghi nhận: 40%, cập nhật gần nhất 22/11/2026 15:30.');
    expect(text).not.toContain('23/11');
  });
  test('to the Office', () => {
    expect(texts.taskProgress(task, entry, 'Sở Tài chính', at('2026-11-20')).text.split('\n').slice(0, 3)).toEqual([
      '✅ Báo cáo tiến độ · NV-2026-00012: 40%',
      'Hạn: thứ Năm 26/11/2026 (còn 3 ngày làm việc)',
      'Sở Tài chính: đồng chí Nguyễn Tố Quyên, qua Zalo, 20/11/2026 09:12 — “đã họp với các chủ đầu tư”',
    ]);
  });
  test('every message stays readable and addresses nobody as "bạn"', () => {
    const long = { ...task, content: 'nội dung rất dài '.repeat(200) };
    const extension = { fromDueAt: task.dueAt, toDueAt: endOfDay('2026-11-27'), toDueOn: '2026-11-27', reason: 'lý do '.repeat(300), by: entry.by, at: entry.at, cause: 'x' };
    const moment = at('2026-11-20');
    const all = [
      texts.taskAssigned(long, dat, moment), texts.taskReminder(long, moment), texts.taskProgress(long, { ...entry, note: 'ghi '.repeat(500) }, 'Sở Tài chính', moment),
      texts.taskDeadlineMoved(long, extension, moment), texts.taskConfirmed(long), texts.taskReturned(long, 'lý do '.repeat(300), moment),
      progress.askProgress(long), progress.whichTask([long, long, long, long, long, long], 2026, true), progress.notUnderstood('which-number', entry.at, task.code), progress.notUnderstood('done-or-not', entry.at, task.code), progress.taskAcknowledged(task, entry.at), progress.progressSaved(task, entry, { before: 10 }),
    ];
    for (const message of all) {
      expect(message.text.length).toBeLessThan(1_000);
      expect(message.text).not.toMatch(/(?<!\p{L})bạn(?!\p{L})|undefined|null|!/u);
      expect(message.text.split(task.code).length, `in full once: ${message.text}`).toBeLessThanOrEqual(2);
      expect(message.buttons?.length ?? 0).toBeLessThanOrEqual(5);
      for (const button of message.buttons ?? []) if ('command' in button) expect(button.command).toMatch(/^[\x20-\x7e]{1,60}$/);
    }
  });
});

describe('deadlines in words', () => {
  const day = { dueOn: '2026-11-26', dueAt: endOfDay('2026-11-26'), dueByHour: false };
  const hour = { dueOn: '2026-11-23', dueAt: instantAt('2026-11-23', '17:00'), dueByHour: true };
  test.each([
    [day, '2026-11-23', '08:00', 'còn 2 ngày làm việc'],
    [day, '2026-11-26', '23:00', 'hết hạn hôm nay'],
    [day, '2026-11-27', '00:00', 'quá hạn 1 ngày'],
    [day, '2026-11-30', '08:00', 'quá hạn 4 ngày'],
    [hour, '2026-11-23', '14:30', 'còn 2 giờ 30 phút'],
    [hour, '2026-11-23', '15:01', 'còn 1 giờ 59 phút'],
    [hour, '2026-11-23', '16:00', 'còn 1 giờ'],
    [hour, '2026-11-23', '16:30', 'còn 30 phút'],
    [hour, '2026-11-23', '19:00', 'quá hạn 2 giờ'],
    [hour, '2026-11-24', '08:00', 'quá hạn 1 ngày'],
    [{ dueAt: instantAt('2026-11-24', '02:00'), dueByHour: true }, '2026-11-23', '23:00', 'còn 3 giờ'],
    [{ dueAt: instantAt('2026-11-24', '00:10'), dueByHour: true }, '2026-11-23', '23:25', 'còn 45 phút'],
    [{ dueAt: instantAt('2026-11-27', '08:00'), dueByHour: true }, '2026-11-26', '08:00', 'còn 1 ngày làm việc'],
    [{ dueAt: instantAt('2026-11-22', '17:00'), dueByHour: true }, '2026-11-21', '08:00', 'còn 1 ngày'],
    [{ dueAt: null, dueByHour: false }, '2026-11-21', '08:00', ''],
  ])('%j on %s %s: %s', (due, on, time, words) => expect(remainingText(due, instantAt(on, time), calendar)).toBe(words));
  test('the day given and the day that counts, where they differ', () => {
    expect(dueText({ dueOn: '2026-11-24', dueAt: endOfDay('2026-11-25'), dueByHour: false })).toBe('thứ Ba 24/11/2026 (ngày nghỉ, tính đến hết thứ Tư 25/11/2026)');
    expect(dueWithRemaining({ dueOn: '2026-11-24', dueAt: endOfDay('2026-11-25'), dueByHour: false }, instantAt('2026-11-24', '08:00'), calendar)).toMatch(/^thứ Ba 24\/11\/2026 \(ngày nghỉ, tính đến hết thứ Tư 25\/11\/2026; còn \d ngày(?: làm việc)?\)$/);
    expect(dueText(hour)).toBe('17:00 thứ Hai 23/11/2026');
    expect(dueWithRemaining({ dueOn: null, dueAt: null, dueByHour: false }, instantAt('2026-11-21', '08:00'), calendar)).toBe('không ấn định hạn');
  });
});

test('long words are cut between words, never inside a letter, and never longer than asked', () => {
  expect(cut('Báo cáo tiến độ giải ngân, từng dự án', 27)).toBe('Báo cáo tiến độ giải ngân…');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.integer({ min: 10, max: 300 }), (text, max) => {
      const short = cut(text, max);
      expect(short.length).toBeLessThanOrEqual(max);
      expect(short).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    }),
  );
});

test('codes as people say them', () => {
  expect(shortCode('NV-2026-00012', 2026)).toBe('NV-12');
  expect(shortCode('NV-2025-00012', 2026)).toBe('NV-2025-00012');
});

test('leave ends with the last day away, not with the day of work that follows', () => {
  expect(leaveText(instantAt('2026-11-26', '00:00'))).toBe('nghỉ đến hết 25/11/2026');
  expect(leaveText(instantAt('2026-11-25', '12:00'))).toBe('nghỉ đến 12:00 ngày 25/11/2026');
});
