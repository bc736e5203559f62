import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../../src/app.js';
import { readConfig } from '../../../src/config.js';
import type { Ctx } from '../../../src/context.js';
import { callMeeting } from '../../../src/meetings/call-meeting.js';
import { furnish } from './embedded.js';
import { percentile, progress, type Result } from './shared.js';
import { sinkNow, startSink, type Sink } from './sink.js';

const LIMIT = 30;
/** An urgent meeting is called so often while the reminders leave. */
const URGENT_EVERY_MS = 2_000;

/**
 * Real time, the whole house: everybody's reminder is due in the same minute at a provider that takes thirty a second, and
 * urgent meetings are called meanwhile. How long it takes against the limit's own time, how many calls are refused, and how
 * long after its commit an urgent message is asked for at the provider.
 */
export async function herd(people = 10_000): Promise<Result[]> {
  const sink = await startSink(LIMIT);
  const dir = mkdtempSync(join(tmpdir(), 'nhac-viec-herd-'));
  const config = readConfig({
    NODE_ENV: 'test', LOG_LEVEL: process.env['BENCH_LOG'] ?? 'silent', QUIET_HOURS: 'off', PORT: '0', DATA_DIR: dir, ADMIN_EMAIL: 'qt@x.invalid', ADMIN_PASSWORD: 'mat-khau-dai',
    TELEGRAM_BOT_TOKEN: '7026112026:chi-dung-de-do-tren-may-nay-thoi-nhe', TELEGRAM_API_ROOT: sink.url,
  });
  const app = await createApp(config, { admin: false });
  try {
    const ids = await furnish(app.ctx, people + 1);
    await app.listen();
    const [urgentId = '', ...others] = ids;
    const start = performance.now();
    await planReplies(app.ctx, others);
    const delays = await urgentMeanwhile(app.ctx, sink, { personId: urgentId, people });
    const seconds = (performance.now() - start) / 1_000;
    // What the provider took, the urgent ones among it, at its own limit.
    const own = sink.taken / LIMIT;
    delays.sort((a, b) => a - b);
    const [over, refused, p50, p99] = [(seconds / own - 1) * 100, (sink.refused / (sink.taken + sink.refused)) * 1_000, percentile(delays, 0.5), percentile(delays, 0.99)];
    return [
      { what: `herd of ${people} at ${LIMIT}/s`, figures: { seconds, overPercent: over, refusedPerThousand: refused }, met: over <= 5 && refused <= 1, target: '<= 5 % over, <= 1 refused per 1,000' },
      { what: 'urgent, from commit to the call, in that herd', figures: { p50, p99, count: delays.length }, met: p50 <= 150 && p99 <= 1_000, target: 'p50 <= 150 ms, p99 <= 1 s' },
    ];
  } finally {
    await app.close();
    await sink.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Test messages of the back office: the one kind that needs no facts behind it. */
async function planReplies(ctx: Ctx, people: readonly string[]): Promise<void> {
  const { enqueueAll } = await import('../../../src/delivery/enqueue.js');
  for (let from = 0; from < people.length; from += 500) {
    await enqueueAll(ctx, people.slice(from, from + 500).map((personId, i) => ({ key: `herd:${from + i}`, kind: 'channel-test', lane: 'normal' as const, personId, data: { channel: 'telegram', n: from + i }, asked: 'now' as const })));
  }
}

/** Calls urgent meetings until the herd is through; milliseconds from the end of each call to the provider being asked. */
async function urgentMeanwhile(ctx: Ctx, sink: Sink, { personId, people }: { personId: string; people: number }): Promise<number[]> {
  const delays: number[] = [];
  for (let n = 0; sink.taken < people; n++) {
    const startsAt = new Date(ctx.clock.now().getTime() + 3_600_000);
    const { code } = await callMeeting({ ...ctx, cause: `bench:${n}` }, { kind: 'api', name: 'VP' }, { title: `Họp khẩn ${n}`, kind: 'urgent', startsAt, place: 'Phòng họp', attendeeIds: [personId] });
    const committed = sinkNow();
    ctx.wake('alerts');
    const calledAt = await asked(sink, code);
    delays.push(calledAt - committed);
    progress('herd with urgent meetings', sink.taken, people);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, URGENT_EVERY_MS - (sinkNow() - committed))));
  }
  return delays;
}

/** When the provider was first asked to send something with this code in it. */
async function asked(sink: Sink, code: string): Promise<number> {
  for (;;) {
    for (const [text, at] of sink.calledAt) if (text.includes(code)) return at;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
