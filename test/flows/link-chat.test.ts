import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import type { ChatChannel } from '../../src/kernel/channels.js';
import type { Actor } from '../../src/people/actor.js';
import { issueLinkCode } from '../../src/people/links/issue-link-code.js';
import { linkChat, linkChatByContact } from '../../src/people/links/link-chat.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { registerPerson } from '../../src/people/register-person.js';
import { unlinkChat } from '../../src/people/links/unlink-chat.js';
import { findByChat, setAwaiting, touchChat } from '../../src/people/links/who-is.js';
import type { TestClock } from '../support/test-clock.js';
import { testCtx } from '../support/test-ctx.js';

const office: Actor = { kind: 'account', accountId: 'a', name: 'Văn phòng', role: 'office', agencyCode: null, personId: null };
let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let message = 0;
let lan: string;
let minh: string;

/** Every message of a chat is a cause of its own. */
const next = (): Ctx => because(ctx, `telegram:${++message}`);
const person = async (name: string, phone: string) =>
  (await registerPerson(next(), office, { name, position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'], phone }))._id.toString();
const codeFor = async (personId: string) => (await issueLinkCode(next(), office, { personId })).code;
const link = (chatId: string, code: string, channel: ChatChannel = 'telegram', own = next()) => linkChat(own, { channel, chatId, senderId: chatId, code });
const share = (chatId: string, phone: string, ownerId?: string) => linkChatByContact(next(), { channel: 'telegram', chatId, senderId: chatId, phone, ...(ownerId ? { ownerId } : {}) });
const failing = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', (error: { code?: string }) => error.code ?? String(error));
const whoIs = async (chatId: string, channel: ChatChannel = 'telegram') => (await findByChat(ctx, channel, chatId))?.person.name ?? null;

beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx());
  await registerAgency(next(), office, { code: 'STC', name: 'Sở Tài chính', type: 'department' });
  lan = await person('Đỗ Thị Lan', '0000000011');
  minh = await person('Hà Minh', '0912345678');
});
afterEach(() => close());

describe('by a one-time code', () => {
  test('the right code ties the chat, small letters and spaces do not matter, and works once', async () => {
    const code = await codeFor(lan);
    await link('700', ` ${code.slice(0, 4).toLowerCase()} ${code.slice(4)} `);
    expect(await whoIs('700')).toBe('Đỗ Thị Lan');
    expect(await failing(link('701', code))).toBe('link-code-wrong');
    expect(await whoIs('701')).toBeNull();
  });

  test('a code lives ten minutes', async () => {
    const code = await codeFor(lan);
    clock.advance({ minutes: 10 });
    expect(await failing(link('700', code))).toBe('link-code-wrong');
  });

  test('a new code ends the older one of the same person only', async () => {
    const [first, other, second] = [await codeFor(lan), await codeFor(minh), await codeFor(lan)];
    expect(await failing(link('700', first))).toBe('link-code-wrong');
    await link('700', second);
    await link('701', other);
    expect([await whoIs('700'), await whoIs('701')]).toEqual(['Đỗ Thị Lan', 'Hà Minh']);
  });

  test('three wrong codes close this chat for ten minutes, others stay open', async () => {
    const code = await codeFor(lan);
    for (const wrong of ['AAAA2222', 'BBBB3333', 'CCCC4444']) expect(await failing(link('700', wrong))).toBe('link-code-wrong');
    expect(await failing(link('700', code))).toBe('link-code-blocked');
    clock.advance({ minutes: 9, seconds: 59 });
    expect(await failing(link('700', code))).toBe('link-code-blocked');
    clock.advance({ seconds: 1 });
    await link('700', await codeFor(lan));
    expect(await whoIs('700')).toBe('Đỗ Thị Lan');
    await link('701', await codeFor(minh));
  });

  test('many guesses at once: at most three are looked at', async () => {
    const outcomes = await Promise.all(Array.from({ length: 12 }, (_, i) => failing(link('700', `GUESS${i}`))));
    expect(outcomes.filter((outcome) => outcome === 'link-code-wrong').length).toBeLessThanOrEqual(3);
    expect(await failing(link('700', await codeFor(lan)))).toBe('link-code-blocked');
  });

  test('the same message worked on twice is one try and one link', async () => {
    const again = next();
    for (let run = 0; run < 5; run++) expect(await failing(link('700', 'WRONG222', 'telegram', again))).toBe('link-code-wrong');
    const code = await codeFor(lan);
    const twice = next();
    await link('700', code, 'telegram', twice);
    expect((await link('700', code, 'telegram', twice)).name).toBe('Đỗ Thị Lan');
    expect(await ctx.db.AuditEntry.countDocuments({ action: 'chat.link' })).toBe(1);
  });

  test('one chat per person and channel: linking again moves it', async () => {
    await link('700', await codeFor(lan));
    await link('z1', await codeFor(lan), 'zalo');
    await link('702', await codeFor(lan));
    expect([await whoIs('700'), await whoIs('702'), await whoIs('z1', 'zalo')]).toEqual([null, 'Đỗ Thị Lan', 'Đỗ Thị Lan']);
    await link('702', await codeFor(lan));
    expect(await ctx.db.ChatLink.countDocuments()).toBe(2);
  });

  test('a chat of somebody else is not taken over; the code stays good for elsewhere', async () => {
    await link('700', await codeFor(lan));
    const code = await codeFor(minh);
    expect(await failing(link('700', code))).toBe('chat-taken');
    await link('701', code);
    expect([await whoIs('700'), await whoIs('701')]).toEqual(['Đỗ Thị Lan', 'Hà Minh']);
  });
});

describe('by the own contact', () => {
  test('the sender\'s own number ties the chat, however it is written', async () => {
    expect((await share('800', '+84912345678', '800')).name).toBe('Hà Minh');
    expect((await share('801', '84000000011', '801')).name).toBe('Đỗ Thị Lan');
  });

  test('another person\'s contact, a typed-in one, an unknown or a shared number are refused kindly', async () => {
    expect(await failing(share('800', '0912345678', '999'))).toBe('contact-not-own');
    expect(await failing(share('800', '0912345678'))).toBe('contact-not-own');
    expect(await failing(share('800', '0987654321', '800'))).toBe('contact-unknown');
    await person('Người Trùng Số', '0912345678');
    expect(await failing(share('800', '0912345678', '800'))).toBe('contact-unknown');
    expect(await whoIs('800')).toBeNull();
  });

  test('someone who left does not come back by phone', async () => {
    await ctx.db.Person.updateOne({ _id: minh }, { $set: { active: false } });
    expect(await failing(share('800', '0912345678', '800'))).toBe('contact-unknown');
  });
});

describe('afterwards', () => {
  test('unlinking says whose chat it was, also when the message is worked on twice', async () => {
    await link('700', await codeFor(lan));
    const own = next();
    expect((await unlinkChat(own, { channel: 'telegram', chatId: '700' }))?.name).toBe('Đỗ Thị Lan');
    expect((await unlinkChat(own, { channel: 'telegram', chatId: '700' }))?.name).toBe('Đỗ Thị Lan');
    expect(await unlinkChat(next(), { channel: 'telegram', chatId: '700' })).toBeNull();
    expect(await whoIs('700')).toBeNull();
  });

  test('writing revives a dead chat and renews its time; what we wait for is kept', async () => {
    await link('700', await codeFor(lan));
    await ctx.db.ChatLink.updateOne({ chatId: '700' }, { $set: { deadAt: clock.now(), deadReason: 'blocked' } });
    clock.advance({ hours: 5 });
    await touchChat(ctx, 'telegram', '700');
    const found = await findByChat(ctx, 'telegram', '700');
    expect(found?.link).toMatchObject({ deadAt: null, lastInboundAt: clock.now() });
    expect(found?.link.deadReason).toBeUndefined();
    const awaiting = { kind: 'progress' as const, taskCode: 'NV-2026-00012', until: clock.now() };
    if (found) await setAwaiting(ctx, found.link, awaiting);
    expect((await findByChat(ctx, 'telegram', '700'))?.link.awaiting).toEqual(awaiting);
  });

  test('a person no longer active is nobody in chat', async () => {
    await link('700', await codeFor(lan));
    await ctx.db.Person.updateOne({ _id: lan }, { $set: { active: false } });
    expect(await whoIs('700')).toBeNull();
    expect(await failing(codeFor(lan))).toBe('person-unknown');
  });
});
