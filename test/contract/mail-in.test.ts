import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { bounceAddress, messageIdOf, replyAddress } from '../../src/mail/addresses.js';
import { Mailbox, type MailboxSeams } from '../../src/mail/mailbox.js';
import { readLetter } from '../../src/mail/read-letter.js';
import { systemRandom } from '../../src/kernel/random.js';
import { house, imapServer, scriptedServer } from '../support/mail.js';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of open.splice(0).reverse()) await stop();
});

const mailOf = (subject: string): string => `From: a@b.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@b.example>\r\n\r\nx`;

async function crow() {
  const server = await imapServer();
  open.push(server.stop);
  return server;
}

function boxOn(port: number, more: Partial<MailboxSeams> & { password?: string } = {}) {
  const taken: { text: string; place: string }[] = [];
  const reports: (string | null)[] = [];
  const box = new Mailbox({
    url: `imap://testuser:${more.password ?? 'testpass'}@127.0.0.1:${port}/INBOX`,
    log: pino({ level: 'silent' }), random: systemRandom,
    take: async (source, place) => void taken.push({ text: Buffer.from(source).toString(), place }),
    report: (code) => void reports.push(code),
    ...more,
  });
  open.push(() => box.close());
  return { box, taken, reports };
}

const subjects = (taken: { text: string }[]) => taken.map(({ text }) => /^Subject: (.*)$/m.exec(text)?.[1]?.trim());
const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((resolve) => setImmediate(resolve));
};

describe('the mailbox', () => {
  test('what is unread is taken in once, in order, and marked read', async () => {
    const server = await crow();
    server.appendMessage('INBOX', [], false, mailOf('mot'));
    server.appendMessage('INBOX', ['\\Seen'], false, mailOf('cu'));
    server.appendMessage('INBOX', [], false, mailOf('hai'));
    const { box, taken, reports } = boxOn(server.port);
    expect(await box.takeIn()).toBe(2);
    expect(await box.takeIn()).toBe(0);
    expect(subjects(taken)).toEqual(['mot', 'hai']);
    expect(new Set(taken.map(({ place }) => place)).size).toBe(2);
    expect(server.getMailbox('INBOX').messages.every(({ flags }) => flags.includes('\\Seen'))).toBe(true);
    expect(reports).toEqual([null, null]);
  });

  test('what could not be stored stays unread and comes again', async () => {
    const server = await crow();
    for (const name of ['mot', 'hai', 'ba']) server.appendMessage('INBOX', [], false, mailOf(name));
    const stored: string[] = [];
    let failing = true;
    const take: MailboxSeams['take'] = async (source) => {
      const [name = ''] = subjects([{ text: Buffer.from(source).toString() }]);
      if (failing && name === 'hai') throw new Error('database gone');
      stored.push(name ?? '');
    };
    const { box } = boxOn(server.port, { take });
    await expect(box.takeIn()).rejects.toThrow('database gone');
    failing = false;
    expect(await box.takeIn()).toBe(2);
    expect(stored).toEqual(['mot', 'hai', 'ba']);
  });

  test('a process that dies between storing and marking reads the letter again, under the same name', async () => {
    const server = await crow();
    server.appendMessage('INBOX', [], false, mailOf('mot'));
    const first = boxOn(server.port, { take: async (_source, place) => (places.push(place), server.hangUp()) });
    const places: string[] = [];
    await expect(first.box.takeIn()).rejects.toThrow();
    const second = boxOn(server.port);
    expect(await second.box.takeIn()).toBe(1);
    expect(second.taken[0]?.place).toBe(places[0]);
  });

  test('with a folder for what is done, the letter moves there', async () => {
    const server = await crow();
    server.appendMessage('INBOX', [], false, mailOf('mot'));
    const { box } = boxOn(server.port, { doneFolder: 'Xong' });
    expect(await box.takeIn()).toBe(1);
    expect([server.getMailbox('INBOX').messages.length, server.getMailbox('Xong').messages.length]).toEqual([0, 1]);
  });

  test('a folder that does not exist keeps nothing from being taken in', async () => {
    const server = await crow();
    server.appendMessage('INBOX', [], false, mailOf('mot'));
    const { box, taken } = boxOn(server.port, { doneFolder: 'Không có' });
    expect(await box.takeIn()).toBe(1);
    expect(await box.takeIn()).toBe(0);
    expect(taken).toHaveLength(1);
  });

  test('watched, it takes letters in as they come, also after the connection broke', async () => {
    const server = await crow();
    const { box, taken } = boxOn(server.port);
    const stop = new AbortController();
    const watching = box.watch(stop.signal);
    server.appendMessage('INBOX', [], false, mailOf('mot'));
    await until(() => taken.length === 1);
    server.hangUp();
    server.appendMessage('INBOX', [], false, mailOf('hai'));
    await until(() => taken.length === 2);
    stop.abort();
    await watching;
    // At least once: a letter whose mark was lost with the connection came twice, under the same name.
    expect([...new Set(subjects(taken))]).toEqual(['mot', 'hai']);
  });

  test('a server that says nothing at all does not keep the house from stopping', async () => {
    const silent = await scriptedServer(['hang']);
    open.push(silent.stop);
    const { box, reports } = boxOn(silent.port);
    const stop = new AbortController();
    const watching = box.watch(stop.signal);
    await until(() => silent.connections() > 0);
    stop.abort();
    await box.close();
    await watching;
    expect(reports).toHaveLength(1);
  });

  test('a wrong password and a closed door are told by a word, without the password', async () => {
    const server = await crow();
    const wrong = boxOn(server.port, { password: 'mat-khau-sai' });
    await expect(wrong.box.takeIn()).rejects.toThrow();
    expect(wrong.reports).toEqual(['auth']);
    await server.stop();
    open.shift();
    const closed = boxOn(server.port);
    await expect(closed.box.takeIn()).rejects.toThrow();
    expect(closed.reports).toEqual(['econnrefused']);
  });
});

const WHO = 'p:0123456789abcdef01234567';
const TO = replyAddress(house, { about: 'NV-2026-00012', who: WHO }) ?? '';
const letter = (headers: string[], body: string): Buffer => Buffer.from([...headers, '', body].join('\r\n'));
const reply = (...more: string[]): string[] => ['From: Dat <Dat@STC.laocai.example>', `To: Nhac Viec <${TO}>`, 'Message-ID: <r1@stc.example>', ...more];
const utf8 = ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'];
const read = (source: Buffer) => readLetter(house, source, '1:7');

describe('a letter', () => {
  test('to a signed reply address is an answer of whom the address names', async () => {
    const mail = await read(letter(reply('In-Reply-To: <ours@laocai.example>', ...utf8), '70% đã họp\r\n\r\nVào Th 2, Nhắc Việc <nhacviec@laocai.example> đã viết:\r\n> Đang ghi nhận: 40%'));
    expect(mail).toEqual({ kind: 'reply', mail: { channel: 'email', messageId: '<r1@stc.example>', chatId: WHO, senderId: 'dat@stc.laocai.example', kind: 'text', text: '70% đã họp', about: 'NV-2026-00012', replyTo: '<ours@laocai.example>' } });
  });

  test('of HTML alone is read by its words', async () => {
    const html = '<html><body><div>70% đã họp &amp; chờ ký</div><br><div class="gmail_quote"><div>Vào Th 2, 23 thg 11, 2026 lúc 09:00 Nhắc Việc &lt;<a href="mailto:nhacviec@laocai.example">nhacviec@laocai.example</a>&gt; đã viết:</div><blockquote>Đang ghi nhận: 40%</blockquote></div></body></html>';
    const mail = await read(letter(reply('MIME-Version: 1.0', 'Content-Type: text/html; charset=utf-8'), html));
    expect(mail).toMatchObject({ kind: 'reply', mail: { text: '70% đã họp & chờ ký' } });
  });

  test('of Outlook, quoting behind a rule, is read by its words', async () => {
    const html = '<html><body><p>Đã họp, được <b>60%</b></p><hr><p><b>From:</b> Nhắc Việc &lt;nhacviec@laocai.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Dat</p><p>Đang ghi nhận: 40%</p></body></html>';
    expect(await read(letter(reply('Content-Type: text/html; charset=utf-8'), html))).toMatchObject({ kind: 'reply', mail: { text: 'Đã họp, được 60%' } });
  });

  test('without a Message-ID is named by its place in the mailbox; a strange one by its print', async () => {
    const [from = '', to = ''] = reply();
    expect(await read(letter([from, to], 'x'))).toMatchObject({ mail: { messageId: '1:7' } });
    expect(await read(letter([from, to, `Message-ID: <${'a'.repeat(500)}@x>`], 'x'))).toMatchObject({ mail: { messageId: expect.stringMatching(/^<[0-9a-f]{32}>$/) } });
  });

  test('names the files that came along, not the pictures of a signature', async () => {
    const part = (headers: string[], body: string) => ['--x', ...headers, '', body].join('\r\n');
    const body = [part(utf8, '80% kèm báo cáo'), part(['Content-Type: application/pdf', 'Content-Disposition: attachment; filename="bao-cao.pdf"', 'Content-Transfer-Encoding: base64'], 'JVBERg=='), part(['Content-Type: image/png', 'Content-Disposition: inline; filename="logo.png"', 'Content-ID: <logo>', 'Content-Transfer-Encoding: base64'], 'iVBO'), '--x--'].join('\r\n');
    expect(await read(letter(reply('MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="x"'), body))).toMatchObject({ mail: { text: '80% kèm báo cáo', attachments: [{ kind: 'file', fileId: '<r1@stc.example>#0', name: 'bao-cao.pdf', size: 4 }] } });
  });

  test.each([
    ['to our plain address', ['From: dat@stc.example', 'To: tra-loi@laocai.example']],
    ['with a changed token', ['From: dat@stc.example', `To: ${TO.replace(/.(?=@)/, (c) => (c === 'a' ? 'b' : 'a'))}`]],
    ['with the token of another matter', ['From: dat@stc.example', `To: ${TO.replace('00012', '00013')}`]],
    ['that names its token only in the subject', ['From: dat@stc.example', 'To: tra-loi@laocai.example', `Subject: ${TO}`]],
  ])('%s proves nothing', async (_name, headers) => {
    expect(await read(letter([...headers, 'Message-ID: <f@x>'], '/capnhat NV-12 100%'))).toEqual({ kind: 'ignored', why: 'unsigned' });
  });

  test.each(['Auto-Submitted: auto-replied', 'Auto-Submitted: auto-generated (vacation)', 'X-Auto-Response-Suppress: All', 'Precedence: bulk', 'Precedence: auto_reply', 'X-Autoreply: yes', 'List-Id: <a.b>', 'Return-Path: <>', 'Subject: Automatic reply: [NV-2026-00012]', 'Subject: =?utf-8?B?VHLhuqMgbOG7nWkgdOG7sSDEkeG7mW5nOiB24bqvbmcgbeG6t3Q=?=', 'Content-Type: multipart/report; report-type=disposition-notification; boundary=x'])('of a machine (%s) is nobody\'s answer', async (header) => {
    expect(await read(letter(reply(header), '70%'))).toEqual({ kind: 'ignored', why: 'automatic' });
  });

  test('"Auto-Submitted: no" is a person', async () => {
    expect(await read(letter(reply('Auto-Submitted: no'), '70%'))).toMatchObject({ kind: 'reply' });
  });

  test.each([['ACCEPTED', 'attending'], ['DECLINED', 'absent'], ['TENTATIVE', 'received']])('with a calendar answer %s is that answer, though a machine sent it', async (partstat, answer) => {
    const ics = ['BEGIN:VCALENDAR', 'PRODID:-//Google Inc//EN', 'VERSION:2.0', 'METHOD:REPLY', 'BEGIN:VEVENT', 'UID:HOP-2026-00031.0123456789abcdef01234567@nha', ' c-viec', 'SEQUENCE:2', 'DTSTART:20261123T090000Z', `ATTENDEE;CN=Dat;PARTSTAT=${partstat};ROLE=REQ-PARTICIPANT:mailto:dat@stc.laocai.example`, 'COMMENT:đi muộn\\, 5 phút', 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');
    const body = ['--x', 'Content-Type: text/plain; charset=utf-8', '', 'Dat đã chấp nhận', '--x', 'Content-Type: text/calendar; charset=utf-8; method=REPLY', '', ics, '--x--'].join('\r\n');
    expect(await read(letter(reply('Auto-Submitted: auto-generated', 'MIME-Version: 1.0', 'Content-Type: multipart/alternative; boundary="x"'), body))).toMatchObject({
      kind: 'reply', mail: { text: '', calendar: { uid: 'HOP-2026-00031.0123456789abcdef01234567@nhac-viec', sequence: 2, answer, note: 'đi muộn, 5 phút' } },
    });
  });
});

describe('a report about a delivery', () => {
  const back = (status: string, fields: string, to = bounceAddress(house, 'assign:1') ?? '') => letter(
    ['From: MAILER-DAEMON@mx.example', `To: ${to}`, 'Return-Path: <>', 'Auto-Submitted: auto-replied', 'MIME-Version: 1.0', 'Content-Type: multipart/report; report-type=delivery-status; boundary="x"'],
    ['--x', 'Content-Type: text/plain', '', `The mail could not be delivered ${status}`, '--x', 'Content-Type: message/delivery-status', '', fields, '--x', 'Content-Type: message/rfc822', '', 'Subject: [NV-2026-00012]', '', 'x', '--x--'].join('\r\n'),
  );
  const dsn = (action: string, status: string) => `Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; dat@stc.example\r\nAction: ${action}\r\nStatus: ${status}\r\nDiagnostic-Code: smtp; 550 ${status} no`;

  test.each([['failed', '5.1.1', 'failed'], ['failed', '4.4.7', 'failed'], ['delayed', '4.4.1', 'delayed'], ['Relayed', '2.0.0', 'delivered']])('%s %s', async (action, status, kind) => {
    expect(await read(back(status, dsn(action, status)))).toEqual({ kind: 'report', providerId: messageIdOf(house, 'assign:1'), report: { action: kind, status } });
  });

  test('in words only, as old servers write it', async () => {
    const words = letter(['From: postmaster@x.example', `To: ${bounceAddress(house, 'assign:1')}`, 'Subject: failure notice'], 'Sorry, no mailbox here by that name. (#5.1.1)');
    expect(await read(words)).toMatchObject({ kind: 'report', report: { action: 'failed', status: '5.1.1' } });
  });

  test('to a made-up address is nothing', async () => {
    const forged = (bounceAddress(house, 'assign:1') ?? '').replace(/\.[a-z2-7]{13}@/, '.aaaaaaaaaaaaa@');
    expect(await read(back('5.1.1', dsn('failed', '5.1.1'), forged))).toMatchObject({ kind: 'ignored' });
  });
});
