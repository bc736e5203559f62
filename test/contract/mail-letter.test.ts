import ICAL from 'ical.js';
import type { ParsedMail } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replyAddress, threadIdOf } from '../../src/mail/addresses.js';
import type { Message } from '../../src/texts/message.js';
import { house, opened, postOffice, senderTo, type Bench, type Taken } from '../support/mail.js';

/** What leaves, as independent readers (mailparser, ical.js) understand it behind an independent server (smtp-server). */
const READER = { who: 'p:0123456789abcdef01234567', name: 'Hoàng Văn Dật' };
const TO = 'dat@stc.laocai.example';
let post: { port: number; letters: Taken[]; stop(): Promise<void> };
let bench: Bench;
beforeAll(async () => {
  post = await postOffice();
  bench = senderTo(post.port, { now: new Date('2026-11-20T01:00:00Z') });
});
afterAll(async () => {
  bench.stop();
  await post.stop();
});

async function letterOf(message: Message, options: { key?: string; reader?: typeof READER | null } = {}): Promise<ParsedMail & { raw: string; envelopeFrom: string }> {
  post.letters.length = 0;
  const outcome = await bench.send(message, { to: TO, reader: READER, ...options });
  if (outcome.kind !== 'accepted') throw new Error(outcome.code);
  const taken = post.letters[0];
  return Object.assign(await opened(taken), { raw: taken?.raw ?? '', envelopeFrom: taken?.from ?? '' });
}

const reminder: Message = {
  text: '🔔 Nhắc việc · NV-2026-00012\nHạn: thứ Ba 24/11/2026 (còn 1 ngày làm việc)\nBáo cáo <b>giải ngân</b> & "nợ đọng" </td><script>alert(1)</script>\n- dự án 1\n- dự án 2',
  thread: 'NV-2026-00012',
  buttons: [{ label: 'Cập nhật', command: '/capnhat NV-2026-00012' }, { label: 'Chi tiết', command: '/chitiet NV-2026-00012' }, { label: 'Mở hệ thống', url: 'https://nhacviec.laocai.example/a?b=1&c="2"' }, { label: 'Lừa', url: 'javascript:alert(1)' }],
};

describe('a reminder', () => {
  test('says in its subject what it is about, and keeps all its words in text and page', async () => {
    const mail = await letterOf(reminder);
    expect(mail.subject).toBe('[NV-2026-00012] Nhắc việc');
    expect(mail.text).toContain(reminder.text);
    expect(mail.text).toContain('Mở hệ thống: https://nhacviec.laocai.example/a?b=1&c="2"');
    expect(mail.text).toContain('Có thể trả lời ngay thư này');
    for (const words of ['Hạn: thứ Ba 24/11/2026', '- dự án 2', 'Cập nhật', 'Mở hệ thống']) expect(mail.html).toContain(words);
  });

  test('is one page without anything to run or to fetch, whatever the words', async () => {
    const { html } = await letterOf(reminder);
    expect(html).toContain('Báo cáo &lt;b&gt;giải ngân&lt;/b&gt; &amp; &quot;nợ đọng&quot; &lt;/td&gt;&lt;script&gt;');
    expect(html).not.toMatch(/<script|javascript:|<img|<link|url\(|@import|\son\w+=/i);
    expect(html).not.toContain('Lừa');
  });

  test('its buttons open a page, or begin the answer to the reply address', async () => {
    const { html, replyTo } = await letterOf(reminder);
    const address = replyAddress(house, { about: 'NV-2026-00012', who: READER.who }) ?? '';
    expect(replyTo?.value[0]?.address).toBe(address);
    const hrefs = [...String(html).matchAll(/href="([^"]*)"/g)].map(([, href]) => href?.replaceAll('&amp;', '&').replaceAll('&quot;', '"') ?? '');
    expect(hrefs).toContain('https://nhacviec.laocai.example/a?b=1&c="2"');
    const mailto = hrefs.filter((href) => href.startsWith('mailto:')).map((href) => new URL(href));
    expect(mailto.map((url) => decodeURIComponent(url.pathname))).toEqual([address, address]);
    expect(mailto.map((url) => url.searchParams.get('body'))).toEqual(['% ', '/chitiet NV-2026-00012 ']);
    expect(mailto[0]?.searchParams.get('subject')).toBe('Re: [NV-2026-00012] Nhắc việc');
  });

  test('stands in the thread of its matter: one per matter and reader, and no letter has its id', async () => {
    const first = await letterOf(reminder, { key: 'k1' });
    const second = await letterOf({ ...reminder, text: '⚠️ Quá hạn · NV-2026-00012' }, { key: 'k2' });
    const other = await letterOf({ ...reminder, thread: 'NV-2026-00013' }, { key: 'k3' });
    const root = threadIdOf(house, 'NV-2026-00012', TO);
    expect([first.inReplyTo, first.references, second.inReplyTo]).toEqual([root, root, root]);
    expect(other.inReplyTo).not.toBe(root);
    expect([first.messageId, second.messageId]).not.toContain(root);
    expect(first.messageId).not.toBe(second.messageId);
  });

  test('is known as written by a machine, and its failure comes back to an address of its own', async () => {
    const first = await letterOf(reminder, { key: 'k1' });
    const second = await letterOf(reminder, { key: 'k2' });
    expect(first.headers.get('auto-submitted')).toBe('auto-generated');
    expect(first.headers.get('x-auto-response-suppress')).toBe('All');
    expect(first.raw).toMatch(/^List-Id: .*<nhac-viec\.laocai\.example>/im);
    expect(first.envelopeFrom).toMatch(/^bounce\+[0-9a-f]{32}\.[a-z2-7]{13}@laocai\.example$/);
    expect(second.envelopeFrom).not.toBe(first.envelopeFrom);
    expect(first.from?.value[0]).toEqual({ address: 'nhacviec@laocai.example', name: 'Nhắc Việc' });
  });

  test('to nobody in particular has no reply address and says so', async () => {
    const mail = await letterOf(reminder, { reader: null });
    expect(mail.replyTo).toBeUndefined();
    expect(mail.text).toContain('thư trả lời không được đọc');
    expect(mail.html).not.toContain('mailto:');
  });
});

test.each<[Message, string]>([
  [{ text: '🔴 HỎA TỐC · Họp HOP-2026-00031\n16:00', thread: 'HOP-2026-00031' }, '[HOP-2026-00031] HỎA TỐC · Họp'],
  [{ text: '✅ Báo cáo tiến độ · NV-2026-00012: 70%', thread: 'NV-2026-00012' }, '[NV-2026-00012] Báo cáo tiến độ: 70%'],
  [{ text: '🔔 Kính gửi đồng chí: có việc mới, đề nghị đồng chí đăng nhập hệ thống Nhắc Việc để xem.', subject: 'Có việc mới' }, 'Có việc mới'],
  [{ text: '⚠️ Mất liên lạc qua Zalo\nx' }, 'Mất liên lạc qua Zalo'],
  [{ text: '' }, 'Nhắc Việc'],
])('subject of %o', async (message, subject) => {
  expect((await letterOf(message)).subject).toBe(subject);
});

test('files go along whole', async () => {
  const content = new Uint8Array(Buffer.from('%PDF-1.7 nội dung'));
  const mail = await letterOf({ ...reminder, attachments: [{ name: 'Giấy mời số 31.pdf', contentType: 'application/pdf', content }] });
  expect(mail.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([['Giấy mời số 31.pdf', 'application/pdf']]);
  expect(mail.attachments[0]?.content.equals(Buffer.from(content))).toBe(true);
});

describe('an invitation', () => {
  const startsAt = new Date('2026-11-23T09:00:00Z');
  const entry = { method: 'REQUEST', uid: 'HOP-2026-00031.0123456789abcdef01234567@nhac-viec', sequence: 1, title: 'HỎA TỐC: Ứng phó mưa lớn; đê, kè\nvà sạt lở', startsAt, place: 'Phòng họp tầng 3, trụ sở UBND tỉnh' } as const;
  const invitation: Message = { text: '🔴 HỎA TỐC · Họp HOP-2026-00031\n16:00 hôm nay', thread: 'HOP-2026-00031', calendar: entry };
  const partOf = async (message: Message) => {
    const mail = await letterOf(message);
    const part = mail.attachments.find(({ contentType }) => contentType === 'text/calendar');
    const attached = mail.attachments.find(({ contentType }) => contentType === 'application/ics');
    expect(attached?.content.toString('utf8').trim()).toBe(part?.content.toString('utf8').trim());
    const calendar = new ICAL.Component(ICAL.parse(part?.content.toString('utf8') ?? '') as never);
    const component = calendar.getFirstSubcomponent('vevent');
    if (!component) throw new Error('no event');
    return { mail, calendar, component, event: new ICAL.Event(component) };
  };

  test('is a REQUEST that calendars understand: when, where, who, in Vietnamese time', async () => {
    const { mail, calendar, component, event } = await partOf(invitation);
    expect(mail.raw).toMatch(/content-type: text\/calendar; charset=utf-8; method=REQUEST/i);
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST');
    expect([event.uid, event.sequence, event.summary, event.location]).toEqual([entry.uid, 1, entry.title, entry.place]);
    const zone = new ICAL.Timezone(calendar.getFirstSubcomponent('vtimezone') as never);
    expect([zone.tzid, component.getFirstProperty('dtstart')?.getParameter('tzid')]).toEqual(['Asia/Ho_Chi_Minh', 'Asia/Ho_Chi_Minh']);
    expect(event.startDate.toString()).toBe('2026-11-23T16:00:00');
    expect(event.startDate.convertToZone(zone).toJSDate()).toEqual(startsAt);
    expect(event.endDate.toString()).toBe('2026-11-23T17:00:00');
    expect(component.getFirstPropertyValue('dtstamp')?.toString()).toBe('2026-11-20T01:00:00Z');
    expect(component.getFirstPropertyValue('status')).toBe('CONFIRMED');
  });

  test('asks its reader for an answer, to the reply address', async () => {
    const { component, event } = await partOf(invitation);
    const [attendee] = event.attendees;
    expect(String(attendee?.getFirstValue()).toLowerCase()).toBe(`mailto:${TO}`);
    expect([attendee?.getParameter('rsvp'), attendee?.getParameter('partstat'), attendee?.getParameter('cn')]).toEqual(['TRUE', 'NEEDS-ACTION', 'Hoàng Văn Dật']);
    expect(component.getFirstPropertyValue('organizer')).toBe(`mailto:${replyAddress(house, { about: 'HOP-2026-00031', who: READER.who })}`);
  });

  test('a change has the same uid and a higher sequence, a cancellation takes it away', async () => {
    const moved = await partOf({ ...invitation, calendar: { ...entry, sequence: 2, startsAt: new Date('2026-11-25T01:30:00Z') } });
    expect([moved.event.uid, moved.event.sequence, moved.event.startDate.toString()]).toEqual([entry.uid, 2, '2026-11-25T08:30:00']);
    const gone = await partOf({ ...invitation, calendar: { ...entry, sequence: 3, method: 'CANCEL' } });
    expect(gone.mail.raw).toMatch(/content-type: text\/calendar; charset=utf-8; method=CANCEL/i);
    expect([gone.event.uid, gone.event.sequence, gone.calendar.getFirstPropertyValue('method'), gone.component.getFirstPropertyValue('status')]).toEqual([entry.uid, 3, 'CANCEL', 'CANCELLED']);
  });
});
