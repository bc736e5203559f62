import fc from 'fast-check';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { opened, postOffice, scriptedServer, senderTo, SMTP_PASSWORD, type Line, type Refusal } from '../support/mail.js';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of open.splice(0).reverse()) await stop();
});

async function office(refuse?: Refusal) {
  const post = await postOffice(refuse);
  open.push(post.stop);
  return { ...post, ...bench(post.port) };
}

async function scripted(script: readonly Line[]) {
  const server = await scriptedServer(script);
  open.push(server.stop);
  return { ...server, ...bench(server.port) };
}

function bench(port: number) {
  const sender = senderTo(port);
  open.push(sender.stop);
  return sender;
}

const HELLO = ['220 ready', '250 hello'] as const;
const UP_TO_TEXT = [...HELLO, '250 sender', '250 reader', '354 go on'] as const;
const message = { text: '🔔 Nhắc việc · NV-2026-00012\nHạn: thứ Ba 24/11/2026', thread: 'NV-2026-00012', buttons: [{ label: 'Chi tiết', command: '/chitiet NV-2026-00012' }] };

describe('accepted', () => {
  test('with the id of the delivery, and a repeat has the same', async () => {
    const { send, letters } = await office();
    const first = await send(message);
    expect(first).toMatchObject({ kind: 'accepted', providerId: expect.stringMatching(/^<[0-9a-f]{32}@laocai\.example>$/) });
    expect(await send(message)).toEqual(first);
    expect((await opened(letters[0])).messageId).toBe(first.kind === 'accepted' && first.providerId);
    expect(letters[0]?.to).toEqual(['demo11@laocai.example']);
  });

  test('a very long text arrives whole', async () => {
    const { send, letters } = await office();
    const text = `Dài\n${'Báo cáo tiến độ giải ngân từng dự án. '.repeat(8_000)}hết`;
    expect(await send(text)).toMatchObject({ kind: 'accepted' });
    expect((await opened(letters[0])).text).toContain('từng dự án. hết');
  });

  test('emoji and combining marks arrive as they were written, in subject, text and page', async () => {
    const { send, letters } = await office();
    const nfd = 'Đẩy nhanh giải ngân vốn'.normalize('NFD');
    expect(await send(`Khẩn 👨‍👩‍👧‍👦 ${nfd}\nnội dung 🏳️‍🌈 𝒳 ${nfd}`)).toMatchObject({ kind: 'accepted' });
    const mail = await opened(letters[0]);
    expect(mail.subject).toBe(`Khẩn 👨‍👩‍👧‍👦 ${nfd}`);
    expect(mail.text).toContain(`nội dung 🏳️‍🌈 𝒳 ${nfd}`);
    expect(mail.html).toContain(`nội dung 🏳️‍🌈 𝒳 ${nfd}`);
  });

  test('whatever the text, the letter has one reader and our own headers only', async () => {
    const { send, letters } = await office();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom('', '\r\nBcc: x@y.example', '\n.\r\nMAIL FROM:<x@y.example>\r\n', '\u0000\u0008'), async (text, trick) => {
        letters.length = 0;
        expect(await send({ text: `${trick}${text}`, subject: `${text}${trick}` })).toMatchObject({ kind: 'accepted' });
        const mail = await opened(letters[0]);
        expect(letters).toHaveLength(1);
        expect([mail.bcc, mail.cc, letters[0]?.to]).toEqual([undefined, undefined, ['demo11@laocai.example']]);
        expect(mail.from?.value[0]?.address).toBe('nhacviec@laocai.example');
      }),
      { numRuns: 60 },
    );
  });
});

describe('refused in words', () => {
  test.each<[Refusal, unknown]>([
    [{ code: 550, at: 'rcpt' }, { kind: 'unreachable', code: 'smtp-550', dead: true }],
    [{ code: 550, words: '5.1.1 no such user demo11', at: 'rcpt' }, { kind: 'unreachable', code: 'smtp-550-5.1.1', dead: true }],
    [{ code: 550, words: '5.2.1 mailbox disabled', at: 'rcpt' }, { kind: 'unreachable', code: 'smtp-550-5.2.1', dead: true }],
    [{ code: 550, words: '5.7.1 looks like spam', at: 'rcpt' }, { kind: 'unreachable', code: 'smtp-550-5.7.1' }],
    [{ code: 552, words: '5.2.2 mailbox full', at: 'rcpt' }, { kind: 'unreachable', code: 'smtp-552-5.2.2' }],
    [{ code: 451, at: 'rcpt' }, { kind: 'retry', code: 'smtp-451', maybeSent: false }],
    [{ code: 450, words: '4.7.1 greylisted, try again in 300 seconds', at: 'rcpt' }, { kind: 'retry', code: 'smtp-450', maybeSent: false, afterMs: 300_000 }],
    [{ code: 450, words: 'please retry after 5 minutes', at: 'rcpt' }, { kind: 'retry', code: 'smtp-450', maybeSent: false, afterMs: 300_000 }],
    [{ code: 421, words: '4.3.2 too many connections', at: 'mail' }, { kind: 'retry', code: 'smtp-421', maybeSent: false, pauseChannel: true, afterMs: 60_000 }],
    [{ code: 421, words: 'come back in 90 s', at: 'rcpt' }, { kind: 'retry', code: 'smtp-421', maybeSent: false, pauseChannel: true, afterMs: 90_000 }],
    [{ code: 550, words: '5.7.1 sender not allowed', at: 'mail' }, { kind: 'rejected', code: 'smtp-550' }],
    [{ code: 530, words: '5.7.0 sign in first', at: 'mail' }, { kind: 'rejected', code: 'smtp-530' }],
    [{ code: 554, at: 'data' }, { kind: 'unreachable', code: 'smtp-554' }],
    [{ code: 452, at: 'data' }, { kind: 'retry', code: 'smtp-452', maybeSent: false }],
  ])('%o', async (refuse, outcome) => {
    expect(await (await office(refuse)).send(message)).toEqual(outcome);
  });

  test('an address that cannot be one goes to the next channel', async () => {
    const { send, letters } = await office();
    expect(await send(message, { to: 'không phải địa chỉ' })).toMatchObject({ kind: 'unreachable' });
    expect(letters).toEqual([]);
  });
});

describe('silence and broken connections: only after the whole text nobody knows', () => {
  const before: [string, readonly Line[]][] = [
    ['no greeting', ['hang']],
    ['reset instead of a greeting', ['reset']],
    ['reset at EHLO', ['220 ready', 'reset']],
    ['hang at EHLO', ['220 ready', 'hang']],
    ['reset at MAIL FROM', [...HELLO, 'reset']],
    ['hang at RCPT TO', [...HELLO, '250 sender', 'hang']],
    ['reset at DATA', [...HELLO, '250 sender', '250 reader', 'reset']],
    ['hang at DATA', [...HELLO, '250 sender', '250 reader', 'hang']],
    ['a page instead of a greeting', ['HTTP/1.1 400 Bad Request', 'hang']],
    ['nonsense at MAIL FROM', [...HELLO, '\u0000\u0001 ???', 'hang']],
    ['421 as greeting', ['421 busy', 'hang']],
  ];
  test.each(before)('%s: not sent', async (_name, script) => {
    const { send, heard } = await scripted(script);
    expect(await send(message, { signal: AbortSignal.timeout(300) })).toMatchObject({ kind: 'retry', maybeSent: false });
    expect(heard).not.toContain('<text>');
  });

  test.each<[string, readonly Line[]]>([
    ['hang behind the text', [...UP_TO_TEXT, 'hang']],
    ['reset behind the text', [...UP_TO_TEXT, 'reset']],
    ['nonsense behind the text', [...UP_TO_TEXT, 'thank you', 'hang']],
  ])('%s: nobody knows', async (_name, script) => {
    const { send, heard } = await scripted(script);
    expect(await send(message, { signal: AbortSignal.timeout(300) })).toMatchObject({ kind: 'retry', maybeSent: true });
    expect(heard.filter((line) => line === '<text>')).toHaveLength(1);
  });

  test('a refusal behind the text is a clear no, with or without an end of line', async () => {
    const { send } = await scripted([...UP_TO_TEXT, '554 5.7.1 no']);
    expect(await send(message)).toEqual({ kind: 'unreachable', code: 'smtp-554-5.7.1' });
  });

  test('nobody listens: nothing was sent, try again', async () => {
    const { port, stop } = await postOffice();
    await stop();
    expect(await bench(port).send(message)).toMatchObject({ kind: 'retry', maybeSent: false });
  });

  test('after its signal nothing is sent any more, though the server wakes up', async () => {
    const { send, heard } = await scripted([...HELLO, '250 sender', 'hang']);
    expect(await send(message, { signal: AbortSignal.abort() })).toMatchObject({ kind: 'retry', maybeSent: false });
    expect(await send(message, { signal: AbortSignal.timeout(100) })).toMatchObject({ kind: 'retry', maybeSent: false });
    expect(heard.filter((line) => line.startsWith('DATA'))).toEqual([]);
  });
});

test('a wrong password stops the channel; neither it nor the server\'s words are in the outcome', async () => {
  const post = await postOffice({ code: 535, words: `5.7.8 wrong: ${SMTP_PASSWORD}`, at: 'auth' });
  open.push(post.stop);
  const sender = senderTo(post.port, { login: `nhacviec:${SMTP_PASSWORD}@` });
  open.push(sender.stop);
  const outcome = await sender.send(message);
  expect(outcome).toEqual({ kind: 'rejected', code: 'smtp-535' });
  expect(inspect(outcome)).not.toContain(SMTP_PASSWORD);
});
