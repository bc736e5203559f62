import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chatOf, codeFor } from '../support/chat-story.js';
import { province } from '../support/task-story.js';

describe('linking a chat', () => {
  let home: Awaited<ReturnType<typeof province>>;
  let chat: ReturnType<typeof chatOf>;

  beforeEach(async () => {
    home = await province('2026-11-23T01:00:00Z');
    chat = chatOf(home.ctx, '5001');
  });
  afterEach(() => home.close());

  const owner = async () => (await home.ctx.db.ChatLink.findOne({ chatId: '5001' }).lean())?.personId.toString();

  test.each(['/start CODE', '/lienket CODE', '#lienket CODE', '／liên kết CODE', '  /LIENKET@nhacviec_bot  CODE', '/Liên Kết CODE'.normalize('NFD')])('%s', async (form) => {
    const answer = await chat.say(form.replace('CODE', await codeFor(home.ctx, home.dat)));
    expect(answer).toContain('Đã liên kết');
    expect(answer).toContain('đồng chí Hoàng Văn Dật, Giám đốc Sở Tài chính');
    expect(await owner()).toBe(home.dat._id.toString());
  });

  test('a wrong code: the right form; three wrong ones: the code is not looked at any more', async () => {
    const code = await codeFor(home.ctx, home.dat);
    for (const wrong of ['AAAA2222', 'BBBB3333', 'CCCC4444']) expect(await chat.say(`/lienket ${wrong}`)).toContain('Gõ: /lienket MÃ');
    expect(await chat.say(`/lienket ${code}`)).toContain('3 lần');
    home.clock.advance({ minutes: 10 });
    expect(await chat.say(`/lienket ${await codeFor(home.ctx, home.dat)}`)).toContain('Đã liên kết');
  });

  test('a success is answered even after all the other answers of the hour', async () => {
    for (const text of ['/start', '/lienket', '/trogiup', '/start', '/start']) expect(await chat.say(text)).toBeDefined();
    expect(await chat.say('/start')).toBeUndefined();
    expect(await chat.say(`/start ${await codeFor(home.ctx, home.dat)}`)).toContain('Đã liên kết');
  });

  test('/start without a code offers the contact button; one\'s own registered number links, somebody else\'s does not', async () => {
    await home.ctx.db.Person.updateOne({ _id: home.dat._id }, { $set: { phone: '84912345678' } });
    await chat.tell({ text: '/start', messageId: 'm1' });
    expect((await chat.replyTo('m1'))?.data).toMatchObject({ askContact: true });
    expect(await chat.tell({ kind: 'contact', contact: { phone: '+84912345678', ownerId: '6666' } })).toContain('không phải của chính tài khoản này');
    expect(await chat.tell({ kind: 'contact', contact: { phone: '+84912345678' } })).toContain('không phải của chính tài khoản này');
    expect(await owner()).toBeUndefined();
    expect(await chat.tell({ kind: 'contact', contact: { phone: '+84912345678', ownerId: '5001' } })).toContain('Đã liên kết');
    expect(await owner()).toBe(home.dat._id.toString());
  });

  test('worked on twice after a crash: the same link, one answer', async () => {
    const text = `/start ${await codeFor(home.ctx, home.dat)}`;
    expect(await chat.tell({ text, messageId: 'm1' })).toContain('Đã liên kết');
    await home.ctx.db.Delivery.deleteMany({});
    expect(await chat.tell({ text, messageId: 'm1' })).toContain('Đã liên kết');
    expect(await chat.tell({ text, messageId: 'm1' })).toContain('Đã liên kết');
    expect(await home.ctx.db.Delivery.countDocuments()).toBe(1);
  });

  test('unlinking, also twice for the same message; afterwards this chat is nobody\'s', async () => {
    await chat.say(`/start ${await codeFor(home.ctx, home.dat)}`);
    expect(await chat.say('/start')).toContain('đang liên kết với đồng chí Hoàng Văn Dật');
    expect(await chat.tell({ text: '/hủy liên kết có', messageId: 'm9' })).toContain('Đã hủy liên kết với đồng chí Hoàng Văn Dật');
    await home.ctx.db.Delivery.deleteMany({});
    expect(await chat.tell({ text: '/hủy liên kết có', messageId: 'm9' })).toContain('Đã hủy liên kết');
    expect(await owner()).toBeUndefined();
    expect(await chat.say('/huylienket')).toContain('chưa liên kết với ai');
  });
});

describe('chats that are nobody\'s', () => {
  let home: Awaited<ReturnType<typeof province>>;
  beforeEach(async () => void (home = await province('2026-11-23T01:00:00Z')));
  afterEach(() => home.close());

  test('whatever they say, one kind explanation in ten minutes, and nothing about anybody', async () => {
    const chat = chatOf(home.ctx, '7001');
    const answer = await chat.say('/chitiet NV-2026-00001');
    expect(answer).toContain('chưa liên kết');
    expect(answer).not.toContain('NV-2026');
    for (const text of ['alo', '/capnhat NV-2026-00001 100%', '👍', '']) expect(await chat.say(text)).toBeUndefined();
    expect(await chat.tell({ kind: 'attachment', attachments: [{ kind: 'image' }] })).toBeUndefined();
    home.clock.advance({ minutes: 10 });
    expect(await chat.say('alo')).toContain('chưa liên kết');
  });

  test('a machine that answers every answer hears five in an hour', async () => {
    const chat = chatOf(home.ctx, '7001');
    let heard = 0;
    for (let minute = 0; minute < 60; minute++) {
      if (await chat.say('Tôi đang bận, sẽ trả lời sau.')) heard++;
      home.clock.advance({ minutes: 1 });
    }
    expect(heard).toBe(5);
  });

  test('groups are told once that only private chats are served, and nobody is linked there', async () => {
    const chat = chatOf(home.ctx, '-100123');
    const code = await codeFor(home.ctx, home.dat);
    expect(await chat.tell({ kind: 'follow', group: true, senderId: '5001' })).toContain('trò chuyện riêng');
    expect(await chat.tell({ text: `/lienket ${code}`, group: true, senderId: '5001' })).toBeUndefined();
    expect(await home.ctx.db.ChatLink.countDocuments()).toBe(0);
  });
});
