import { describe, expect, test } from 'vitest';
import { bounceAddress, messageIdOf, replyAddress } from '../../src/mail/addresses.js';
import { parseMail, type Parse } from '../../src/mail/read-head.js';
import { readLetter } from '../../src/mail/read-letter.js';
import { house } from '../support/mail.js';

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

  test.each(['Auto-Submitted: auto-replied', 'Auto-Submitted: auto-generated (vacation)', 'X-Auto-Response-Suppress: All', 'Precedence: bulk', 'Precedence: auto_reply', 'X-Autoreply: yes', 'List-Id: <a.b>', 'Return-Path: <>', 'Subject: Automatic reply: [NV-2026-00012]', 'X-MS-Exchange-Inbox-Rules-Loop: dat@stc.laocai.example'])('of a machine (%s) is known as such', async (header) => {
    expect(await read(letter(reply(header), '70%'))).toMatchObject({ kind: 'reply', mail: { text: '70%', automatic: true } });
  });

  const subjected = (subject: string) => read(letter(reply(`Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`), '70%'));
  test.each([
    'Tự động trả lời: [NV-2026-00012] Giao việc', 'Trả lời tự động: vắng mặt', 'RE: Trả lời tự động: [NV-2026-00012]', 'Thông báo vắng mặt', 'Vắng mặt: Re: [HOP-2026-00001] Họp', 'Thư tự động: x', 'Phản hồi tự động', '[Trả lời tự động] x', 'Tu dong tra loi: x', 'Thông báo nghỉ phép - Nguyễn Tố Quyên',
    '[Auto-Reply] x', 'Auto: x'.replace('Auto', 'Auto Response'), 'OOO: x', 'O.O.O. - x', 'Vacation reply', 'Out of Office: x', 'Out-of-office reply: x', 'Automatic reply: [NV-2026-00012]', 'Re: [EXT] Autoreply: x', 'Autoresponder: x', 'Away from the office: x', 'Thông báo vắng mặt'.normalize('NFD'),
  ])('"%s" is of a machine', async (subject) => {
    expect(await subjected(subject)).toMatchObject({ mail: { automatic: true } });
  });
  test.each(['Re: [HOP-2026-00001] Họp', 'Vắng mặt', 'Xin vắng mặt: bận công tác', 'Nghỉ phép', 'Báo cáo về hệ thống trả lời tự động của Sở', 'Office: x', 'Vacation plans of the agency', 'Tự động hóa trạm bơm: 70%', 'TL: [NV-2026-00012] Trả lời'])('"%s" is of a person', async (subject) => {
    expect(await subjected(subject)).not.toHaveProperty('mail.automatic');
  });

  test('that it was read is nothing', async () => {
    expect(await read(letter(reply('Content-Type: multipart/report; report-type=disposition-notification; boundary=x'), '70%'))).toEqual({ kind: 'ignored', why: 'automatic' });
  });

  test('with the thread it stands in', async () => {
    expect(await read(letter(reply('References: <a@x>', ' <b@x>', '\t<c@x>', ...utf8), '70%'))).toMatchObject({ mail: { references: ['<a@x>', '<b@x>', '<c@x>'] } });
  });

  test('to two of our addresses is an answer on each, in one order', async () => {
    const other = replyAddress(house, { about: 'HOP-2026-00002', who: WHO }) ?? '';
    const [from = '', to = '', id = ''] = reply();
    const found = await read(letter([from, to, `Cc: ${other}, ${TO.toUpperCase()}`, id, ...utf8], '70%'));
    expect(found).toMatchObject({ kind: 'reply', mail: { about: 'NV-2026-00012', messageId: '<r1@stc.example>' }, also: [{ about: 'HOP-2026-00002', text: '70%', messageId: `<r1@stc.example>/HOP-2026-00002/${WHO}` }] });
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
    ['that is a report', reply('Content-Type: multipart/report')],
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

  test('of a machine, with a token: nothing of it is noted, and no page is converted', async () => {
    const { letter: read, given } = await counted(letter(reply('Auto-Submitted: auto-replied', 'Content-Type: text/html'), deep));
    expect(read).toEqual({ kind: 'ignored', why: 'automatic' });
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

  const words = (headers: string[], text: string) => read(letter([`To: ${bounceAddress(house, 'assign:1')}`, ...headers, ...utf8], text));
  test.each([
    ['qmail', ['From: MAILER-DAEMON@x.example', 'Return-Path: <>'], 'Sorry, no mailbox here by that name. (#5.1.1)', '5.1.1'],
    ['an SMTP answer', ['From: postmaster@x.example'], 'host mx.x.example said: 550 5.7.1 refused', '5.7.1'],
    ['with its # behind the code', ['From: mail@x.example', 'Return-Path: <>'], '550-#5.1.10 RESOLVER.ADR', '5.1.10'],
    ['a line of its own', ['From: mail@x.example', 'Return-Path: <>'], 'failed\nStatus: 5.2.2\n', '5.2.2'],
  ])('the words of %s are read', async (_name, headers, text, status) => {
    expect(await words(headers, text)).toMatchObject({ kind: 'report', report: { action: 'failed', status } });
  });
  test.each([
    ['a vacation note', ['From: dat@stc.example', 'Return-Path: <>', 'Auto-Submitted: auto-replied'], '550 5.1.1'],
    ['a vacation note without a mark', ['From: dat@stc.example', 'Return-Path: <>', `Subject: =?utf-8?B?${Buffer.from('Trả lời tự động: x').toString('base64')}?=`], '(#5.1.1)'],
    ['a person', ['From: dat@stc.example', 'Return-Path: <dat@stc.example>'], '550 5.1.1'],
    ['a price', ['From: postmaster@x.example', 'Return-Path: <>'], 'lệ phí 5.000.000 đồng'],
    ['a room and an article', ['From: postmaster@x.example', 'Return-Path: <>'], 'Phòng 5.1.1. Article 5.1.2; 4.4.1'],
    ['a longer number', ['From: postmaster@x.example', 'Return-Path: <>'], '550 5.1.1.2 and 550 5.100.000'],
  ])('%s is no report', async (_name, headers, text) => {
    expect(await words(headers, text)).toEqual({ kind: 'ignored', why: 'no-report' });
  });

  test('to a made-up address is nothing', async () => {
    const forged = (bounceAddress(house, 'assign:1') ?? '').replace(/\.[a-z2-7]{13}@/, '.aaaaaaaaaaaaa@');
    expect(await read(back('5.1.1', dsn('failed', '5.1.1'), forged))).toMatchObject({ kind: 'ignored' });
  });
});
