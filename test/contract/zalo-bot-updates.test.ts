import { fastify, type FastifyInstance } from 'fastify';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { zaloBotBench } from '../support/zalo-bot.js';

const LAN = 'a6f0c2d94b1e87350f2d';
const SECRET = 'story-webhook-secret-2';
let bench: Awaited<ReturnType<typeof zaloBotBench>>;
afterEach(() => bench.close());

describe('polling', () => {
  test('one update per call, stored before the next is asked for, in order', async () => {
    bench = await zaloBotBench();
    const order: string[] = [];
    const asked = () => bench.bot.network.calls().filter((call) => call.method === 'getUpdates').length;
    const channel = bench.channelWith({}, { receive: async (message) => void order.push(`${message.text} after ${asked()}`) });
    for (const text of ['một', 'hai', 'ba']) await bench.bot.network.say(LAN, text);
    await channel.start?.();
    await bench.bot.settled();
    expect(order).toEqual(['một after 1', 'hai after 2', 'ba after 3']);
    await expect.poll(() => channel.health()).toEqual({ state: 'ok' });
    await channel.stop?.();
  });

  test('nobody writes: the channel is well as soon as the server has answered, not only when the long poll ends', async () => {
    bench = await zaloBotBench();
    expect(bench.channel.health()).toMatchObject({ state: 'failing' });
    await bench.channel.start?.();
    await expect.poll(() => bench.channel.health(), { timeout: 5_000 }).toEqual({ state: 'ok' });
  });

  test('a database that fails for a while loses nothing: the platform would not give it again', async () => {
    bench = await zaloBotBench();
    let down = 3;
    const stored: string[] = [];
    const channel = bench.channelWith({}, {
      receive: async (message) => {
        if (down-- > 0) throw new Error('database down');
        stored.push(message.text ?? '');
      },
    });
    await bench.bot.network.say(LAN, '/nhiemvu');
    await bench.bot.network.say(LAN, '/trogiup');
    await channel.start?.();
    await bench.bot.settled();
    expect(stored).toEqual(['/nhiemvu', '/trogiup']);
    await channel.stop?.();
  });

  test('an earlier webhook is taken away first; who we are is remembered, and a month nearly used up is told', async () => {
    bench = await zaloBotBench();
    await fetch(`${bench.bot.apiRoot}/bot${bench.bot.token}/setWebhook`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ url: 'http://127.0.0.1:9/', secret_token: 'x'.repeat(20) }) });
    await bench.ctx.db.State.create({ _id: 'zalo-bot:month:2026-11', value: { sent: 2_800 }, updatedAt: bench.clock.now() });
    await bench.channel.start?.();
    await expect.poll(() => bench.bot.webhook()).toBeUndefined();
    void bench.bot.network.say(LAN, 'chào');
    await expect.poll(() => bench.inbox.map((m) => m.text)).toEqual(['chào']);
    await expect.poll(() => bench.channel.health()).toEqual({ state: 'ok', problem: 'Zalo Bot: 2.800/3.000 tin trong tháng 11/2026, 0/50 người.' });
    await expect.poll(async () => (await bench.ctx.db.State.findById('zalo-bot:me').lean())?.value).toEqual({ id: '2026112026', name: 'bot.minhhoa' });
  });

  test('nonsense and what does not concern us is passed over', async () => {
    bench = await zaloBotBench();
    await bench.channel.start?.();
    await bench.bot.sayInGroup('g1', LAN, 'chào cả nhà');
    await bench.bot.sayInGroup('g1', LAN, '/nhiemvu');
    await bench.bot.network.attach(LAN, { name: 'a.jpg', type: 'image/jpeg', bytes: new Uint8Array(3), caption: 'sạt lở' });
    await bench.bot.settled();
    expect(bench.inbox.map((m) => [m.kind, m.text, m.group])).toEqual([['text', '/nhiemvu', true], ['attachment', 'sạt lở', undefined]]);
  });
});

describe('webhook', () => {
  let http: FastifyInstance;
  const open = async (door: Parameters<typeof bench.channelWith>[1] = {}) => {
    http = fastify();
    const address = await http.listen({ host: '127.0.0.1', port: 0 }).then(async (url) => {
      await http.close();
      return new URL(url);
    });
    bench = await zaloBotBench({ ZALO_BOT_UPDATES: 'webhook', ZALO_BOT_WEBHOOK_SECRET: SECRET, PUBLIC_URL: address.origin });
    http = fastify();
    const channel = bench.channelWith({}, door);
    await channel.routes?.(http);
    await http.listen({ host: '127.0.0.1', port: Number(address.port) });
    await channel.start?.();
    await expect.poll(() => bench.bot.webhook()).toBe(`${address.origin}/webhooks/zalo-bot`);
    return channel;
  };
  const close = async (channel: { stop?(): Promise<void> }) => {
    await channel.stop?.();
    await http.close();
  };
  const post = (body: string, secret?: string) =>
    http.inject({ method: 'POST', url: '/webhooks/zalo-bot', payload: body, headers: { 'content-type': 'application/json', ...(secret === undefined ? {} : { 'x-bot-api-secret-token': secret }) } });

  test('set by itself; both shapes of the body come through, once each and in order', async () => {
    const channel = await open();
    for (const text of ['một', 'hai', 'ba']) await bench.bot.network.say(LAN, text);
    expect(bench.inbox.map((m) => m.text)).toEqual(['một', 'hai', 'ba']);
    await expect.poll(() => channel.health()).toEqual({ state: 'ok' });
    await close(channel);
  });

  test('without the secret nothing is read: 401; not stored: 500 and it comes again', async () => {
    let down = 1;
    const stored: string[] = [];
    const channel = await open({
      receive: async (message) => {
        if (down-- > 0) throw new Error('database down');
        stored.push(message.text ?? '');
      },
    });
    const body = JSON.stringify({ event_name: 'message.text.received', message: { from: { id: 'x' }, chat: { id: 'x' }, message_id: 'm', text: '/nhiemvu' } });
    for (const secret of [undefined, '', 'wrong', `${SECRET} `]) expect((await post(body, secret)).statusCode).toBe(401);
    expect(stored).toEqual([]);
    await bench.bot.network.say(LAN, 'thử');
    await bench.bot.settled();
    expect(stored).toEqual(['thử']);
    await close(channel);
  });

  test('1,000 random bodies with the secret: answered 200, no crash; without: 401 and nothing stored', async () => {
    const channel = await open();
    const body = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.object().map((result) => JSON.stringify({ ok: true, result })));
    await fc.assert(fc.asyncProperty(body, fc.boolean(), async (text, known) => (await post(text, known ? SECRET : 'guess')).statusCode === (known ? 200 : 401)), { numRuns: 1_000 });
    expect(bench.inbox).toEqual([]);
    await close(channel);
  });
});
