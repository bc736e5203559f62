import { afterEach, beforeEach, expect, test } from 'vitest';
import { pino } from 'pino';
import { startMailStandIn, type MailStandIn } from '../../src/demo/providers/mail.js';
import { systemRandom } from '../../src/kernel/random.js';
import { Mailbox } from '../../src/mail/mailbox.js';
import { readLetter } from '../../src/mail/read-letter.js';
import { createMailSender, createTransport } from '../../src/mail/sender.js';
import { house } from '../support/mail.js';
import { TestClock } from '../support/test-clock.js';

/** The demo's mail provider, held to the same ways as the independent servers. */
const READER = { who: 'p:0123456789abcdef01234567', name: 'Hoàng Văn Dật' };
let provider: MailStandIn;
const open: (() => Promise<void> | void)[] = [];
beforeEach(async () => {
  provider = await startMailStandIn({ clock: new TestClock('2026-11-20T01:00:00Z') });
});
afterEach(async () => {
  for (const stop of open.splice(0)) await stop();
  await provider.stop();
});

function senderOn(url: string) {
  const transport = createTransport(url);
  open.push(() => transport.close());
  const sender = createMailSender({ transport, house, now: () => new Date('2026-11-20T01:00:00Z'), readerOf: async () => READER, takeOne: async () => null, noticed: () => {} });
  return (text: string, to = 'dat@stc.example') => sender.send(to, { text, thread: 'NV-2026-00012' }, { key: text, signal: AbortSignal.timeout(5_000) });
}

test('a letter lies in its reader\'s mailbox, and the answer comes in by IMAP once', async () => {
  const send = senderOn(provider.smtpUrl);
  expect(await send('🔔 Nhắc việc · NV-2026-00012\n.dòng có dấu chấm')).toMatchObject({ kind: 'accepted' });
  const [letter] = await provider.lettersOf('Dat@stc.example');
  expect(letter).toMatchObject({ subject: '[NV-2026-00012] Nhắc việc', text: expect.stringContaining('\n.dòng có dấu chấm'), calendar: null });
  await provider.answer('dat@stc.example', letter?.id ?? '', '70% đã họp');
  const taken: unknown[] = [];
  const box = new Mailbox({ url: provider.imapUrl, log: pino({ level: 'silent' }), random: systemRandom, report: () => {}, take: async (source, place) => void taken.push(await readLetter(house, source, place)) });
  open.push(() => box.close());
  expect([await box.takeIn(), await box.takeIn(), provider.unread()]).toEqual([1, 0, 0]);
  expect(taken).toEqual([{ kind: 'reply', mail: expect.objectContaining({ text: '70% đã họp', about: 'NV-2026-00012', chatId: READER.who, senderId: 'dat@stc.example' }) }]);
});

test('it is as strict as real ones', async () => {
  provider.refuse('het@stc.example', '550 5.1.1 no such user');
  expect(await senderOn(provider.smtpUrl)('x', 'het@stc.example')).toEqual({ kind: 'unreachable', code: 'smtp-550-5.1.1', dead: true });
  expect(await senderOn(provider.smtpUrl.replace('mat-khau-thu', 'sai'))('x')).toMatchObject({ kind: 'rejected', code: 'smtp-535' });
  expect(await senderOn(provider.smtpUrl.replace(/\/\/[^@]*@/, '//'))('x')).toMatchObject({ kind: 'rejected', code: 'smtp-530' });
  const reports: (string | null)[] = [];
  const box = new Mailbox({ url: provider.imapUrl.replace('mat-khau-thu', 'sai'), log: pino({ level: 'silent' }), random: systemRandom, report: (code) => void reports.push(code), take: async () => {} });
  await expect(box.takeIn()).rejects.toThrow();
  expect(reports).toEqual(['auth']);
});
