import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import type { Lane } from '../../src/delivery/intent.js';
import { takeBackLapsed } from '../../src/delivery/outbox/claim.js';
import { drainOutbox } from '../../src/delivery/outbox/drain-outbox.js';
import { drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import type { TestClock } from '../support/test-clock.js';
import { testCtx } from '../support/test-ctx.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx('2026-11-19T03:00:00Z'));
});
afterEach(() => close());

const PEOPLE = 12;

/** One message to each of twelve people, all due now. */
async function due(lane: Lane): Promise<void> {
  for (let n = 0; n < PEOPLE; n++) {
    const person = await newPerson(ctx, `Người ${n}`, { chats: ['telegram'] });
    await enqueue(ctx, { key: `k${n}`, kind: 'note', lane, personId: String(person._id), data: { n }, asked: 'now' });
  }
}

/** A process whose timers stand still: `waits` resolves when somebody waits for their moment; `goOn` lets all timers fire. */
function standingStill(sender: ScriptedSender) {
  const timers: AbortController[] = [];
  let seen = (): void => {};
  const waits = new Promise<void>((resolve) => (seen = resolve));
  const timeout = (ms: number): AbortSignal => {
    const timer = new AbortController();
    timers.push(timer);
    if (ms <= 1_000) seen();
    return timer.signal;
  };
  const run = drainOutbox(ctx, { senders: [sender], renderers: plainRenderers, instance: 'A', policy: { quiet: null }, timeout });
  const goOn = async (): Promise<void> => {
    let over = false;
    void run.finally(() => (over = true));
    while (!over) {
      for (const timer of timers.splice(0)) timer.abort();
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance({ seconds: 1 });
    }
  };
  return { waits, goOn };
}

test.each<Lane>(['normal', 'digest'])('a process stands still while calls of lane %s wait for their moment: nobody was called, so all are sent, none as a repeat', async (lane) => {
  const [a, b] = [new ScriptedSender('telegram'), new ScriptedSender('telegram')];
  await due(lane);
  const process = standingStill(a);
  await process.waits;
  clock.advance({ seconds: 30 });
  await takeBackLapsed(ctx);
  for (let round = 0; round < 4; round++) {
    await drain(ctx, [b], { policy: { quiet: null } });
    clock.advance({ seconds: 2 });
  }
  await process.goOn();
  const sent = [...a.sent, ...b.sent];
  expect(sent.map(({ key }) => key).sort()).toEqual(Array.from({ length: PEOPLE }, (_, n) => `k${n}`).sort());
  for (const { text } of sent) expect(text).toMatch(/^Tin \d+$/);
});

test('the clock is set back: what a person was sent "in the future" does not keep the next message', async () => {
  const person = await newPerson(ctx, 'Người nhận', { chats: ['telegram'] });
  const telegram = new ScriptedSender('telegram');
  const plan = (key: string) => enqueue(ctx, { key, kind: 'note', lane: 'normal', personId: String(person._id), data: { n: 1 }, asked: 'by-day' });
  for (let n = 0; n < 6; n++) {
    await plan(`before${n}`);
    await drain(ctx, [telegram], { policy: { quiet: null } });
    clock.advance({ seconds: 10 });
  }
  clock.set(new Date(clock.now().getTime() - 3_600_000));
  await plan('after');
  await drain(ctx, [telegram], { policy: { quiet: null } });
  expect(telegram.sent.at(-1)?.key).toBe('after');
});
