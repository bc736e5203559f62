import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { createChatGate, MOST_A_MINUTE } from '../../src/inbox/chat-gate.js';
import { drainInbox } from '../../src/inbox/drain-inbox.js';
import type { InboundMessage } from '../../src/inbox/inbound.js';
import { mailHouse, replyAddress } from '../../src/mail/addresses.js';
import type { Person } from '../../src/people/person.model.js';
import { imapServer, mailEnv, postOffice } from '../support/mail.js';
import { province } from '../support/task-story.js';
import type { TestClock } from '../support/test-clock.js';
import { openWorld, type World } from '../support/world.js';

const N = 75;
const PAST_MINUTE = { minutes: 2 } as const;

async function seventyFiveTasks(world: World): Promise<void> {
  const tasks = Array.from({ length: N }, (_, i) => ({ content: `Việc ${i}`, leadAgencyCode: 'STC', dueOn: '2026-11-23' }));
  await world.api('POST', '/api/v1/directives', { symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-18', signer: 'H', summary: 'x', urgency: 'normal', tasks });
}
const reported = (world: World) => world.app.ctx.db.Task.countDocuments({ percent: 60 });

describe('after an outage', () => {
  test('seventy-five letters of one person wait in the mailbox: every one is reported, the last a minute later', async () => {
    const [post, box] = await Promise.all([postOffice(), imapServer()]);
    const world = await openWorld('2026-11-19T02:00:00Z', { ...mailEnv, SMTP_URL: `smtp://127.0.0.1:${post.port}?ignoreTLS=true`, IMAP_URL: `imap://testuser:testpass@127.0.0.1:${box.port}/INBOX` });
    try {
      await world.agency('STC', 'Sở Tài chính');
      const { body } = await world.api('POST', '/api/v1/people', { name: 'Lan', position: 'Giám đốc', agencyCode: 'STC', roles: ['leader'], email: 'lan@stc.example' });
      await seventyFiveTasks(world);
      const house = mailHouse(world.app.ctx.config);
      for (const { code } of await world.app.ctx.db.Task.find().sort({ code: 1 }).lean()) {
        const to = replyAddress(house, { about: code, who: `p:${(body as { id: string }).id}` });
        box.appendMessage('INBOX', [], false, ['From: lan@stc.example', `To: ${to}`, `Message-ID: <${code}@stc.example>`, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', '60% da hop voi cac don vi'].join('\r\n'));
      }
      await world.app.poll();
      await world.settle();
      expect([await world.app.ctx.db.Inbound.countDocuments({ channel: 'email' }), await reported(world)]).toEqual([N, MOST_A_MINUTE]);
      world.clock.advance(PAST_MINUTE);
      await world.settle();
      expect(await reported(world)).toBe(N);
    } finally {
      await world.close();
      await Promise.all([post.stop(), box.stop()]);
    }
  }, 120_000);

  test('Telegram brings seventy-five messages together that were written over two days: all are worked on at once, and answered', async () => {
    const world = await openWorld('2026-11-19T02:00:00Z');
    try {
      await world.agency('STC', 'Sở Tài chính');
      const lan = await world.person({ name: 'Lan', position: 'Giám đốc', agencyCode: 'STC', roles: ['leader'] }, 'telegram');
      await seventyFiveTasks(world);
      await world.settle();
      world.heard(lan);
      world.clock.advance({ hours: 60 });
      const start = Math.floor(world.clock.now().getTime() / 1000) - 50 * 3600;
      for (let i = 0; i < N; i++) {
        const message = { message_id: 700_000 + i, date: start + i * 2_400, chat: { id: Number(lan.userId), type: 'private' }, from: { id: Number(lan.userId), is_bot: false, first_name: 'L' }, text: `/capnhat NV-${i + 1} 60% đã họp các đơn vị` };
        const { statusCode } = await world.app.http.inject({ method: 'POST', url: '/webhooks/telegram', headers: { 'x-telegram-bot-api-secret-token': 'story-webhook-secret-1', 'content-type': 'application/json' }, payload: { update_id: 700_000 + i, message } });
        expect(statusCode).toBe(200);
      }
      await world.settle();
      expect(await reported(world)).toBe(N);
      // They leave at the pace of the channel.
      expect(await world.app.ctx.db.Delivery.countDocuments({ key: { $in: Array.from({ length: N }, (_, i) => `reply:telegram:${700_000 + i}`) } })).toBe(N);
      expect(await world.app.ctx.db.Delivery.countDocuments({ kind: 'answers-stopped' })).toBe(0);
    } finally {
      await world.close();
    }
  }, 120_000);
});

describe('the door of a chat', () => {
  let ctx: Ctx;
  let clock: TestClock;
  let close: () => Promise<void>;
  let nhi: Person;
  beforeEach(async () => {
    ({ ctx, clock, close, nhi } = await province('2026-11-20T01:00:00Z'));
  });
  afterEach(() => close());

  const said = (chatId: string, n: number, writtenAt?: Date): InboundMessage => ({ channel: 'telegram', messageId: `${chatId}-${n}`, chatId, senderId: chatId, kind: 'text', text: `tin ${n}`, ...(writtenAt ? { writtenAt } : {}) });
  const drained = async (seen: Map<string, number>, most: { worked: number }): Promise<void> => {
    most.worked = 0;
    await drainInbox(ctx, { instance: 'one', handle: async (_work, { messageId }) => {
      most.worked++;
      seen.set(messageId, (seen.get(messageId) ?? 0) + 1);
    } });
  };

  test('whatever the pattern of arrival, every message is worked on exactly once and in order', async () => {
    const step = fc.record({ chat: fc.constantFrom('a', 'b'), many: fc.integer({ min: 1, max: 90 }), later: fc.constantFrom(0, 1, 20, 59, 61, 600), age: fc.constantFrom<number | null>(null, 0, 30, 90, 86_400), drain: fc.boolean() });
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      await ctx.db.Inbound.deleteMany({});
      const gate = createChatGate(ctx);
      const seen = new Map<string, number>();
      const most = { worked: 0 };
      let n = 0;
      for (const { chat, many, later, age, drain } of steps) {
        clock.advance({ seconds: later });
        for (let i = 0; i < many; i++) {
          const message = said(chat, n++, age === null ? undefined : new Date(clock.now().getTime() - age * 1_000));
          expect(await gate.take(message)).toBe('new');
          if (i % 7 === 0) expect(await gate.take(message)).toBe('duplicate');
        }
        if (drain) await drained(seen, most);
      }
      for (let minute = 0; minute < 12 && seen.size < n; minute++) {
        clock.advance({ seconds: 61 });
        await drained(seen, most);
      }
      expect([seen.size, [...seen.values()].every((times) => times === 1)]).toEqual([n, true]);
      const order = (chat: string) => [...seen.keys()].filter((id) => id.startsWith(chat)).map((id) => Number(id.split('-')[1]));
      for (const chat of ['a', 'b']) expect(order(chat)).toEqual(order(chat).toSorted((x, y) => x - y));
    }), { numRuns: 12 });
  }, 120_000);

  test('a machine gone wild is worked on at sixty a minute, and others are not kept waiting', async () => {
    const gate = createChatGate(ctx);
    for (let i = 0; i < 200; i++) await gate.take(said('wild', i));
    await gate.take(said('calm', 0));
    const seen = new Map<string, number>();
    const worked: number[] = [];
    for (let minute = 0; minute < 4; minute++) {
      const most = { worked: 0 };
      await drained(seen, most);
      worked.push(most.worked);
      clock.advance({ seconds: 60 });
    }
    expect(worked).toEqual([61, 60, 60, 20]);
  });

  test('only above the bound of waiting messages is one refused, the Office told once a day; room again, and it is open', async () => {
    const gate = createChatGate(ctx, { mostWaiting: 100 });
    const took: string[] = [];
    for (let i = 0; i < 130; i++) took.push(await gate.take(said('wild', i)));
    expect([took.filter((one) => one === 'new').length, took.slice(100).every((one) => one === 'refused')]).toEqual([100, true]);
    expect(await gate.take(said('calm', 0))).toBe('new');
    expect(await ctx.db.Delivery.find({ kind: 'chat-full' }).lean()).toMatchObject([{ personId: nhi._id, data: { channel: 'telegram' } }]);
    const seen = new Map<string, number>();
    for (let minute = 0; minute < 3; minute++) {
      clock.advance({ seconds: 61 });
      await drained(seen, { worked: 0 });
    }
    expect([await gate.take(said('wild', 130)), await ctx.db.Delivery.countDocuments({ kind: 'chat-full' })]).toEqual(['new', 1]);
  });
});
