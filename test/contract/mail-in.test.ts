import mongoose from 'mongoose';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { bounceAddress, messageIdOf, replyAddress } from '../../src/mail/addresses.js';
import { nameOf } from '../../src/mail/letter-name.js';
import { Mailbox, type MailboxSeams } from '../../src/mail/mailbox.js';
import { parseMail, type Parse } from '../../src/mail/read-head.js';
import { readLetter } from '../../src/mail/read-letter.js';
import { systemRandom } from '../../src/kernel/random.js';
import { house, imapServer, scriptedServer } from '../support/mail.js';

const { MongoNetworkError } = mongoose.mongo;
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
  const failures = new Map<string, number>();
  const box = new Mailbox({
    url: `imap://testuser:${more.password ?? 'testpass'}@127.0.0.1:${port}/INBOX`,
    log: pino({ level: 'silent' }), random: systemRandom,
    take: async (source, place) => void taken.push({ text: Buffer.from(source).toString(), place }),
    failed: async (place) => (failures.set(place, (failures.get(place) ?? 0) + 1), failures.get(place) ?? 0),
    report: (code) => void reports.push(code),
    ...more,
  });
  open.push(() => box.close());
  return { box, taken, reports, failures };
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

  test('while nothing can be stored the pass ends, no letter is blamed, and all come again', async () => {
    const server = await crow();
    for (const name of ['mot', 'hai', 'ba']) server.appendMessage('INBOX', [], false, mailOf(name));
    const stored: string[] = [];
    let failing: Error | null = new Error('database gone');
    const take: MailboxSeams['take'] = async (source) => {
      const [name = ''] = subjects([{ text: Buffer.from(source).toString() }]);
      if (failing && name === 'hai') throw failing;
      stored.push(name ?? '');
    };
    const { box, failures } = boxOn(server.port, { take, failed: async (place) => (failing instanceof MongoNetworkError ? (failures.set(place, 1), 1) : Promise.reject(new Error('not counted'))) });
    for (let i = 0; i < 5; i++) await expect(box.takeIn()).rejects.toThrow('database gone');
    failing = new MongoNetworkError('database gone');
    for (let i = 0; i < 5; i++) await expect(box.takeIn()).rejects.toThrow('database gone');
    expect(failures.size).toBe(0);
    failing = null;
    expect(await box.takeIn()).toBe(2);
    expect(stored).toEqual(['mot', 'hai', 'ba']);
  });

  test('a letter that cannot be stored keeps no other from being taken in; after the third time it is flagged and set aside', async () => {
    const server = await crow();
    for (const name of ['mot', 'doc', 'ba']) server.appendMessage('INBOX', [], false, mailOf(name));
    const stored: string[] = [];
    const take: MailboxSeams['take'] = async (source) => {
      const [name = ''] = subjects([{ text: Buffer.from(source).toString() }]);
      if (name === 'doc') throw new RangeError('document too large');
      stored.push(name);
    };
    const flags = () => server.getMailbox('INBOX').messages[1]?.flags.filter((flag) => flag !== '\\Recent').sort();
    const { box, reports, failures } = boxOn(server.port, { take });
    expect([await box.takeIn(), flags()]).toEqual([2, []]);
    expect([await box.takeIn(), flags()]).toEqual([0, []]);
    expect([await box.takeIn(), flags()]).toEqual([0, ['\\Flagged', '\\Seen']]);
    expect(await box.takeIn()).toBe(0);
    expect([stored, [...failures.values()], reports]).toEqual([['mot', 'ba'], [3], [null, null, null, null]]);
  });

  test.each(['', 'Xong'])('a letter is found again among others of the same Message-ID, moved (%j) or not', async (doneFolder) => {
    const server = await crow();
    const same = (words: string) => `From: a@b.example\r\nSubject: ${words}\r\nMessage-ID: <same@b.example>\r\n\r\n${words}`;
    for (const words of ['ke gian', 'that', 'ke gian nua']) server.appendMessage('INBOX', [], false, same(words));
    const names: string[] = [];
    const { box } = boxOn(server.port, { ...(doneFolder ? { doneFolder } : {}), take: async (bytes, place) => void names.push(nameOf({ place, bytes, messageId: '<same@b.example>' })) });
    await box.takeIn();
    const found = await Promise.all(names.map(async (name) => subjects([{ text: Buffer.from((await box.find(name)) ?? []).toString() }])[0]));
    expect(found).toEqual(['ke gian', 'that', 'ke gian nua']);
    expect(await box.find((names[1] ?? '').replace(/\/[0-9a-f]{32}\//, `/${'0'.repeat(32)}/`))).toBeNull();
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
    expect(await read(letter(reply('MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="x"'), body))).toMatchObject({ mail: { text: '80% kèm báo cáo', attachments: [{ kind: 'file', fileId: expect.stringMatching(/^1:7\/[0-9a-f]{32}\/<r1@stc\.example>#0$/), name: 'bao-cao.pdf', size: 4 }] } });
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

describe('a letter made to do harm', () => {
  const deep = '<div>'.repeat(2_000_000);
  const calendar = (uid: string) => ['BEGIN:VCALENDAR', 'METHOD:REPLY', 'BEGIN:VEVENT', `UID:${uid}`, 'SEQUENCE:1', 'ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example', 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');
  /** Reads a letter and counts the bytes given to the parser. */
  const counted = async (source: Buffer) => {
    const given: number[] = [];
    const parse: Parse = (bytes, pages) => (given.push(bytes.length), parseMail(bytes, pages));
    return { letter: await readLetter(house, source, '1:7', parse), most: Math.max(...given), given };
  };

  test.each([
    ['without a token', ['From: a@b.example', 'To: tra-loi@laocai.example']],
    ['with a forged token', ['From: a@b.example', `To: ${TO.replace(/.(?=@)/, (c) => (c === 'a' ? 'b' : 'a'))}`]],
    ['of a machine', reply('Auto-Submitted: auto-replied')],
    ['without a sender', [`To: ${TO}`]],
    ['with its token behind two megabytes of head', ['From: a@b.example', ...Array.from({ length: 200_000 }, () => 'Received: x'), `To: ${TO}`]],
  ])('%s: its body is not looked at', async (_name, headers) => {
    const { letter: read, most } = await counted(letter([...headers, 'Content-Type: text/html'], deep));
    expect(read.kind).toBe('ignored');
    expect(most).toBeLessThan(10_000);
  });

  test.each([
    ['ten megabytes of tags', 'text/html', deep],
    ['tags within tags, short', 'text/html', `${'<div>'.repeat(5_000)}70%`],
    ['a page longer than anybody writes', 'text/html', `<p>70%</p>${'<p>x</p>'.repeat(100_000)}`],
    ['more parts than a mail has', 'multipart/mixed; boundary=b', '--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n'.repeat(5_000)],
    ['nothing but a signature', 'text/plain', '-- \r\nHoang Van Dat, 95%'],
  ])('%s, with a token: its writer can be asked again, and no page is converted', async (_name, type, body) => {
    const { letter: read, given } = await counted(letter(reply(`Content-Type: ${type}`), body));
    expect(read).toEqual({ kind: 'unreadable', mail: { channel: 'email', messageId: '<r1@stc.example>', chatId: WHO, senderId: 'dat@stc.laocai.example', about: 'NV-2026-00012' } });
    expect(given).toHaveLength(2);
  }, 60_000);

  test('beside plain words a page of any length does not matter', async () => {
    const body = ['--b', ...utf8.slice(1), '', '70% đã họp', '--b', 'Content-Type: text/html', '', deep, '--b--'].join('\r\n');
    expect(await read(letter(reply('Content-Type: multipart/alternative; boundary=b'), body))).toMatchObject({ kind: 'reply', mail: { text: '70% đã họp' } });
  }, 60_000);

  test('what is kept of it is small, whatever is in it', async () => {
    const long = 'x'.repeat(6_500_000);
    const sources = [
      letter(reply('Content-Type: text/calendar; method=REPLY'), calendar(`HOP-2026-00031.${long}`)),
      letter(reply('Content-Type: text/calendar; method=REPLY'), calendar(`HOP-2026-00031.${long.slice(0, 300)}`)),
      letter(reply('Content-Type: text/plain', `In-Reply-To: <${long}@x>`, `Subject: ${long}`), `70% ${long}`),
      letter([`From: ${long}@b.example`, `To: ${TO}`, `Message-ID: <${long}>`], '70%'),
    ];
    for (const source of sources) expect(JSON.stringify(await read(source)).length).toBeLessThan(12_000);
    expect(await read(sources[1] ?? Buffer.alloc(0))).not.toHaveProperty('mail.calendar');
  }, 60_000);
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
