import { expect, test } from 'vitest';
import { DomainError } from '../../src/kernel/errors.js';
import { refused } from '../../src/texts/chat-texts.js';
import { digest, type DigestLine } from '../../src/texts/digest-texts.js';
import { howToReply } from '../../src/texts/mail-texts.js';
import { telegramMenu } from '../../src/texts/telegram-texts.js';

const line = (code: string | null, more: Partial<DigestLine> = {}): DigestLine => ({ text: `${code}: việc`, kind: 'task-reminder', group: 'soon', code, asks: 'progress', secret: false, ...more });
const said = (...lines: DigestLine[]) => digest({ style: 'daily', reader: { name: 'Hoàng Văn Dật', position: 'Giám đốc' }, lines, now: new Date('2026-11-23T00:00:00Z') }).text;

test('a digest shows the form of a report on its own most pressing task that asks for one', () => {
  expect(said(line('NV-2026-00041'), line('NV-2026-00007', { group: 'overdue' }))).toContain('/capnhat NV-7 70% nội dung');
  expect(said(line('NV-2025-00003'))).toContain('/capnhat NV-2025-00003 70% nội dung');
  expect(said(line('NV-2026-00005', { asks: null }))).not.toContain('/capnhat');
  expect(said(line('NV-2026-00005', { secret: true }))).not.toContain('/capnhat');
});

test('no fixed code where the reader has others: refusals, mail footers, the menu of Telegram', () => {
  expect(refused(new DomainError('progress-needs-reason', { code: 'NV-2026-00041', percent: 70 })).text).toContain('Gõ: /capnhat NV-2026-00041 50% lý do.');
  expect(refused(new DomainError('meeting-unknown', { code: 'HOP-9' })).text).toContain('Gõ /hop');
  expect([howToReply(undefined), ...telegramMenu.map(({ description }) => description)].join(' ')).not.toMatch(/NV-\d|HOP-\d/);
});
