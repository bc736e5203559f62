import { fastify, type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startMailStandIn, type MailStandIn } from '../../src/demo/providers/mail.js';
import { handIn } from '../../src/demo/providers/mail/smtp-client.js';
import { registerSimulator } from '../../src/demo/simulator/register.js';
import { systemRandom } from '../../src/kernel/random.js';
import { Mailbox } from '../../src/mail/mailbox.js';
import { readLetter, type Letter } from '../../src/mail/read-letter.js';
import { createMailSender, createTransport } from '../../src/mail/sender.js';
import type { Message } from '../../src/texts/message.js';
import { house } from '../support/mail.js';
import { letters } from '../support/mail-samples.js';
import { TestClock } from '../support/test-clock.js';

/** The mailboxes of the simulator between the product's own sender and its own reading of answers. */
const READER = { who: 'p:0123456789abcdef01234567', name: 'Hoàng Văn Dật' };
const DAT = { id: 'P11', name: 'Hoàng Văn Dật', position: 'Giám đốc', group: 'Sở Tài chính', address: 'demo11@laocai.invalid' };
const STC = { id: 'STC', name: 'Sở Tài chính', position: '', group: 'Hộp thư cơ quan', address: 'vanthu.stc@laocai.invalid' };
const clock = new TestClock('2026-11-23T01:00:00Z');
let provider: MailStandIn;
let http: FastifyInstance;
let box: Mailbox;
let transport: ReturnType<typeof createTransport>;
let heard: Letter[];
let sent = 0;

beforeEach(async () => {
  provider = await startMailStandIn({ clock });
  http = fastify({ ajv: { customOptions: { coerceTypes: false } } });
  await registerSimulator(http, [], () => ({ people: [], first: { left: { person: 'P11', channel: 'zalo' }, right: { person: 'P11', channel: 'zalo' } } }), { mail: { provider, boxes: [DAT, STC], first: 'P11' } });
  transport = createTransport(provider.smtpUrl);
  heard = [];
  box = new Mailbox({ url: provider.imapUrl, log: pino({ level: 'silent' }), random: systemRandom, report: () => {}, take: async (source, place) => void heard.push(await readLetter(house, source, place)) });
});
afterEach(async () => {
  transport.close();
  await box.close();
  await http.close();
  await provider.stop();
});

const send = async (message: Message, to = DAT.address): Promise<void> => {
  const sender = createMailSender({ transport, house, now: () => clock.now(), readerOf: async () => READER, takeOne: async () => null, noticed: () => {} });
  expect(await sender.send(to, message, { key: `k${sent++}`, signal: AbortSignal.timeout(5_000) })).toMatchObject({ kind: 'accepted' });
};
const sample = (name: string): Message => letters[name] ?? { text: name };
const get = (path: string) => http.inject(`/simulator/mailboxes${path}`);
const post = (path: string, payload: object) => http.inject({ method: 'POST', url: `/simulator/mailboxes${path}`, payload });
const answered = async (): Promise<Extract<Letter, { kind: 'reply' }>['mail']> => {
  await box.takeIn();
  const [letter] = heard.splice(0);
  if (letter?.kind !== 'reply') throw new Error(`no answer came: ${letter?.kind}`);
  return letter.mail;
};

test('a letter lies in its reader\'s mailbox as it was sent: page, text, file; opened, it counts as read', async () => {
  await send(sample('kèm tài liệu'));
  await send(sample('bản của cơ quan'), STC.address);
  expect((await get('')).json<{ boxes: object[] }>().boxes).toMatchObject([{ id: 'P11', unopened: 1 }, { id: 'STC', unopened: 1 }]);
  expect((await get('/P11')).json()).toMatchObject([{ number: 1, subject: '[NV-2026-00012] Tài liệu kèm nhiệm vụ', preview: 'Văn bản 5127/UBND-KT, thứ Hai 16/11/2026.', unopened: true, sent: false, files: 1, invitation: false }]);
  const letter = (await get('/P11/letters/1')).json<{ text: string; html?: string }>();
  expect(letter).toMatchObject({ hasPage: true, from: { name: 'Nhắc Việc' }, attachments: [{ name: 'Công văn 5127-UBND-KT.pdf', type: 'application/pdf', size: 8 }] });
  expect(letter.html).toBeUndefined();
  expect((await get('')).json<{ boxes: object[] }>().boxes).toMatchObject([{ unopened: 0 }, { unopened: 1 }]);
  const page = await get('/P11/letters/1/page');
  expect(page.body).toMatch(/^<!doctype html><html lang="vi">/);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.headers['content-security-policy']).not.toContain('allow-scripts');
  const file = await get('/P11/letters/1/files/0');
  expect([file.body, file.headers['content-type'], file.headers['x-content-type-options']]).toEqual(['%PDF-1.7', 'application/pdf', 'nosniff']);
});

test('what is answered leaves by SMTP and is read by IMAP as the reader meant it, with its file', async () => {
  await send(sample('nhắc việc'));
  const file = { name: 'Bảng kê số 1.pdf', type: 'application/pdf', data: Buffer.from('%PDF-1.7 bảng').toString('base64') };
  expect((await post('/P11/letters/1/reply', { text: '70% đã họp với các chủ đầu tư\n.dòng có dấu chấm', file })).statusCode).toBe(200);
  const mail = await answered();
  expect(mail).toMatchObject({ text: '70% đã họp với các chủ đầu tư\n.dòng có dấu chấm', about: 'NV-2026-00012', chatId: READER.who, senderId: DAT.address, attachments: [{ name: 'Bảng kê số 1.pdf' }] });
  expect(mail.replyTo).toBe((await provider.lettersOf(DAT.address))[0]?.id);
  expect((await get('/P11')).json()).toMatchObject([{ sent: true, preview: '70% đã họp với các chủ đầu tư', files: 1 }, { sent: false }]);
});

test.each([['ACCEPTED', 'attending'], ['DECLINED', 'absent']] as const)('an invitation shows its facts, and the calendar answers %s', async (answer, meant) => {
  await send(sample('mời họp'));
  expect((await get('/P11/letters/1')).json()).toMatchObject({ attachments: [], invitation: { method: 'REQUEST', title: 'Ứng phó mưa lớn, nguy cơ lũ quét, sạt lở đất trên địa bàn các xã vùng cao', place: 'Phòng họp tầng 3, trụ sở UBND tỉnh', startsAt: '2026-11-23T09:00:00.000Z' } });
  expect((await get('/P11/letters/1/invitation.ics')).body).toContain('METHOD:REQUEST');
  expect((await post('/P11/letters/1/respond', { answer, comment: 'đi công tác, cử đồng chí Phó Giám đốc; đã báo Văn phòng, và chuẩn bị tài liệu đầy đủ' })).statusCode).toBe(200);
  expect(await answered()).toMatchObject({ text: '', about: 'HOP-2026-00031', calendar: { uid: 'HOP-2026-00031.1@nhac-viec', sequence: 1, answer: meant, note: 'đi công tác, cử đồng chí Phó Giám đốc; đã báo Văn phòng, và chuẩn bị tài liệu đầy đủ' } });
});

test('nothing can be done with what is not there: strangers\' letters, cancelled meetings, letters without an invitation', async () => {
  await send(sample('hủy họp'));
  await send(sample('nhắc việc'));
  expect((await get('/P99')).statusCode).toBe(404);
  expect((await get('/STC/letters/1')).statusCode).toBe(404);
  expect((await get('/P11/letters/x')).statusCode).toBe(400);
  expect((await get('/P11/letters/1/files/0')).statusCode).toBe(409);
  expect((await get('/P11/letters/1')).json()).toMatchObject({ invitation: { method: 'CANCEL' } });
  for (const number of [1, 2]) expect((await post(`/P11/letters/${number}/respond`, { answer: 'ACCEPTED' })).statusCode).toBe(409);
  expect(provider.unread()).toBe(0);
});

test('an open page hears that a mailbox has changed', async () => {
  const address = await http.listen({ host: '127.0.0.1', port: 0 });
  const stream = (await fetch(`${address}/simulator/events`)).body?.getReader();
  await stream?.read();
  await send(sample('nhắc việc'));
  expect(Buffer.from((await stream?.read())?.value ?? []).toString()).toBe('data: {"person":"P11","channel":"email"}\n\n');
  await stream?.cancel();
});

test('the provider lets a reader write from their own address only, and nobody with a wrong password', async () => {
  const port = Number(new URL(provider.smtpUrl).port);
  const letter = { from: 'ke-gian@outside.example', to: ['tra-loi+0.x@laocai.example'], raw: 'Subject: x\r\n\r\nx' };
  await expect(handIn(port, { user: DAT.address, password: 'mat-khau-nguoi-doc' }, letter)).rejects.toThrow('553 5.7.1');
  await expect(handIn(port, { user: DAT.address, password: 'sai' }, letter)).rejects.toThrow('535 5.7.8');
});
